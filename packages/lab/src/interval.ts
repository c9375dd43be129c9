import betaQuantile from '@stdlib/stats-base-dists-beta-quantile'
import { type PlainKind, rangeOf } from './kinds.ts'
import type { Estimate } from './results.ts'
import { mean, studentT975 } from './statistics.ts'

/** The trials of which shares are counts: how many there were, share by share. */
export type Trials = {
  numbers: readonly number[]
  /** Whether each has a chance of its own, so that those of one run make an interval. */
  areApart: boolean
}

type Interval = { low: number; high: number }

/**
 * Mean of a number over replications with its 95 % confidence interval, whose ends stay within what
 * numbers of the kind can be.
 *
 * The interval is Student's over the replications. What it leaves out beyond the range of the kind
 * cannot hold the number, so that it is as sure as the whole one. For a share of trials it reaches
 * at least as far as the exact binomial interval over the trials of all replications: where few of
 * them went one way, replications agree by chance, and Student's interval is too narrow or nothing.
 * With one replication there is an interval only of trials that are apart.
 */
export function estimateOf(
  values: readonly number[],
  kind: PlainKind = 'difference',
  trials?: Trials,
): Estimate {
  const first = values[0] ?? Number.NaN
  // What is the same in all replications is its mean, to the last digit.
  const average = values.every((each) => each === first) ? first : mean(values)
  const half = studentHalf(values, average)
  const { from, to } = rangeOf(kind)
  const chance = binomial(values, trials)
  if (half === null && chance === undefined) return { mean: average, ci95: null }
  const student = half ?? 0
  const { low = average, high = average } = chance ?? {}
  return {
    mean: average,
    ci95: Math.max(student, average - low, high - average),
    low: Math.min(Math.max(from, average - student), low),
    high: Math.max(Math.min(to, average + student), high),
  }
}

/** Half of Student's interval; null for one value, of which nothing is known. */
function studentHalf(values: readonly number[], average: number): number | null {
  if (values.length < 2) return null
  const squares = values.reduce((sum, value) => sum + (value - average) * (value - average), 0)
  const deviation = Math.sqrt(squares / (values.length - 1))
  return (studentT975(values.length - 1) * deviation) / Math.sqrt(values.length)
}

/** The interval over all trials together, if there is one. */
function binomial(shares: readonly number[], trials: Trials | undefined): Interval | undefined {
  if (trials === undefined || (shares.length < 2 && !trials.areApart)) return undefined
  const all = trials.numbers.reduce((sum, number) => sum + number, 0)
  if (all === 0) return undefined
  const hits = shares.reduce((sum, share, k) => sum + Math.round(share * trials.numbers[k]!), 0)
  return clopperPearson(hits, all)
}

/**
 * The exact 95 % interval of Clopper and Pearson (1934) for the chance of a hit, by quantiles of
 * the beta distribution. It holds the chance in at least 95 % of all cases, however few hits.
 *
 * @param trials At least 1.
 */
export function clopperPearson(hits: number, trials: number): Interval {
  return {
    low: hits === 0 ? 0 : betaQuantile(0.025, hits, trials - hits + 1),
    high: hits === trials ? 1 : betaQuantile(0.975, hits + 1, trials - hits),
  }
}

/** The parts of a confidence interval above and below the mean; 0 where there is none. */
export function marginsOf({ mean: middle, ci95, low, high }: Estimate): {
  up: number
  down: number
} {
  const half = ci95 ?? 0
  // What lies evenly differs in its last digits after a subtraction.
  const side = (length: number): number =>
    Math.abs(length - half) <= 1e-9 * (Math.abs(middle) + half) ? half : Math.max(0, length)
  return {
    up: side((high ?? middle + half) - middle),
    down: side(middle - (low ?? middle - half)),
  }
}

/** The same estimate in another unit. */
export function scaledEstimate(estimate: Estimate, scale: (value: number) => number): Estimate {
  const { mean: middle, ci95, low, high, ...rest } = estimate
  return {
    ...rest,
    mean: scale(middle),
    ci95: ci95 === null ? null : scale(ci95),
    ...(low !== undefined && { low: scale(low) }),
    ...(high !== undefined && { high: scale(high) }),
  }
}
