import { emptyBlocks, type Executor } from '@counterpoise/consensus'
import { minutes, seconds, toSeconds } from '@counterpoise/engine'
import { type BlockId, type BlockStore, genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { staleShare } from './closedForms.ts'
import { reorganisationDepth, staleShareOf } from './measures.ts'
import { createMiners, equalWeights, type Miners, runBlocks } from './testing.ts'

/** The block of most work, the first one of equals. */
function heaviest(blocks: BlockStore): BlockId {
  let best = genesis
  for (let block = 1; block < blocks.size(); block++) {
    if (blocks.totalWork(block) > blocks.totalWork(best)) best = block
  }
  return best
}

/**
 * Each height of the chain is a renewal: the first block, then Poisson(LD) rivals until everybody
 * knows of it, then Exp(1/L) until the next one. Compares stale share and growth with the closed
 * forms; the tolerance holds 99 %, by the delta method.
 */
function expectRenewals({ simulation, blocks }: Miners, blocksPerDelay: number): void {
  const head = heaviest(blocks)
  const heights = blocks.height(head)
  const share = staleShareOf(blocks, head)
  const tolerance = (2.576 * Math.sqrt(blocksPerDelay / heights)) / (1 + blocksPerDelay) ** 2
  expect(Math.abs(share - staleShare(blocksPerDelay))).toBeLessThan(tolerance)
  const perHeight = toSeconds(simulation.now()) / heights
  const expected = 600 * (1 + blocksPerDelay)
  expect(Math.abs(perHeight - expected)).toBeLessThan((2.576 * 600) / Math.sqrt(heights))
}

describe('many small miners, everybody hears after the same time', () => {
  // 200 miners: one who builds on its own block at once is rarer than the tolerance shows.
  test.each([0.1, 0.5, 1])('stale share and growth at L·D = %f', (blocksPerDelay) => {
    const delay = seconds(600 * blocksPerDelay)
    const parameters = { retarget: 'none' } as const
    const miners = createMiners({ weights: equalWeights(200), delay, parameters })
    runBlocks(miners, 4_000)
    expectRenewals(miners, blocksPerDelay)
  })

  test('time to check a block counts like time on the way', () => {
    const executor = (blocks: BlockStore): Executor => ({
      ...emptyBlocks(blocks),
      validate: () => seconds(200),
    })
    const parameters = { retarget: 'none' } as const
    const weights = equalWeights(100)
    const miners = createMiners({ weights, delay: seconds(100), parameters, executor })
    runBlocks(miners, 3_000)
    expectRenewals(miners, 0.5)
  })
})

describe('two miners of the same strength, far apart', () => {
  const delay = minutes(5)
  const miners = createMiners({ weights: equalWeights(2), delay, parameters: { retarget: 'none' } })
  const { cluster, blocks } = miners
  const depths: number[] = []
  let ties = 0
  cluster.observe({
    headChanged: (_node, head, previous) => {
      depths.push(reorganisationDepth(blocks, previous, head))
      // A head is left for more work only: of equals, the first one seen stays.
      if (blocks.totalWork(head) <= blocks.totalWork(previous)) ties++
    },
  })
  runBlocks(miners, 2_000)

  test('heads change for more work only', () => {
    expect(ties).toBe(0)
  })

  test('there are reorganisations, deep ones rarer than shallow ones', () => {
    const count = (depth: number): number => depths.filter((each) => each === depth).length
    expect(count(0)).toBeGreaterThan(count(1))
    expect(count(1)).toBeGreaterThan(count(2))
    expect(count(2)).toBeGreaterThan(0)
  })

  test('nothing is reported as final', () => {
    expect(cluster.finalised(0)).toBe(genesis)
  })
})

test('measures of a tree', () => {
  const { blocks } = createMiners({ weights: [1] })
  expect(staleShareOf(blocks, genesis)).toBe(0)
  const append = (parent: BlockId): BlockId =>
    blocks.append({ parent, proposer: 0, time: 0, round: 0 })
  const one = append(genesis)
  const other = append(genesis)
  const left = append(one)
  const right = append(append(other))
  expect(staleShareOf(blocks, right)).toBe(2 / 5)
  expect(reorganisationDepth(blocks, left, right)).toBe(2)
  expect(reorganisationDepth(blocks, one, left)).toBe(0)
})
