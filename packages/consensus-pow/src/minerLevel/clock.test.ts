import { createStream, toMs, type Time } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createClock } from './clock.ts'
import { completeOptions, type HashRateChange } from './options.ts'

const shares = [1, 3]

/** When the first block is found, µs: always with the same draw; undefined where nobody mines. */
function firstFind(difficulty: number, ...hashRateChanges: HashRateChange[]): Time | undefined {
  const stream = (purpose: string) => createStream({ seed: 'clock', replication: 0, purpose })
  const options = completeOptions({ shares, blocks: 1, hashRateChanges })
  const clock = createClock(options, stream('interval'), stream('finder'))
  return clock.advance(difficulty) ? clock.now : undefined
}

const plain = firstFind(1)!
/** An instant, as a part of the time that the block takes without changes. */
const after = (part: number): number => toMs(Math.round(plain * part))

const expectAt = (found: Time | undefined, part: number): void =>
  expect(Math.abs(found! - plain * part)).toBeLessThan(3)

test('twice the difficulty takes twice as long', () => {
  expectAt(firstFind(2), 2)
})

test('after a change, what is left of the work is done at the new rate', () => {
  expectAt(firstFind(1, { atMs: after(0.5), factor: 2 }), 0.75)
  expectAt(firstFind(1, { atMs: after(0.5), factor: 0.25 }), 0.5 + 0.5 * 4)
  expectAt(firstFind(1, { atMs: after(2), factor: 9 }), 1)
})

test('a change of one miner counts by its share', () => {
  // From 4 parts to 1 + 3 / 3.
  expectAt(firstFind(1, { atMs: after(0.5), factor: 1 / 3, miner: 1 }), 0.5 + 0.5 * 2)
})

test('changes are made in the order of their times, and multiply', () => {
  const slower = { atMs: after(0.5), factor: 0.5 }
  const faster = { atMs: after(1), factor: 4 }
  // Half, a quarter at half the rate, and a quarter at twice the rate.
  expectAt(firstFind(1, slower, faster), 1.125)
  expectAt(firstFind(1, faster, slower), 1.125)
})

test('without hash rate nothing is found, until somebody mines again', () => {
  const off = { atMs: after(0.5), factor: 0, miner: 1 }
  expectAt(firstFind(1, off), 0.5 + 0.5 * 4)
  const all = { atMs: after(0.5), factor: 0 }
  expect(firstFind(1, all)).toBeUndefined()
  expect(firstFind(1, all, { atMs: after(2), factor: 2 })).toBeUndefined()
})
