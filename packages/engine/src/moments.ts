import { createInverse, type Distribution } from './distributions.ts'
import { logGamma } from './gammaQuantile.ts'
import { exp } from './mathematics.ts'
import { createTruncated } from './truncated.ts'

type Moments = { mean: number; variance: number }

/** The mean of a distribution; Infinity where it has none. */
export const meanOf = (distribution: Distribution): number => momentsOf(distribution).mean

/** The variance of a distribution, the square of its deviation; Infinity where it has none. */
export const varianceOf = (distribution: Distribution): number => momentsOf(distribution).variance

function momentsOf(distribution: Distribution): Moments {
  switch (distribution.kind) {
    case 'constant':
      return { mean: distribution.value, variance: 0 }
    case 'uniform': {
      const { low, high } = distribution
      return { mean: (low + high) / 2, variance: ((high - low) * (high - low)) / 12 }
    }
    case 'exponential':
      return { mean: distribution.mean, variance: distribution.mean * distribution.mean }
    case 'normal': {
      const { mean, deviation } = distribution
      return { mean, variance: deviation * deviation }
    }
    case 'lognormal': {
      const { median, sigma } = distribution
      const growth = exp(sigma * sigma)
      const mean = median * exp((sigma * sigma) / 2)
      return { mean, variance: mean * mean * (growth - 1) }
    }
    case 'pareto':
      return ofPareto(distribution.scale, distribution.shape)
    case 'weibull':
      return ofWeibull(distribution.scale, distribution.shape)
    case 'gamma': {
      const { scale, shape } = distribution
      return { mean: shape * scale, variance: shape * scale * scale }
    }
    case 'triangular': {
      const { low, mode, high } = distribution
      const [a, b, c] = [mode - low, high - mode, high - low]
      return { mean: (low + mode + high) / 3, variance: (a * a + b * b + c * c) / 36 }
    }
    case 'empirical':
      return ofLines(distribution.shares, distribution.values)
    case 'discrete': {
      const { values, weights } = distribution
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const about = (of: (value: number) => number): number =>
        values.reduce((sum, value, index) => sum + of(value) * (weights[index]! / total), 0)
      return centred(about)
    }
    case 'poisson':
      return { mean: distribution.mean, variance: distribution.mean }
    case 'binomial': {
      const mean = distribution.trials * distribution.probability
      return { mean, variance: mean * (1 - distribution.probability) }
    }
    case 'hypergeometric':
      return ofHypergeometric(distribution.population, distribution.marked, distribution.draws)
    case 'truncated': {
      const { of, low, high } = distribution
      const whole = momentsOf(of)
      const part = centred(createTruncated(createInverse(of), low, high).moment)
      // All distributions reach to the right where they reach without a bound and have no mean.
      return {
        mean: high === undefined && whole.mean === Infinity ? Infinity : part.mean,
        variance: high === undefined && whole.variance === Infinity ? Infinity : part.variance,
      }
    }
  }
}

/** Mean and variance from what takes the mean of a function. */
function centred(about: (of: (value: number) => number) => number): Moments {
  const mean = about((value) => value)
  return { mean, variance: about((value) => (value - mean) * (value - mean)) }
}

function ofPareto(scale: number, shape: number): Moments {
  const mean = shape > 1 ? (shape * scale) / (shape - 1) : Infinity
  if (!(shape > 2)) return { mean, variance: Infinity }
  const spread = scale / (shape - 1)
  return { mean, variance: (spread * spread * shape) / (shape - 2) }
}

function ofWeibull(scale: number, shape: number): Moments {
  const mean = scale * exp(logGamma(1 + 1 / shape))
  return { mean, variance: scale * scale * exp(logGamma(1 + 2 / shape)) - mean * mean }
}

function ofHypergeometric(population: number, marked: number, draws: number): Moments {
  if (population <= 1) return { mean: marked * draws, variance: 0 }
  const share = marked / population
  const mean = draws * share
  const left = (population - draws) / (population - 1)
  return { mean, variance: mean * (1 - share) * left }
}

function ofLines(shares: readonly number[], values: readonly number[]): Moments {
  const pieces = values.slice(1).map((right, index) => ({
    ...{ left: values[index]!, right },
    width: shares[index + 1]! - shares[index]!,
  }))
  const sum = (of: (piece: { left: number; right: number }) => number): number =>
    pieces.reduce((total, piece) => total + piece.width * of(piece), 0)
  const mean = sum(({ left, right }) => (left + right) / 2)
  const variance = sum((piece) => {
    const [left, right] = [piece.left - mean, piece.right - mean]
    return (left * left + left * right + right * right) / 3
  })
  return { mean, variance }
}
