import { createStream, exponential } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createSpreadTally, spreadLevels } from './spreadTally.ts'

const spread = { origin: 0, at: 1_000, bytes: 1, reached: 0, lastAt: 0 }

test('default: exact quantiles of few arrivals, without the maker and who never got it', () => {
  const tally = createSpreadTally()
  expect(tally.record()).toBeUndefined()
  tally.add(spread, Float64Array.of(1_000, 3_000, 5_000, 4_000, Infinity))
  tally.add(spread, Float64Array.of(1_000, Infinity, Infinity, 11_000, Infinity))
  const record = tally.record()!
  expect(record).toMatchObject({ blocks: 2, arrivals: 4, mean: (2 + 4 + 3 + 10) / 4 })
  const median = spreadLevels.indexOf(0.5)
  expect(record.quantiles[median]).toBe(3.5)
  // Per block 3 and 10 ms.
  expect(record.blockQuantiles[median]).toBe(6.5)
  // Per node 2 and 4 ms, and the mean of 3 and 10; the fifth never got one.
  expect(record.nodeQuantiles[median]).toBe(4)
  expect(record.nodeQuantiles[spreadLevels.indexOf(0.25)]).toBe(3)
})

test('default: of many arrivals, quantiles within 0.2 %', () => {
  const tally = createSpreadTally()
  const stream = createStream({ seed: 'tally', replication: 0, purpose: 'delays' })
  const all: number[] = []
  for (let block = 0; block < 300; block++) {
    const arrived = Float64Array.from({ length: 1_000 }, (_, node) =>
      node === 0 ? 1_000 : 1_000 + Math.round(exponential(stream, 5_000_000)),
    )
    all.push(...arrived.slice(1).map((at) => at - 1_000))
    tally.add(spread, arrived)
  }
  const { quantiles, mean, arrivals } = tally.record()!
  const sorted = Float64Array.from(all).sort()
  expect(arrivals).toBe(sorted.length)
  expect(mean).toBeCloseTo(all.reduce((sum, delay) => sum + delay, 0) / all.length / 1_000, 6)
  spreadLevels.forEach((level, k) => {
    const exact = sorted[Math.floor(level * (sorted.length - 1))]! / 1_000
    expect(Math.abs(quantiles[k]! / exact - 1)).toBeLessThan(0.003)
  })
})

test('default: what is under way at the end counts as far as it has come', () => {
  const tally = createSpreadTally()
  tally.add(spread, Float64Array.of(1_000, 3_000, 5_000))
  const record = tally.record([[spread, Float64Array.of(1_000, 9_000, Infinity)]])!
  expect(record).toMatchObject({ blocks: 2, arrivals: 3, mean: (2 + 4 + 8) / 3 })
})

test('default: how long power is unaware of a block, by power and not by node', () => {
  const tally = createSpreadTally([1, 0, 3, 0])
  tally.add(spread, Float64Array.of(1_000, 3_000, 5_000, Infinity))
  // The maker's own 1 of 4 knows at once, 3 of 4 after 4 ms.
  expect(tally.record()!.unaware).toBe(3)
  tally.add({ ...spread, origin: 2 }, Float64Array.of(21_000, 9_000, 1_000, Infinity))
  expect(tally.record()!.unaware).toBe((3 + 5) / 2)
})

test('behavior: power is unaware of what it has not checked; arrivals count all the same', () => {
  const tally = createSpreadTally([1, 0, 3])
  tally.add(spread, Float64Array.of(1_000, 3_000, 5_000), Float64Array.of(1_000, 3_500, 7_000))
  expect(tally.record()).toMatchObject({ unaware: 4.5, mean: 3 })
  tally.add(spread, Float64Array.of(1_000, 3_000, 5_000), Float64Array.of(1_000, 3_500, Infinity))
  expect(tally.record()).toMatchObject({ unaware: 4.5, blocks: 2 })
})

test('behavior: a block that some power never got does not count', () => {
  const tally = createSpreadTally([1, 1])
  tally.add(spread, Float64Array.of(1_000, Infinity))
  tally.add(spread, Float64Array.of(1_000, 5_000))
  expect(tally.record()!.unaware).toBe(2)
})

test('behavior: without powers it is not told', () => {
  const tally = createSpreadTally()
  tally.add(spread, Float64Array.of(1_000, 5_000))
  expect(tally.record()!).not.toHaveProperty('unaware')
})

test.each([1, 2, 3, 1_000, 999_999, 123_456_789, 1_099_511_627_776])(
  'behavior: of many arrivals after %i µs, all quantiles are that, within 0.2 %%',
  (delay) => {
    const tally = createSpreadTally()
    const arrived = Float64Array.from({ length: 101 }, (_, node) => (node === 0 ? 0 : delay))
    for (let block = 0; block < 1_001; block++) tally.add({ ...spread, at: 0 }, arrived)
    const { quantiles, arrivals } = tally.record()!
    expect(arrivals).toBe(100_100)
    for (const value of quantiles) {
      expect(Math.abs((1_000 * value) / delay - 1)).toBeLessThan(0.002)
    }
  },
)
