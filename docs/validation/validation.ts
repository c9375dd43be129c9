/** One comparison of a simulated figure with a closed form or a published one. */
export type Row = {
  /** What is compared and under which settings, e.g. `stale share at λD = 0.5`. */
  quantity: string
  /** Of both figures; empty for a share or a count. */
  unit?: string | undefined
  expected: number
  /** Where the expected figure comes from: a formula, a paper, a measurement. */
  source: string
  simulated: number
  /** Half width of the 99 % confidence interval of what was simulated; absent where exact. */
  ci99?: number | undefined
  /** Replications, blocks or draws behind the simulated figure. */
  samples?: number | undefined
  /**
   * How far apart the two may lie, as a part of the expected figure, before the table says that
   * they differ: for measurements that a model with other assumptions need not hit. 0 by default.
   */
  tolerance?: number | undefined
}

/** Comparisons that belong together. */
export type Section = {
  title: string
  /** What the reader must know to judge the rows. */
  note?: string | undefined
  rows: () => readonly Row[] | Promise<readonly Row[]>
}

/** All that is compared for one model; a command turns it into a page. */
export type Validation = {
  /** The name that the command takes, and of the page, e.g. `pow`. */
  name: string
  title: string
  sections: readonly Section[]
}

/** Returns the validation and checks its type. */
export const defineValidation = (validation: Validation): Validation => validation

/** What the table says about a row. */
export type Verdict = 'agrees' | 'near' | 'differs'

/**
 * `agrees` where the confidence interval holds the expected figure (or both are the same number),
 * `near` where it only does within the row's tolerance, `differs` otherwise.
 */
export function verdictOf({ expected, simulated, ci99 = 0, tolerance = 0 }: Row): Verdict {
  const distance = Math.abs(simulated - expected)
  const rounding = 1e-9 * Math.abs(expected)
  if (distance <= ci99 + rounding) return 'agrees'
  return distance <= ci99 + tolerance * Math.abs(expected) ? 'near' : 'differs'
}

/** 99.5 % quantile of the normal distribution. */
const normal995 = 2.575_829_3

/**
 * The 99.5 % quantile of Student's t distribution by the Cornish–Fisher expansion; right to 1 %
 * from 9 degrees of freedom on (Abramowitz and Stegun, 26.7.5).
 */
export function studentT995(degrees: number): number {
  const z = normal995
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7]
  const first = (z3 + z) / (4 * degrees)
  const second = (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees ** 2)
  const third = (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees ** 3)
  return z + first + second + third
}

/** Mean over replications, with its interval; at least 10, or the interval would be none. */
export function sampled(values: readonly number[]): Pick<Row, 'simulated' | 'ci99' | 'samples'> {
  const samples = values.length
  if (samples < 10) throw new Error(`An interval needs at least 10 replications, not ${samples}.`)
  const simulated = values.reduce((sum, value) => sum + value, 0) / samples
  const squares = values.reduce((sum, value) => sum + (value - simulated) ** 2, 0)
  const ci99 = studentT995(samples - 1) * Math.sqrt(squares / (samples - 1) / samples)
  return { simulated, ci99, samples }
}

/** A share of independent trials, with its interval after Agresti and Coull. */
export function counted(
  successes: number,
  trials: number,
): Pick<Row, 'simulated' | 'ci99' | 'samples'> {
  const z2 = normal995 ** 2
  const centre = (successes + z2 / 2) / (trials + z2)
  const half = normal995 * Math.sqrt((centre * (1 - centre)) / (trials + z2))
  const simulated = successes / trials
  // Centred on the plain share, wide enough to hold the whole interval.
  return { simulated, ci99: half + Math.abs(centre - simulated), samples: trials }
}
