import { createStream, seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import type { Outage } from './plan.ts'
import { repeated } from './repeat.ts'

const outage: Outage = {
  ...{ what: 'outage', at: seconds(5), duration: seconds(1) },
  where: { region: 'x' },
}
const begins = (options: Parameters<typeof repeated>[1]): number[] =>
  repeated(outage, options).map(({ at }) => at / 1e6)

test('default: at equal distances, as long as there is time', () => {
  expect(begins({ every: seconds(10), until: seconds(35) })).toEqual([5, 15, 25])
  expect(begins({ every: seconds(10), until: seconds(36) })).toEqual([5, 15, 25, 35])
  expect(repeated(outage, { every: 1, until: seconds(6), times: 1 })).toEqual([outage])
})

test('behavior: so often at most, and not at all where there is no time', () => {
  expect(begins({ every: seconds(10), until: seconds(1_000), times: 2 })).toEqual([5, 15])
  expect(begins({ every: seconds(10), until: seconds(5) })).toEqual([])
})

test('behavior: at random, it is a Poisson process', () => {
  const stream = createStream({ seed: 'faults', replication: 0, purpose: 'x' })
  const times = begins({ every: seconds(10), until: seconds(100_005), stream })
  expect(times[0]).toBe(5)
  // 10,000 are expected, with a standard deviation of 100.
  expect(Math.abs(times.length - 10_001)).toBeLessThan(300)
  const gaps = times.slice(1).map((time, k) => time - times[k]!)
  const long = gaps.filter((gap) => gap > 20).length / gaps.length
  expect(long).toBeCloseTo(Math.exp(-2), 1.7)
})

test('behavior: at random, but never twice at once', () => {
  const stream = createStream({ seed: 'faults', replication: 0, purpose: 'dense' })
  const times = repeated(outage, { every: 1, until: outage.at + 1_000, stream })
  expect(new Set(times.map(({ at }) => at)).size).toBe(times.length)
  expect(times.length).toBeGreaterThan(500)
})
