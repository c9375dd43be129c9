import { type BlockHeader, emptyBlocks } from '@counterpoise/consensus'
import { minutes } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { chainBlocksByMiner } from '../measures.ts'
import { createMiners, type Miners, runBlocks } from '../testing.ts'
import type { attackSchema } from './attackParameters.ts'

type Attack = z.input<typeof attackSchema>

/** Four miners that together have ten parts of the hash rate, and one node without any. */
function run(attacks: Attack[], omitted: BlockHeader['omits'][] = []): Miners {
  const miners = createMiners({
    ...{ weights: [4, 1, 3, 2, 0], delay: minutes(2) },
    parameters: { retarget: 'none', attacks },
    executor: (blocks) => {
      const empty = emptyBlocks(blocks)
      return {
        ...empty,
        build: (parent, header, proposer, now) => {
          if (proposer === 0) omitted.push(header.omits)
          return empty.build(parent, header, proposer, now)
        },
      }
    },
  })
  runBlocks(miners, 300)
  return miners
}

test('each attack tells what its miners put in and got out, by kind and place', () => {
  const { attacks, blocks, cluster } = run([
    { kind: 'empty-blocks', miners: [0] },
    { kind: 'censorship', miners: [1], accounts: [1] },
    { kind: 'empty-blocks', miners: [2, 1] },
    { kind: 'empty-blocks', miners: [3] },
  ])
  const head = cluster.head(4)
  const figures = attacks!.figures(head)
  const inChain = chainBlocksByMiner(blocks, head, 5)
  const made = Array.from({ length: blocks.size() - 1 }, (_, k) => blocks.proposer(k + 1))
  const expected = (hash: number, ...miners: number[]) => {
    const own = miners.reduce((sum, miner) => sum + inChain[miner]!, 0)
    return {
      hash_share: expect.closeTo(hash, 12),
      found: made.filter((miner) => miners.includes(miner)).length,
      in_chain: own,
      revenue_share: expect.closeTo(own / blocks.height(head), 12),
    }
  }
  expect(blocks.height(head)).toBeLessThan(300)
  // Between the blocks of those who do not take part: miners 0, 2 and 3 beside miner 1.
  const heights = Array.from({ length: blocks.height(head) }, (_, k) => k + 1)
  const times = heights
    .map((height) => blocks.ancestorAt(head, height))
    .filter((block) => blocks.proposer(block) !== 1)
    .map((block) => blocks.time(block))
  const interval = (times.at(-1)! - times[0]!) / (times.length - 1) / 1_000
  expect(figures['censorship']!['inclusion_interval_ms']).toBeCloseTo(interval, 6)
  expect(Object.keys(figures)).toHaveLength(4)
  expect(figures).toMatchObject({
    'empty-blocks': expected(0.4, 0),
    censorship: expected(0.1, 1),
    'empty-blocks-2': expected(0.4, 1, 2),
    'empty-blocks-3': expected(0.2, 3),
  })
})

test('behavior: of two attacks of a miner the earlier one has the last word', () => {
  const empty: Attack = { kind: 'empty-blocks', miners: [0] }
  const censored: Attack = { kind: 'censorship', miners: [0], accounts: [7] }
  const omittedBy = (...attacks: Attack[]): BlockHeader['omits'][] => {
    const omitted: BlockHeader['omits'][] = []
    run(attacks, omitted)
    expect(omitted.length).toBeGreaterThan(50)
    return omitted
  }
  for (const each of omittedBy(empty, censored)) expect(each).toBe('everything')
  for (const each of omittedBy(censored, empty)) expect(each).toEqual(new Set([7]))
})
