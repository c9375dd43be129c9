import {
  exp,
  exponential,
  log,
  lognormal,
  normal,
  pow,
  type Stream,
  type Time,
} from '@counterpoise/engine'
import { ChurnError } from '../errors.ts'

/** How long something lasts; every length in µs. */
export type Lifetime =
  | { kind: 'constant'; length: Time }
  | { kind: 'exponential'; mean: Time }
  /** P(X > x) = exp(−(x / `scale`)^`shape`); below a shape of 1, what has lasted lasts on. */
  | { kind: 'weibull'; scale: Time; shape: number }
  /** exp(Normal(ln `median`, `sigma`)). */
  | { kind: 'lognormal'; median: Time; sigma: number }

/**
 * Makes sure that a lifetime is possible.
 *
 * @throws ChurnError that names what is wrong.
 */
export function checkLifetime(name: string, lifetime: Lifetime): void {
  for (const [key, value] of Object.entries(lifetime)) {
    if (key === 'kind') continue
    const isPositive = Number.isFinite(value) && Number(value) > 0
    if (isPositive || (key === 'sigma' && value === 0)) continue
    throw new ChurnError(`The ${lifetime.kind} '${name}' of churn expects a '${key}' above 0.`, {
      metaMessages: [`Found: ${value}`],
    })
  }
}

/** The mean of a lifetime, µs. */
export function meanLifetime(lifetime: Lifetime): number {
  switch (lifetime.kind) {
    case 'constant':
      return lifetime.length
    case 'exponential':
      return lifetime.mean
    case 'weibull':
      return lifetime.scale * gamma(1 + 1 / lifetime.shape)
    case 'lognormal':
      return lifetime.median * exp((lifetime.sigma * lifetime.sigma) / 2)
  }
}

/** Draws a lifetime, µs. */
export function drawLifetime(lifetime: Lifetime, stream: Stream): number {
  switch (lifetime.kind) {
    case 'constant':
      return lifetime.length
    case 'exponential':
      return exponential(stream, lifetime.mean)
    case 'weibull':
      return lifetime.scale * pow(-log(stream.uniform()), 1 / lifetime.shape)
    case 'lognormal':
      return lognormal(stream, lifetime.median, lifetime.sigma)
  }
}

/**
 * Draws what is left of a lifetime at an instant at which it is under way: a uniform part of one
 * drawn in proportion to its length, since a long one is more likely to be met.
 */
export function drawResidual(lifetime: Lifetime, stream: Stream): number {
  return stream.uniform() * drawMet(lifetime, stream)
}

function drawMet(lifetime: Lifetime, stream: Stream): number {
  switch (lifetime.kind) {
    case 'constant':
      return lifetime.length
    case 'exponential':
      return exponential(stream, lifetime.mean) + exponential(stream, lifetime.mean)
    case 'weibull': {
      const { scale, shape } = lifetime
      return scale * pow(drawGamma(1 + 1 / shape, stream), 1 / shape)
    }
    case 'lognormal': {
      const { median, sigma } = lifetime
      return lognormal(stream, median * exp(sigma * sigma), sigma)
    }
  }
}

/** Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables" (2000); shape ≥ 1. */
function drawGamma(shape: number, stream: Stream): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(stream, 0, 1)
    const root = 1 + c * x
    const v = root * root * root
    if (v > 0 && log(stream.uniform()) < (x * x) / 2 + d - d * v + d * log(v)) return d * v
  }
}

/** Γ(x) for x ≥ 1 to 13 digits, after Lanczos (g = 7, nine terms). */
export function gamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
    12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ]
  let sum = 0.9999999999998099
  coefficients.forEach((coefficient, index) => {
    sum += coefficient / (x + index)
  })
  const t = x + 6.5
  return 2.5066282746310002 * pow(t, x - 0.5) * exp(-t) * sum
}
