import { describe, expect, test } from 'vitest'
import { nakamotoParameters } from './parameters.ts'
import { rewardsOf, subsidyAt } from './rewards.ts'
import { createWorkChain } from './testing.ts'

const withSubsidy = (subsidy: object) => nakamotoParameters.parse({ subsidy })

describe('the subsidy', () => {
  const bitcoin = withSubsidy({ initial: 5_000_000_000, fromHeight: 0 })

  test.each([
    [1, 5_000_000_000],
    [209_999, 5_000_000_000],
    [210_000, 2_500_000_000],
    [419_999, 2_500_000_000],
    [420_000, 1_250_000_000],
    [840_000, 312_500_000],
    // The first halving that leaves a fraction of a satoshi: 9,765,625 / 2.
    [2_100_000, 4_882_812],
    [6_930_000 - 1, 1],
    [6_930_000, 0],
    [210_000 * 100, 0],
  ])('of Bitcoin at height %i: %i satoshi', (height, amount) => {
    expect(subsidyAt(bitcoin, height)).toBe(amount)
  })

  test('all that is ever paid: 20,999,999.9769 BTC', () => {
    let sum = 0
    for (let era = 0; era < 34; era++) sum += 210_000 * subsidyAt(bitcoin, era * 210_000)
    expect(sum).toBe(2_099_999_997_690_000)
  })

  test('today: 3.125 BTC until 90,000 blocks from the start, then half of it', () => {
    const now = withSubsidy({})
    expect(subsidyAt(now, 1)).toBe(312_500_000)
    expect(subsidyAt(now, 89_999)).toBe(312_500_000)
    expect(subsidyAt(now, 90_000)).toBe(156_250_000)
  })
})

describe('what a chain pays', () => {
  /** Heights 1 to 8 by miner 0; stale blocks of miners 1 and 2, named at 1 to 6 below. */
  const chain = createWorkChain()
  const { blocks, add } = chain
  for (let parent = 0; parent < 3; parent++) add(parent, parent + 1)
  const low = add(1, 10, { miner: 1 })
  const high = add(2, 11, { miner: 2 })
  let head = add(3, 12, { miner: 3, uncles: [high] })
  for (let height = 5; height <= 8; height++) {
    head = add(head, 10 + height, height === 8 ? { miner: 4, uncles: [low] } : {})
  }

  test('Ethereum: an eighth less to an uncle for each generation, 1/32 to who names it', () => {
    const uncles = withSubsidy({ initial: 3_200, halvingBlocks: 1e9, uncles: true })
    const paid = rewardsOf(uncles, blocks, head, 5)
    // Six blocks of miner 0; miners 3 and 4 made one each and name one each.
    expect([...paid.blocks]).toEqual([6 * 3_200, 0, 0, 3_300, 3_300])
    // `low` stands 6 below the block at height 8, `high` 1 below the one at height 4.
    expect([...paid.uncles]).toEqual([0, (3_200 * 2) / 8, (3_200 * 7) / 8, 0, 0])
  })

  test('elsewhere, a stale block gets nothing', () => {
    const paid = rewardsOf(withSubsidy({ initial: 3_200 }), blocks, head, 5)
    expect([...paid.blocks]).toEqual([6 * 3_200, 0, 0, 3_200, 3_200])
    expect([...paid.uncles]).toEqual([0, 0, 0, 0, 0])
  })

  test('a halving on the way, and a chain that ends below', () => {
    const halving = withSubsidy({ initial: 1_000, halvingBlocks: 10, fromHeight: 7 })
    // Heights 7 + 1 and 7 + 2 are in the first era, 7 + 3 in the second.
    expect(rewardsOf(halving, blocks, 3, 5).blocks[0]).toBe(1_000 + 1_000 + 500)
    expect(rewardsOf(halving, blocks, 2, 5).blocks[0]).toBe(2_000)
  })
})
