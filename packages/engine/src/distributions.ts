import { checkDistribution } from './distributionChecks.ts'
import { createGammaQuantile } from './gammaQuantile.ts'
import { uniformLog } from './logarithm.ts'
import { exp, log, pow } from './mathematics.ts'
import { normalQuantile } from './normalQuantile.ts'
import type { Stream } from './streams.ts'
import {
  createBinomialQuantile,
  createHypergeometricQuantile,
  createLineQuantile,
  createPoissonQuantile,
  createTable,
} from './tabulated.ts'
import { createTruncated } from './truncated.ts'

/**
 * A distribution as plain data; the unit of its numbers is the unit of what it draws.
 *
 * All are drawn by inversion: one uniform number, whatever it is, gives one draw, monotonically. So
 * runs under common random numbers stay in step, and antithetic streams give antithetic draws.
 */
export type Distribution =
  /** `value`, always. */
  | { kind: 'constant'; value: number }
  /** Uniform in [`low`, `high`). */
  | { kind: 'uniform'; low: number; high: number }
  /** P(X > x) = exp(−x / `mean`); the rate is 1 / `mean`. */
  | { kind: 'exponential'; mean: number }
  /** `deviation` is the standard deviation, not the variance. */
  | { kind: 'normal'; mean: number; deviation: number }
  /** exp(Normal(ln `median`, `sigma`)); its mean is `median` · exp(`sigma`² / 2). */
  | { kind: 'lognormal'; median: number; sigma: number }
  /** P(X > x) = (`scale` / x)^`shape` for x ≥ `scale`; its mean is finite for `shape` > 1. */
  | { kind: 'pareto'; scale: number; shape: number }
  /** P(X > x) = exp(−(x / `scale`)^`shape`); a `shape` of 1 is exponential. */
  | { kind: 'weibull'; scale: number; shape: number }
  /**
   * Density ∝ x^(`shape` − 1) · exp(−x / `scale`); its mean is `shape` · `scale`. A whole `shape`
   * is Erlang's distribution. From 0.01 to 10⁶, to 8 digits.
   */
  | { kind: 'gamma'; scale: number; shape: number }
  /** Density rises in a line from `low` to `mode`, and falls in a line to `high`. */
  | { kind: 'triangular'; low: number; mode: number; high: number }
  /** A line through measured quantiles: P(X ≤ `values`[i]) = `shares`[i], from 0 to 1. */
  | { kind: 'empirical'; shares: readonly number[]; values: readonly number[] }
  /** `values`[i], which rise, with probability `weights`[i] / Σ `weights`. */
  | { kind: 'discrete'; values: readonly number[]; weights: readonly number[] }
  /** Number of events: P(k) = `mean`^k · exp(−`mean`) / k!. */
  | { kind: 'poisson'; mean: number }
  /** Number of successes in `trials` independent ones. */
  | { kind: 'binomial'; trials: number; probability: number }
  /** Number of marked ones among `draws` without replacement from a `population` with `marked`. */
  | { kind: 'hypergeometric'; population: number; marked: number; draws: number }
  /** Another one, given that it falls in [`low`, `high`]: of the rest nothing is drawn. */
  | { kind: 'truncated'; of: Distribution; low?: number | undefined; high?: number | undefined }

/** Draws one number from a stream. */
export type Sampler = (stream: Stream) => number

/** Draws from the exponential distribution with the given mean, by inversion. */
export const exponential = (stream: Stream, mean: number): number =>
  -mean * uniformLog(stream.uniform())

/** Draws from the normal distribution, by inversion. */
export const normal = (stream: Stream, mean: number, deviation: number): number =>
  mean + deviation * normalQuantile(stream.uniform())

/** Draws exp(Normal(ln `median`, `sigma`)). */
export const lognormal = (stream: Stream, median: number, sigma: number): number =>
  median * exp(sigma * normalQuantile(stream.uniform()))

/** Draws from the Pareto distribution of type I, by inversion. */
export const pareto = (stream: Stream, scale: number, shape: number): number =>
  scale * pow(stream.uniform(), -1 / shape)

/** Draws from the Weibull distribution, by inversion. */
export const weibull = (stream: Stream, scale: number, shape: number): number =>
  scale * pow(-log(stream.uniform()), 1 / shape)

/**
 * Makes a sampler of a distribution given as data. Making one for a gamma, Poisson, binomial or
 * hypergeometric distribution takes a table, up to a few ms: make it once.
 *
 * @throws DistributionError where its parameters are impossible.
 */
export function createSampler(distribution: Distribution): Sampler {
  checkDistribution(distribution)
  switch (distribution.kind) {
    case 'constant':
      return () => distribution.value
    case 'exponential':
      return (stream) => exponential(stream, distribution.mean)
    case 'normal':
      return (stream) => normal(stream, distribution.mean, distribution.deviation)
    case 'lognormal':
      return (stream) => lognormal(stream, distribution.median, distribution.sigma)
    default: {
      const invert = createInverse(distribution)
      return (stream) => invert(stream.uniform())
    }
  }
}

/**
 * What a uniform number in (0, 1) becomes under a distribution: its quantile function, or where
 * that is cheaper that of one minus the number.
 *
 * @throws DistributionError where its parameters are impossible.
 */
export function createInverse(distribution: Distribution): (uniform: number) => number {
  checkDistribution(distribution)
  switch (distribution.kind) {
    case 'constant':
      return () => distribution.value
    case 'uniform': {
      const { low, high } = distribution
      return (u) => low + (high - low) * u
    }
    case 'exponential':
      return (u) => -distribution.mean * uniformLog(u)
    case 'normal':
      return (u) => distribution.mean + distribution.deviation * normalQuantile(u)
    case 'lognormal':
      return (u) => distribution.median * exp(distribution.sigma * normalQuantile(u))
    case 'pareto':
      return (u) => distribution.scale * pow(u, -1 / distribution.shape)
    case 'weibull':
      return (u) => distribution.scale * pow(-log(u), 1 / distribution.shape)
    case 'gamma': {
      const quantile = createGammaQuantile(distribution.shape)
      return (u) => distribution.scale * quantile(u)
    }
    case 'triangular':
      return createTriangle(distribution.low, distribution.mode, distribution.high)
    case 'empirical':
      return createLineQuantile(distribution.shares, distribution.values)
    case 'discrete': {
      const index = createTable(0, distribution.weights)
      return (u) => distribution.values[index(u)]!
    }
    case 'poisson':
      return createPoissonQuantile(distribution.mean)
    case 'binomial':
      return createBinomialQuantile(distribution.trials, distribution.probability)
    case 'hypergeometric': {
      const { population, marked, draws } = distribution
      return createHypergeometricQuantile(population, marked, draws)
    }
    case 'truncated': {
      const { low, high } = distribution
      return createTruncated(createInverse(distribution.of), low, high).invert
    }
  }
}

/** The smallest and the largest number that a stream of 32 bits can draw. */
export function drawableRange(distribution: Distribution): { smallest: number; largest: number } {
  const invert = createInverse(distribution)
  const edge = 1.1641532182693481e-10
  const [one, other] = [invert(edge), invert(1 - edge)]
  return { smallest: Math.min(one, other), largest: Math.max(one, other) }
}

/**
 * The distribution of measured values, all equally weighted, with lines between them.
 *
 * @throws DistributionError where there are fewer than two.
 */
export function empiricalOf(samples: ArrayLike<number>): Distribution & { kind: 'empirical' } {
  const values = [...Float64Array.from(samples).sort()]
  const shares = values.map((_, index) => index / (values.length - 1))
  const distribution = { kind: 'empirical', shares, values } as const
  checkDistribution(distribution)
  return distribution
}

function createTriangle(low: number, mode: number, high: number): (u: number) => number {
  const width = high - low
  if (width === 0) return () => low
  const peak = (mode - low) / width
  return (u) =>
    u < peak
      ? low + Math.sqrt(u * width * (mode - low))
      : high - Math.sqrt((1 - u) * width * (high - mode))
}
