import { describe, expect, test } from 'vitest'
import { createDiscrete, createZipf } from './discrete.ts'
import { createSampler, type Distribution } from './distributions.ts'
import { DistributionError } from './errors.ts'
import { meanOf } from './moments.ts'
import { createStream, type Stream } from './streams.ts'

const open = (purpose: string): Stream => createStream({ seed: 'fit', replication: 0, purpose })

/** Φ(x) by Abramowitz and Stegun 7.1.26, to 10⁻⁷. */
function normalShare(x: number): number {
  const z = Math.abs(x) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * z)
  const c = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592]
  const tail = c.reduce((sum, each) => sum * t + each, 0) * t * Math.exp(-z * z)
  return x < 0 ? tail / 2 : 1 - tail / 2
}

/** P(X ≤ x). */
function share(distribution: Distribution, x: number): number {
  switch (distribution.kind) {
    case 'constant':
      return x < distribution.value ? 0 : 1
    case 'uniform':
      return (x - distribution.low) / (distribution.high - distribution.low)
    case 'exponential':
      return 1 - Math.exp(-x / distribution.mean)
    case 'normal':
      return normalShare((x - distribution.mean) / distribution.deviation)
    case 'lognormal':
      return normalShare(Math.log(x / distribution.median) / distribution.sigma)
    case 'pareto':
      return 1 - (distribution.scale / x) ** distribution.shape
    default:
      throw new Error(`${distribution.kind} is tested elsewhere`)
  }
}

const fitted: readonly Distribution[] = [
  { kind: 'uniform', low: -3, high: 8 },
  { kind: 'exponential', mean: 12 },
  { kind: 'normal', mean: -5, deviation: 2 },
  { kind: 'lognormal', median: 30, sigma: 0.7 },
  { kind: 'lognormal', median: 1, sigma: 2 },
  { kind: 'pareto', scale: 2, shape: 1.5 },
  { kind: 'pareto', scale: 1, shape: 5 },
]

describe('samplers follow their distributions', () => {
  const count = 20_000
  /** Kolmogorov and Smirnov's distance; 1.949 / √n is exceeded once in a thousand. */
  const critical = 1.949 / Math.sqrt(count)

  const distance = (draws: readonly number[], distribution: Distribution): number => {
    const sorted = Float64Array.from(draws).sort()
    return sorted.reduce((largest, x, index) => {
      const expected = share(distribution, x)
      return Math.max(largest, expected - index / count, (index + 1) / count - expected)
    }, 0)
  }

  test.each(fitted)('$kind %o', (distribution) => {
    const [sampler, stream] = [createSampler(distribution), open(JSON.stringify(distribution))]
    const draws = Array.from({ length: count }, () => sampler(stream))
    expect(distance(draws, distribution)).toBeLessThan(critical)
    // The test can tell: one percent more is too much for most of them, three for all.
    const wrong = draws.map((x) => x * 1.03 + 0.03)
    expect(distance(wrong, distribution)).toBeGreaterThan(critical)
  })

  test('a constant', () => {
    const sampler = createSampler({ kind: 'constant', value: -2.5 })
    expect(sampler(open('constant'))).toBe(-2.5)
  })

  test('one uniform number gives one draw, so that streams stay in step', () => {
    for (const distribution of fitted) {
      const [one, other] = [open('step'), open('step')]
      createSampler(distribution)(one)
      other.uniform()
      expect(one.bits()).toBe(other.bits())
    }
  })
})

describe('means', () => {
  test('closed forms', () => {
    expect(meanOf({ kind: 'constant', value: 4 })).toBe(4)
    expect(meanOf({ kind: 'uniform', low: 2, high: 6 })).toBe(4)
    expect(meanOf({ kind: 'exponential', mean: 7 })).toBe(7)
    expect(meanOf({ kind: 'normal', mean: -7, deviation: 3 })).toBe(-7)
    expect(meanOf({ kind: 'lognormal', median: 3, sigma: 1 })).toBeCloseTo(3 * Math.exp(0.5), 12)
    expect(meanOf({ kind: 'pareto', scale: 2, shape: 3 })).toBe(3)
    expect(meanOf({ kind: 'pareto', scale: 2, shape: 1 })).toBe(Infinity)
  })
})

const impossible: readonly Distribution[] = [
  { kind: 'constant', value: Number.NaN },
  { kind: 'constant', value: Infinity },
  { kind: 'uniform', low: 2, high: 1 },
  { kind: 'uniform', low: -Infinity, high: 1 },
  { kind: 'exponential', mean: 0 },
  { kind: 'exponential', mean: -1 },
  { kind: 'normal', mean: 0, deviation: -1 },
  { kind: 'normal', mean: Number.NaN, deviation: 1 },
  { kind: 'lognormal', median: 0, sigma: 1 },
  { kind: 'lognormal', median: 1, sigma: -0.1 },
  { kind: 'pareto', scale: 0, shape: 1 },
  { kind: 'pareto', scale: 1, shape: 0 },
]

test.each(impossible)('impossible: %o', (distribution) => {
  expect(() => createSampler(distribution)).toThrow(DistributionError)
  expect(() => createSampler(distribution)).toThrow(`The ${distribution.kind} distribution expects`)
})

/** Pearson's χ² of draws against probabilities. */
function chiSquare(draws: readonly number[], probabilities: readonly number[]): number {
  const counts = probabilities.map(() => 0)
  for (const draw of draws) counts[draw]! += 1
  return probabilities.reduce((sum, probability, index) => {
    const expected = probability * draws.length
    if (expected === 0) return counts[index] === 0 ? sum : Infinity
    return sum + (counts[index]! - expected) ** 2 / expected
  }, 0)
}

/** The value of χ² that is exceeded once in a thousand (Wilson and Hilferty). */
function chiSquareCritical(freedom: number): number {
  const spread = 2 / (9 * freedom)
  return freedom * (1 - spread + 3.09 * Math.sqrt(spread)) ** 3
}

describe('discrete distributions', () => {
  const weightings = [
    [1, 1, 1, 1],
    [5, 0, 1, 4, 0],
    [1e-3, 1, 1e3],
    Array.from({ length: 100 }, (_, index) => (index * 37) % 101),
  ]

  test.each(weightings)('weights %#', (...weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const [sampler, stream] = [createDiscrete(weights), open(`discrete ${weights.length}`)]
    const draws = Array.from({ length: 50_000 }, () => sampler(stream))
    const probabilities = weights.map((weight) => weight / total)
    const freedom = weights.filter((weight) => weight > 0).length - 1
    expect(chiSquare(draws, probabilities)).toBeLessThan(chiSquareCritical(freedom))
  })

  test('a single weight, and what cannot be', () => {
    expect(createDiscrete([3])(open('one'))).toBe(0)
    for (const weights of [[], [0, 0], [1, -1], [Number.NaN], [Infinity]]) {
      expect(() => createDiscrete(weights)).toThrow(DistributionError)
    }
  })

  test.each([0, 0.8, 1, 2.5])('Zipf with exponent %d', (exponent) => {
    const ranks = 50
    const powers = Array.from({ length: ranks }, (_, rank) => (rank + 1) ** -exponent)
    const total = powers.reduce((sum, power) => sum + power, 0)
    const [sampler, stream] = [createZipf(ranks, exponent), open(`zipf ${exponent}`)]
    const draws = Array.from({ length: 100_000 }, () => sampler(stream))
    const probabilities = powers.map((power) => power / total)
    expect(chiSquare(draws, probabilities)).toBeLessThan(chiSquareCritical(ranks - 1))
  })

  test('Zipf of no ranks, of half a rank, of a negative exponent', () => {
    for (const [count, exponent] of [
      ...[[0, 1], [2.5, 1], [-1, 1]],
      ...[[5, -1], [5, Number.NaN]],
    ]) {
      expect(() => createZipf(count!, exponent!)).toThrow(DistributionError)
    }
  })

  test('uniform integers', () => {
    const stream = open('below')
    const draws = Array.from({ length: 60_000 }, () => stream.below(60))
    const probabilities = Array.from({ length: 60 }, () => 1 / 60)
    expect(chiSquare(draws, probabilities)).toBeLessThan(chiSquareCritical(59))
  })
})
