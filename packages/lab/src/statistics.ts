import type { Quantiles } from './results.ts'

/** The share that a part is of a whole; null where there is nothing to share. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** Sorts a sample in place, ascending. Quantiles are taken from sorted samples. */
export function sorted(sample: Float64Array): Float64Array {
  return sample.sort()
}

/**
 * The quantile of a sorted sample, interpolated linearly between the order statistics
 * (type 7 of Hyndman and Fan, the default of R and NumPy).
 *
 * @param level 0 … 1.
 */
export function quantile(ascending: ArrayLike<number>, level: number): number {
  const place = (ascending.length - 1) * level
  const below = Math.floor(place)
  const low = ascending[below]!
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!
  return low + (high - low) * (place - below)
}

/** The mean, with the sum taken in the order of the sample. */
export function mean(sample: ArrayLike<number>): number {
  let total = 0
  for (let index = 0; index < sample.length; index++) total += sample[index]!
  return total / sample.length
}

/** Mean and quantiles of a sample, which gets sorted; null for an empty one. */
export function quantilesOf(sample: Float64Array): Quantiles | null {
  if (sample.length === 0) return null
  const ascending = sorted(sample)
  return {
    mean: mean(ascending),
    p50: quantile(ascending, 0.5),
    p95: quantile(ascending, 0.95),
    p99: quantile(ascending, 0.99),
  }
}

/** The levels 0.005, 0.015, …, 0.995 of a sorted sample; empty for an empty one. */
export function quantileCurve(ascending: ArrayLike<number>): number[] {
  if (ascending.length === 0) return []
  return Array.from({ length: 100 }, (_, k) => quantile(ascending, (k + 0.5) / 100))
}

/** 97.5 % quantiles of Student's t distribution for 1 … 30 degrees of freedom. */
const studentTable = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
]
const normal975 = 1.959964

/**
 * The 97.5 % quantile of Student's t distribution: from a table up to 30 degrees of freedom, by
 * the Cornish–Fisher expansion beyond, which is right to four digits there.
 */
export function studentT975(degrees: number): number {
  const known = studentTable[degrees - 1]
  if (known !== undefined) return known
  const z = normal975
  const cube = z * z * z
  const first = (cube + z) / (4 * degrees)
  const second = (5 * cube * z * z + 16 * cube + 3 * z) / (96 * degrees * degrees)
  return z + first + second
}
