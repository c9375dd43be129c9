import { createStream } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { creditBlocks, drawSyncCommittee, syncRewards } from './blockRewards.ts'
import { totalBalance } from './registry.ts'
import { createBeaconState } from './validatorGroup.ts'

const streamOf = (seed = 'rewards') => createStream({ seed, replication: 0, purpose: 'blocks' })

/** Validators of 32 ETH in so many groups of equal size. */
const createState = (groups: number, count = 1_000) =>
  createBeaconState({
    groups: Array.from({ length: groups }, (_, k) => ({ entity: `group ${k}`, count })),
    start: 'running',
  })

test('a sync committee has 512 seats for 256 epochs, in each of which it is the same', () => {
  const state = createState(16)
  const { registry } = state
  const stream = streamOf()
  const seatsIn = (epoch: number): number[] => {
    state.epoch = epoch
    drawSyncCommittee(state, stream)
    return [...registry.seats.subarray(0, registry.size)]
  }
  const [first, ...others] = [8, 9, 255, 256, 257, 511, 512].map(seatsIn)
  expect(first!.reduce((sum, seats) => sum + seats, 0)).toBe(512)
  // Sixteen groups: 32 seats each, and at most five deviations of 5.5 more or fewer.
  for (const seats of first!) expect(Math.abs(seats - 32)).toBeLessThan(28)
  const [second, third] = [others[2]!, others[5]!]
  expect(others).toEqual([first, first, second, second, second, third])
  expect(new Set([first, second, third].map(String)).size).toBe(3)
  for (const seats of [second, third]) expect(seats.reduce((sum, each) => sum + each)).toBe(512)
})

test('a proposer that is up for a half of the time makes a half of what it could', () => {
  const state = createState(1)
  let missed = 0
  const stream = streamOf()
  for (let epoch = 0; epoch < 100; epoch++) {
    missed += creditBlocks(state, { stream, share: () => 0.5, missedSlotProbability: 0.4 })
  }
  // Of 3,200 slots 0.5 · 0.6 have a block; a deviation is 26.
  expect(Math.abs(3_200 - missed - 960)).toBeLessThan(130)
})

test('seats are paid, or pay, for slots with a block alone', () => {
  const state = createState(1)
  const stream = streamOf()
  drawSyncCommittee(state, stream)
  const before = totalBalance(state.registry)
  const missed = creditBlocks(state, { stream, share: () => 1, missedSlotProbability: 0.5 })
  expect(missed).toBeGreaterThan(0)
  // Nobody has voted, so that all seats are down.
  const lost = Number(before - totalBalance(state.registry))
  expect(lost).toBe(512 * (32 - missed) * syncRewards(state).participant)
})
