import { exp, exponential, log, normalQuantile, type Stream } from '@counterpoise/engine'
import { LatencyError } from '../errors.ts'

/**
 * How the delays of a link spread around the matrix's value m, given its spread d = p90 − p50.
 *
 * - `none`: m always.
 * - `normal`: Normal(m, d) cut off at 0. The spread serves as the standard deviation, as in
 *   Commonware's estimator, so that the p90 drawn lies 1.28 d above m.
 * - `lognormal`: shift + lognormal, with p50 = m and p90 = m + d exactly: see `fitLognormal`.
 * - `pareto`: Pareto of mean m and shape m / 5 ms, as SimBlock and Gervais et al. (2016) draw: at
 *   least m − 5 ms, and 5 ms more in the mean. That law has no meaning for m ≤ 5 ms and no usable
 *   mean just above; so the shape stays 1.5 for m ≤ 7.5 ms (the published tables begin at 9 ms).
 *   With a `shape`, that shape on every link; JABS takes 5.
 *
 * With `fit: 'p90'` normal and Pareto go through both quantiles as lognormal does, p50 = m and
 * p90 = m + d: the deviation is d / 1.2816; the Pareto shape ln 5 / ln(p90 / p50). Where m is 0,
 * Pareto's delay is 0.
 */
export type Jitter =
  | 'none'
  | 'normal'
  | 'lognormal'
  | 'pareto'
  | { kind: 'lognormal'; sigma: number }
  | { kind: 'pareto'; shape: number }
  | { kind: 'normal' | 'pareto'; fit: 'p90' }

/** Draws a delay of a cell, µs; not rounded, and perhaps below 0. */
export type JitterSampler = (cell: number, stream: Stream) => number

/** The quantile of 90 % of the standard normal distribution. */
const z90 = 1.2815515655446004

/**
 * Skew of the logarithm where nothing else is said. Of the values from 0.05 to 0.8 it comes nearest
 * to p5, p10, p25, p75 and p95 of BlockSim's ping logs, given their p50 and p90.
 */
export const defaultSigma = 0.3

/** The shape of `pareto` for a mean in ms. */
export const paretoShape = (meanMs: number): number => (meanMs > 7.5 ? meanMs / 5 : 1.5)

/** A lognormal distribution that begins at `shift`. */
export type ShiftedLognormal = { shift: number; median: number; sigma: number }

/**
 * The shifted lognormal with a given p50 and p90 = p50 + spread. Two quantiles leave one of its
 * three parameters free: `sigma` is given, and shift and median follow. Where that would put the
 * shift below 0, it is 0, and sigma follows from the quantiles.
 */
export function fitLognormal(p50: number, spread: number, sigma = defaultSigma): ShiftedLognormal {
  const median = sigma > 0 ? spread / (exp(z90 * sigma) - 1) : Number.POSITIVE_INFINITY
  if (median <= p50) return { shift: p50 - median, median, sigma }
  return { shift: 0, median: p50, sigma: p50 > 0 ? log((p50 + spread) / p50) / z90 : 0 }
}

/**
 * Makes the sampler of a matrix's cells from their delays and spreads, µs.
 *
 * @throws LatencyError where a parameter is impossible or the matrix lacks spreads.
 */
export function createJitter(
  jitter: Jitter,
  means: Float64Array,
  deviations: Float64Array | undefined,
): JitterSampler {
  const kind = typeof jitter === 'string' ? jitter : jitter.kind
  const fitsBoth = typeof jitter === 'object' && 'fit' in jitter
  if (fitsBoth && jitter.fit !== 'p90') {
    throw new LatencyError("Jitter can be fitted to nothing but 'p90'.", {
      metaMessages: [`Found: ${String(jitter.fit)}`],
    })
  }
  if (kind === 'none') return (cell) => means[cell]!
  if (kind === 'pareto' && !fitsBoth) {
    const shape = shapeOf(jitter)
    const shapes = means.map((mean) => shape ?? paretoShape(mean / 1_000))
    return createPareto(means.map((mean, cell) => scaleOf(mean, shapes[cell]!)), shapes)
  }
  if (deviations === undefined) {
    throw new LatencyError(`Jitter of the kind '${kind}' needs a matrix with 'deviationMs'.`, {
      metaMessages: ["Add the spreads to the matrix, or choose 'pareto' or 'none'."],
    })
  }
  if (kind === 'lognormal') return createLognormal(means, deviations, sigmaOf(jitter))
  if (kind === 'pareto') {
    const shapes = fittedShapes(means, deviations)
    return createPareto(means.map((mean, cell) => mean * exp(-log(2) / shapes[cell]!)), shapes)
  }
  const widths = fitsBoth ? deviations.map((spread) => spread / z90) : deviations
  return (cell, stream) => means[cell]! + widths[cell]! * normalQuantile(stream.uniform())
}

/** The least delay of a Pareto law of a mean. */
const scaleOf = (mean: number, shape: number): number => (mean * (shape - 1)) / shape

/** By cell, the shape whose p90 is so much above its p50; infinite where that is nothing. */
const fittedShapes = (medians: Float64Array, spreads: Float64Array): Float64Array =>
  medians.map((median, cell) =>
    median > 0 && spreads[cell]! > 0
      ? log(5) / log((median + spreads[cell]!) / median)
      : Number.POSITIVE_INFINITY,
  )

/** What no delay drawn of a cell stays below once it is rounded, µs. */
export function leastOf(jitter: Jitter, means: Float64Array): Float64Array {
  const kind = typeof jitter === 'string' ? jitter : jitter.kind
  if (kind === 'none') return means.map((mean) => Math.round(mean))
  if (kind !== 'pareto') return new Float64Array(means.length)
  if (typeof jitter === 'object' && 'fit' in jitter) return new Float64Array(means.length)
  const shape = shapeOf(jitter)
  return means.map((mean) => Math.floor(scaleOf(mean, shape ?? paretoShape(mean / 1_000))))
}

/** Draws of at least `scales`. */
function createPareto(scales: Float64Array, shapes: Float64Array): JitterSampler {
  // The logarithm of what is drawn is exponential; a power of a uniform number costs three times.
  const exponents = shapes.map((value) => 1 / value)
  return (cell, stream) => scales[cell]! * exp(exponential(stream, exponents[cell]!))
}

function createLognormal(
  means: Float64Array,
  deviations: Float64Array,
  sigma: number,
): JitterSampler {
  const fits = Array.from(means, (mean, cell) => fitLognormal(mean, deviations[cell]!, sigma))
  const shifts = Float64Array.from(fits, ({ shift }) => shift)
  const medians = Float64Array.from(fits, ({ median }) => median)
  const sigmas = Float64Array.from(fits, (fit) => fit.sigma)
  return (cell, stream) =>
    shifts[cell]! + medians[cell]! * exp(sigmas[cell]! * normalQuantile(stream.uniform()))
}

function shapeOf(jitter: Jitter): number | undefined {
  if (typeof jitter === 'string' || jitter.kind !== 'pareto' || !('shape' in jitter)) {
    return undefined
  }
  if (jitter.shape > 1 && Number.isFinite(jitter.shape)) return jitter.shape
  throw new LatencyError('The shape of Pareto jitter must be above 1: below, it has no mean.', {
    metaMessages: [`Found: ${jitter.shape}`],
  })
}

function sigmaOf(jitter: Jitter): number {
  if (typeof jitter === 'string' || jitter.kind !== 'lognormal') return defaultSigma
  if (jitter.sigma > 0 && Number.isFinite(jitter.sigma)) return jitter.sigma
  throw new LatencyError('The sigma of lognormal jitter must be above 0.', {
    metaMessages: [`Found: ${jitter.sigma}`],
  })
}
