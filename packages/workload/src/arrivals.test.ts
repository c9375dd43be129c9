import { createStream, exp, minutes, ms, seconds, type Time } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import type { Arrivals } from './arrivals.ts'
import { clip, scale, shift, sum } from './combinators.ts'
import { piecewiseConstant, poisson, regular } from './rateSteps.ts'

const open = (purpose: string) => createStream({ seed: 'arrivals', replication: 0, purpose })

/** The arrivals before a time. */
const timesOf = (arrivals: Arrivals, until: Time, purpose = 'arrivals'): Time[] => {
  const cursor = arrivals.start(open, purpose)
  const times: Time[] = []
  for (let time = cursor.next(); time !== undefined && time < until; time = cursor.next()) {
    times.push(time)
  }
  return times
}

const within = (times: readonly Time[], from: Time, to: Time): number =>
  times.filter((time) => time >= from && time < to).length

/** Fails where a Poisson count is more than four standard deviations off. */
const expectCount = (found: number, expected: number): void =>
  expect(Math.abs(found - expected) / Math.sqrt(expected)).toBeLessThan(4)

describe('poisson', () => {
  const ratePerSecond = 50
  const times = timesOf(poisson({ ratePerSecond }), seconds(2_000))

  test('default: the mean rate is what was asked for', () => {
    expectCount(times.length, ratePerSecond * 2_000)
  })

  test('behavior: counts are dispersed like a Poisson variable (IDC 1)', () => {
    const counts = new Float64Array(2_000)
    for (const time of times) counts[Math.floor(time / 1_000_000)]!++
    const mean = times.length / counts.length
    const variance = counts.reduce((total, count) => total + (count - mean) ** 2, 0) / 1_999
    // The standard error of the index of dispersion is √(2 / n).
    expect(Math.abs(variance / mean - 1)).toBeLessThan(4 * Math.sqrt(2 / 2_000))
  })

  test('behavior: gaps are exponential (Kolmogorov-Smirnov)', () => {
    const gaps = times.map((time, index) => (time - (times[index - 1] ?? 0)) / 1_000_000)
    gaps.sort((a, b) => a - b)
    let distance = 0
    gaps.forEach((gap, index) => {
      const probability = 1 - exp(-ratePerSecond * gap)
      const below = index / gaps.length
      const upTo = (index + 1) / gaps.length
      distance = Math.max(distance, probability - below, upTo - probability)
    })
    // 1.95 is the limit at a significance of 0.001.
    expect(distance * Math.sqrt(gaps.length)).toBeLessThan(1.95)
  })

  test('behavior: rounding to microseconds does not change a rate of millions per second', () => {
    expectCount(timesOf(poisson({ ratePerSecond: 2_000_000 }), ms(200)).length, 400_000)
  })

  test('behavior: a rate of 0 has no arrivals', () => {
    expect(poisson({ ratePerSecond: 0 }).start(open, 'x').next()).toBeUndefined()
  })
})

describe('piecewiseConstant', () => {
  const steps = [
    { at: seconds(10), ratePerSecond: 200 },
    { at: seconds(40), ratePerSecond: 0 },
    { at: seconds(60), ratePerSecond: 900 },
    { at: seconds(61), ratePerSecond: 20 },
  ]
  const shaped = piecewiseConstant({ steps, end: seconds(161) })
  const times = timesOf(shaped, minutes(60))

  test('default: each step has its rate', () => {
    expect(within(times, 0, seconds(10))).toBe(0)
    expectCount(within(times, seconds(10), seconds(40)), 6_000)
    expect(within(times, seconds(40), seconds(60))).toBe(0)
    expectCount(within(times, seconds(60), seconds(61)), 900)
    expectCount(within(times, seconds(61), seconds(161)), 2_000)
    expect(within(times, seconds(161), minutes(60))).toBe(0)
  })

  test('behavior: rates and expected counts', () => {
    const at = [0, 10, 39.9, 40, 60.5, 61, 160, 161].map((t) => shaped.meanRate(seconds(t)))
    expect(at).toEqual([0, 200, 200, 0, 900, 20, 20, 0])
    expect(shaped.expectedCount(0, minutes(10))).toBe(8_900)
    expect(shaped.expectedCount(seconds(39), seconds(60.5))).toBe(650)
    expect(shaped.expectedCount(seconds(60), seconds(60))).toBe(0)
    expect(poisson({ ratePerSecond: 3 }).expectedCount(seconds(1), seconds(5))).toBe(12)
  })

  test('behavior: changing a later step leaves earlier arrivals as they were', () => {
    const changed = steps.map((step, index) => (index === 3 ? { ...step, ratePerSecond: 5 } : step))
    const others = timesOf(piecewiseConstant({ steps: changed }), seconds(61))
    expect(others).toEqual(times.filter((time) => time < seconds(61)))
    expect(others.length).toBeGreaterThan(6_000)
  })

  test('behavior: regular arrivals are spaced evenly and as many as expected', () => {
    const times = timesOf(regular({ ratePerSecond: 10 }), ms(500))
    expect(times).toEqual([50, 150, 250, 350, 450].map(ms))
    const even = timesOf(piecewiseConstant({ steps, end: seconds(161), process: 'regular' }), 1e12)
    expect(even.length).toBe(8_900)
    expect(within(even, seconds(60), seconds(61))).toBe(900)
  })

  test('behavior: what is due at the end of a step belongs to the next one', () => {
    const later = (ratePerSecond: number) => [
      { at: 0, ratePerSecond: 0.5 },
      { at: seconds(1), ratePerSecond },
      { at: seconds(7), ratePerSecond: 1 },
    ]
    // Half an arrival is expected in the first second: the first comes as it ends, or later.
    const timesAt = (rate: number): Time[] =>
      timesOf(piecewiseConstant({ steps: later(rate), process: 'regular' }), seconds(7.001))
    expect(timesAt(0.25)).toEqual([1, 5].map(seconds))
    expect(timesAt(0)).toEqual([seconds(7)])
  })

  test('behavior: what would come after the end of time does not come', () => {
    // Half an arrival is expected after 5 · 10⁹ s, or after ten times that: time ends at 9 · 10⁹ s.
    const first = (ratePerSecond: number) => regular({ ratePerSecond }).start(open, 'x').next()
    expect([first(1e-10), first(1e-11)]).toEqual([5e15, undefined])
  })

  test('behavior: rounding carries no arrival to the end of its step', () => {
    // In binary floating point 43 µs at this rate are a hair more than half an arrival.
    const ratePerSecond = 11_627.906976744187
    const half = [{ at: 0, ratePerSecond }]
    const brief = piecewiseConstant({ steps: half, end: 43, process: 'regular' })
    expect(timesOf(brief, 100)).toEqual([42])
  })

  test.each([
    [[]],
    [[{ at: -1, ratePerSecond: 1 }]],
    [[{ at: 0.5, ratePerSecond: 1 }]],
    [[{ at: 0, ratePerSecond: -1 }]],
    [[{ at: 0, ratePerSecond: Number.NaN }]],
    [[{ at: 5, ratePerSecond: 1 }, { at: 5, ratePerSecond: 2 }]],
  ])('behavior: impossible steps are refused: %j', (impossible) => {
    expect(() => piecewiseConstant({ steps: impossible })).toThrow(/piecewiseConstant: expected/)
  })

  test('behavior: an end before the last step is refused', () => {
    expect(() => piecewiseConstant({ steps, end: seconds(61) })).toThrow('an end at a whole µs')
  })
})

describe('combinators', () => {
  const base = poisson({ ratePerSecond: 100 })
  const burst = piecewiseConstant({ steps: [{ at: 0, ratePerSecond: 400 }], end: seconds(5) })
  const times = timesOf(base, seconds(20))

  test('behavior: the rates of a sum add, and its arrivals are those of its parts', () => {
    const both = sum(base, shift(burst, seconds(10)))
    expect(both.meanRate(seconds(12))).toBe(500)
    expect(both.expectedCount(0, seconds(20))).toBe(4_000)
    const parts = [
      ...timesOf(base, seconds(20), 'arrivals/0'),
      ...timesOf(burst, seconds(5), 'arrivals/1').map((time) => time + seconds(10)),
    ]
    expect(timesOf(both, seconds(20))).toEqual(parts.sort((a, b) => a - b))
    expectCount(parts.length, 4_000)
  })

  test('behavior: a part more leaves the arrivals of the others as they were', () => {
    const one = timesOf(sum(base), seconds(20))
    const two = new Set(timesOf(sum(base, burst), seconds(20)))
    expect(one.every((time) => two.has(time))).toBe(true)
  })

  test('behavior: clipping keeps the arrivals in the window and nothing else', () => {
    const clipped = clip(base, seconds(5), seconds(8))
    const expected = times.filter((time) => time >= seconds(5) && time < seconds(8))
    expect(timesOf(clipped, minutes(1))).toEqual(expected)
    expect(clipped.meanRate(seconds(8))).toBe(0)
    expect(clipped.expectedCount(0, minutes(1))).toBe(300)
    const cursor = clip(base, 0, ms(1)).start(open, 'arrivals')
    while (cursor.next() !== undefined);
    expect(cursor.next()).toBeUndefined()
  })

  test('behavior: a window has its beginning and not its end', () => {
    const even = clip(regular({ ratePerSecond: 10 }), ms(150), ms(350))
    expect(timesOf(even, minutes(1))).toEqual([ms(150), ms(250)])
  })

  test('behavior: shifting moves rates and arrivals', () => {
    const later = shift(base, seconds(3))
    expect(timesOf(later, seconds(23))).toEqual(times.map((time) => time + seconds(3)))
    expect([later.meanRate(seconds(2)), later.meanRate(seconds(3))]).toEqual([0, 100])
    expect(later.expectedCount(0, seconds(4))).toBe(100)
  })

  test('behavior: scaling multiplies the rate, through every combinator', () => {
    const whole = clip(shift(sum(base, burst), seconds(1)), 0, seconds(11))
    const tripled = scale(whole, 3)
    expect(tripled.meanRate(seconds(2))).toBe(3 * whole.meanRate(seconds(2)))
    expect(tripled.expectedCount(0, seconds(99))).toBe(9_000)
    expectCount(timesOf(tripled, seconds(99)).length, 9_000)
    // The same draws, closer together.
    const halved = timesOf(scale(base, 2), seconds(10))
    expect(halved.every((time, index) => Math.abs(time - times[index]! / 2) < 1)).toBe(true)
    expect(halved.length).toBe(times.length)
    expect(() => scale(base, -1)).toThrow('scale: expected')
    const even = clip(shift(sum(regular({ ratePerSecond: 5 })), ms(30)), 0, ms(300))
    expect(timesOf(scale(even, 2), seconds(1))).toEqual([80, 180, 280].map(ms))
  })
})
