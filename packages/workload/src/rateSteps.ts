import { exponential, type Time } from '@counterpoise/engine'
import type { ArrivalCursor, ArrivalProcess, Arrivals, OpenStream } from './arrivals.ts'
import { expectThat } from './errors.ts'

/** A rate and when it begins. */
export type RateStep = {
  /** µs. */
  at: Time
  /** Arrivals per second from then on, until the next step. */
  ratePerSecond: number
}

/** What `piecewiseConstant` takes. */
export type PiecewiseConstantOptions = {
  /** In order of time; before the first one nothing arrives. */
  steps: readonly RateStep[]
  /** Nothing arrives from this time on, µs; without it the last rate goes on for ever. */
  end?: Time | undefined
  /** `poisson` unless given. */
  process?: ArrivalProcess | undefined
}

/** What `poisson` and `regular` take. */
export type ConstantRateOptions = {
  /** Arrivals per second, from time 0 on. */
  ratePerSecond: number
}

/** Independent arrivals at a constant rate: exponential gaps. */
export const poisson = ({ ratePerSecond }: ConstantRateOptions): Arrivals =>
  piecewiseConstant({ steps: [{ at: 0, ratePerSecond }] })

/** Evenly spaced arrivals at a constant rate, the first after half a gap. */
export const regular = ({ ratePerSecond }: ConstantRateOptions): Arrivals =>
  piecewiseConstant({ steps: [{ at: 0, ratePerSecond }], process: 'regular' })

/**
 * Arrivals whose rate changes in steps.
 *
 * Exact: the k-th arrival is where the integrated rate reaches the sum of k exponential draws of
 * mean 1 (inversion), rounded down to the microsecond without feeding the rounding back. It takes
 * one draw per arrival, so changing a later step leaves earlier arrivals as they were.
 *
 * @throws WorkloadError where steps are out of order or a rate is negative.
 */
export function piecewiseConstant(options: PiecewiseConstantOptions): Arrivals {
  const { steps, end = Number.POSITIVE_INFINITY, process = 'poisson' } = options
  check(steps, end)
  const curve = integrate(steps, end)
  return {
    start: (open, purpose) => startCurve(curve, process, open, purpose),
    meanRate: (at) => {
      const step = at < end ? stepAt(curve, at) : -1
      return step < 0 ? 0 : curve.rates[step]!
    },
    expectedCount: (from, to) => (to > from ? countUntil(curve, to) - countUntil(curve, from) : 0),
    scaled: (factor) => {
      expectThat(isRate(factor), 'scale', 'a finite factor of at least 0', factor)
      const raised = steps.map(({ at, ratePerSecond }) => ({
        at,
        ratePerSecond: ratePerSecond * factor,
      }))
      return piecewiseConstant({ ...options, steps: raised })
    },
  }
}

/** The integrated rate: a broken line through (`times`, `counts`), level from `end` on. */
type Curve = {
  times: Float64Array
  /** Per second. */
  rates: Float64Array
  /** Expected arrivals before the step of the same place; one more entry for the end. */
  counts: Float64Array
  end: Time
}

function integrate(steps: readonly RateStep[], end: Time): Curve {
  const times = Float64Array.from(steps, ({ at }) => at)
  const rates = Float64Array.from(steps, ({ ratePerSecond }) => ratePerSecond)
  const counts = new Float64Array(steps.length + 1)
  for (let step = 0; step < times.length; step++) {
    const to = step + 1 < times.length ? times[step + 1]! : end
    // A rate of 0 for ever adds nothing; 0 × ∞ would not say so.
    const added = rates[step] === 0 ? 0 : (rates[step]! * (to - times[step]!)) / 1_000_000
    counts[step + 1] = counts[step]! + added
  }
  return { times, rates, counts, end }
}

/** The step that a time falls into, −1 before the first. */
function stepAt({ times }: Curve, at: Time): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

function countUntil(curve: Curve, at: Time): number {
  if (at >= curve.end) return curve.counts.at(-1)!
  const step = stepAt(curve, at)
  if (step < 0) return 0
  return curve.counts[step]! + (curve.rates[step]! * (at - curve.times[step]!)) / 1_000_000
}

function startCurve(
  { times, rates, counts, end }: Curve,
  process: ArrivalProcess,
  open: OpenStream,
  purpose: string,
): ArrivalCursor {
  const isPoisson = process === 'poisson'
  const stream = open(purpose)
  const total = counts.at(-1)!
  let target = isPoisson ? 0 : -0.5
  let step = 0
  return {
    next: () => {
      target += isPoisson ? exponential(stream, 1) : 1
      if (target >= total) return undefined
      while (counts[step + 1]! <= target) step++
      const offset = ((target - counts[step]!) * 1_000_000) / rates[step]!
      const to = step + 1 < times.length ? times[step + 1]! : end
      // Rounding may carry an arrival to the end of its step, where it no longer belongs.
      const time = Math.min(Math.floor(times[step]! + offset), to - 1)
      return time <= Number.MAX_SAFE_INTEGER ? time : undefined
    },
  }
}

function check(steps: readonly RateStep[], end: Time): void {
  const part = 'piecewiseConstant'
  expectThat(steps.length > 0, part, 'at least one step', steps)
  let last = -1
  for (const { at, ratePerSecond } of steps) {
    expectThat(Number.isSafeInteger(at) && at >= 0, part, 'steps at whole µs from 0 on', at)
    expectThat(at > last, part, `a step after ${last} µs, in order of time`, at)
    expectThat(isRate(ratePerSecond), part, 'a finite rate of at least 0', ratePerSecond)
    last = at
  }
  const isEnd = end > last && (Number.isSafeInteger(end) || end === Number.POSITIVE_INFINITY)
  expectThat(isEnd, part, `an end at a whole µs after ${last}`, end)
}

const isRate = (value: number): boolean => value >= 0 && Number.isFinite(value)
