import { DistributionError } from './errors.ts'
import { exp, log, pow } from './mathematics.ts'
import { normalQuantile } from './normalQuantile.ts'
import type { Stream } from './streams.ts'

/** A distribution as plain data; the unit of its numbers is the unit of what it draws. */
export type Distribution =
  | { kind: 'constant'; value: number }
  /** Uniform in [`low`, `high`). */
  | { kind: 'uniform'; low: number; high: number }
  | { kind: 'exponential'; mean: number }
  | { kind: 'normal'; mean: number; deviation: number }
  /** exp(Normal(ln `median`, `sigma`)); its mean is `median` · exp(`sigma`² / 2). */
  | { kind: 'lognormal'; median: number; sigma: number }
  /** P(X > x) = (`scale` / x)^`shape` for x ≥ `scale`; its mean is finite for `shape` > 1. */
  | { kind: 'pareto'; scale: number; shape: number }

/** Draws one number from a stream. */
export type Sampler = (stream: Stream) => number

/** Draws from the exponential distribution with the given mean, by inversion. */
export const exponential = (stream: Stream, mean: number): number => -mean * log(stream.uniform())

/** Draws from the normal distribution, by inversion. */
export const normal = (stream: Stream, mean: number, deviation: number): number =>
  mean + deviation * normalQuantile(stream.uniform())

/** Draws exp(Normal(ln `median`, `sigma`)). */
export const lognormal = (stream: Stream, median: number, sigma: number): number =>
  median * exp(sigma * normalQuantile(stream.uniform()))

/** Draws from the Pareto distribution of type I, by inversion. */
export const pareto = (stream: Stream, scale: number, shape: number): number =>
  scale * pow(stream.uniform(), -1 / shape)

/**
 * Makes a sampler of a distribution given as data.
 *
 * @throws DistributionError where its parameters are impossible.
 */
export function createSampler(distribution: Distribution): Sampler {
  check(distribution)
  switch (distribution.kind) {
    case 'constant':
      return () => distribution.value
    case 'uniform': {
      const { low, high } = distribution
      return (stream) => low + (high - low) * stream.uniform()
    }
    case 'exponential':
      return (stream) => exponential(stream, distribution.mean)
    case 'normal':
      return (stream) => normal(stream, distribution.mean, distribution.deviation)
    case 'lognormal':
      return (stream) => lognormal(stream, distribution.median, distribution.sigma)
    case 'pareto':
      return (stream) => pareto(stream, distribution.scale, distribution.shape)
  }
}

/** The mean of a distribution; Infinity where it has none. */
export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value
    case 'uniform':
      return (distribution.low + distribution.high) / 2
    case 'exponential':
    case 'normal':
      return distribution.mean
    case 'lognormal':
      return distribution.median * exp((distribution.sigma * distribution.sigma) / 2)
    case 'pareto': {
      const { scale, shape } = distribution
      return shape > 1 ? (shape * scale) / (shape - 1) : Number.POSITIVE_INFINITY
    }
  }
}

function check(distribution: Distribution): void {
  const expect = (holds: boolean, expected: string): void => {
    if (!holds) throw new DistributionError(distribution.kind, expected, distribution)
  }
  for (const [name, value] of Object.entries(distribution)) {
    if (name !== 'kind') expect(Number.isFinite(value), `a finite '${name}'`)
  }
  if (distribution.kind === 'uniform') {
    expect(distribution.low <= distribution.high, "'low' of at most 'high'")
  } else if (distribution.kind === 'exponential') expect(distribution.mean > 0, "a 'mean' above 0")
  else if (distribution.kind === 'normal') {
    expect(distribution.deviation >= 0, "a 'deviation' of at least 0")
  } else if (distribution.kind === 'lognormal') {
    expect(distribution.median > 0, "a 'median' above 0")
    expect(distribution.sigma >= 0, "a 'sigma' of at least 0")
  } else if (distribution.kind === 'pareto') {
    expect(distribution.scale > 0, "a 'scale' above 0")
    expect(distribution.shape > 0, "a 'shape' above 0")
  }
}
