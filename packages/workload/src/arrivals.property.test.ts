import { createStream, seconds } from '@counterpoise/engine'
import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Arrivals } from './arrivals.ts'
import { clip, scale, shift, sum } from './combinators.ts'
import { piecewiseConstant } from './rateSteps.ts'

const steps = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3_000_000 }), fc.nat(2_000)), { minLength: 1 })
  .map((gaps) => {
    let at = -1
    return gaps.map(([gap, ratePerSecond]) => ({ at: (at += gap), ratePerSecond }))
  })

const leaf = fc.record({ steps, process: fc.constantFrom('poisson' as const, 'regular' as const) })
const { arrivals } = fc.letrec<{ arrivals: Arrivals }>((tie) => ({
  arrivals: fc.oneof(
    { maxDepth: 3 },
    leaf.map((options) => piecewiseConstant({ ...options, end: options.steps.at(-1)!.at + 999 })),
    fc.array(tie('arrivals'), { maxLength: 3 }).map((parts) => sum(...parts)),
    fc.tuple(tie('arrivals'), fc.nat(5_000_000)).map(([part, by]) => shift(part, by)),
    fc.tuple(tie('arrivals'), fc.nat(3)).map(([part, factor]) => scale(part, factor)),
    fc
      .tuple(tie('arrivals'), fc.nat(2_000_000), fc.nat(9_000_000))
      .map(([part, from, length]) => clip(part, from, from + length)),
  ),
}))

const take = (process: Arrivals, count: number, seed: string): number[] => {
  const open = (purpose: string) => createStream({ seed, replication: 0, purpose })
  const cursor = process.start(open, 'arrivals')
  const times: number[] = []
  while (times.length < count) {
    const time = cursor.next()
    if (time === undefined) return times
    times.push(time)
  }
  return times
}

test('arrivals are whole microseconds in order, where the rate is above 0, and repeat', () => {
  fc.assert(
    fc.property(arrivals, fc.string(), (process, seed) => {
      const times = take(process, 300, seed)
      times.forEach((time, index) => {
        expect(Number.isSafeInteger(time)).toBe(true)
        expect(time).toBeGreaterThanOrEqual(times[index - 1] ?? 0)
        expect(process.meanRate(time)).toBeGreaterThan(0)
      })
      expect(take(process, 300, seed)).toEqual(times)
      expect(take(process, 100, seed)).toEqual(times.slice(0, 100))
    }),
    fuzzParameters(150),
  )
})

test('expected counts add up and follow the rate', () => {
  const time = fc.nat(20_000_000)
  fc.assert(
    fc.property(arrivals, time, time, time, (process, ...cuts) => {
      const [a, b, c] = cuts.sort((x, y) => x - y) as [number, number, number]
      const parts = process.expectedCount(a, b) + process.expectedCount(b, c)
      expect(process.expectedCount(a, c)).toBeCloseTo(parts, 6)
      const rate = process.meanRate(a)
      expect(process.expectedCount(a, a + 1) * seconds(1)).toBeCloseTo(rate, 2)
    }),
    fuzzParameters(200),
  )
})

test('regular arrivals are within one half of the expected count at all times', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const end = given.at(-1)!.at + 1_000_000
      const process = piecewiseConstant({ steps: given, end, process: 'regular' })
      const times = take(process, 500, 'any')
      times.forEach((time, index) => {
        // Up to and including its microsecond, and before it.
        expect(process.expectedCount(0, time + 1)).toBeGreaterThan(index + 0.5 - 1e-6)
        expect(process.expectedCount(0, time)).toBeLessThan(index + 0.5 + 1e-6)
      })
    }),
    fuzzParameters(100),
  )
})
