import { createStream } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { RecentBlocks } from './recentBlocks.ts'
import { createSettlement } from './settlement.ts'
import { createTally } from './tally.ts'
import { createTips } from './tips.ts'

test('the clock runs for the lowest difficulty that somebody may work at', () => {
  const longest = 5
  const blocks = new RecentBlocks(2, (_from, _to, released) => released + longest)
  const side = new Uint8Array(2)
  const settlement = createSettlement(blocks, createTally(2, 1, []), side)
  const tieStream = createStream({ seed: 'tips', replication: 0, purpose: 'tie' })
  const tips = createTips({
    ...{ blocks, settlement, side, longest, tieStream },
    ...{ held: () => [], gamma: undefined },
  })
  blocks.difficulties[0] = 1
  /** A block of a miner, and the difficulty of what stands on it; then that of the clock. */
  const after = (parent: number, finder: number, time: number, difficulty: number): number => {
    const block = blocks.append(parent, finder, time, time)
    blocks.works[block] = blocks.works[parent]! + blocks.difficulties[parent]!
    blocks.difficulties[block] = difficulty
    tips.added(block, time)
    return tips.difficulty()
  }
  // The other miner has not heard of it and goes on at 1.
  expect(after(0, 0, 10, 2)).toBe(1)
  expect(after(0, 1, 12, 0.5)).toBe(0.5)
  // Miner 1 follows its own branch while it is no lighter.
  expect([0, 1].map((miner) => tips.headOf(miner, 20))).toEqual([1, 2])
  expect(after(1, 0, 21, 2)).toBe(0.5)
  expect([25, 26].map((now) => tips.headOf(1, now))).toEqual([2, 3])
})
