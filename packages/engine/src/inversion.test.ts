import { describe, expect, test } from 'vitest'
import {
  createInverse,
  createSampler,
  type Distribution,
  drawableRange,
  empiricalOf,
  exponential,
  pareto,
  weibull,
} from './distributions.ts'
import { DistributionError } from './errors.ts'
import { meanOf, varianceOf } from './moments.ts'
import { createStream, type Stream } from './streams.ts'

const open = (purpose: string, antithetic = false): Stream =>
  createStream({ seed: 'inversion', replication: 0, purpose, antithetic })

/** P(X ≤ x) of what has a closed form. */
const continuous: readonly [Distribution, (x: number) => number][] = [
  [{ kind: 'weibull', scale: 3, shape: 0.7 }, (x) => 1 - Math.exp(-((x / 3) ** 0.7))],
  [{ kind: 'weibull', scale: 1, shape: 4 }, (x) => 1 - Math.exp(-(x ** 4))],
  [{ kind: 'gamma', scale: 2, shape: 1 }, (x) => 1 - Math.exp(-x / 2)],
  [
    { kind: 'gamma', scale: 5, shape: 3 },
    (x) => 1 - Math.exp(-x / 5) * (1 + x / 5 + x ** 2 / 50),
  ],
  [
    { kind: 'triangular', low: 2, mode: 4, high: 10 },
    (x) => (x < 4 ? (x - 2) ** 2 / 16 : 1 - (10 - x) ** 2 / 48),
  ],
  [
    { kind: 'triangular', low: 0, mode: 1, high: 1 },
    (x) => x ** 2,
  ],
  [
    { kind: 'empirical', shares: [0, 0.5, 0.9, 1], values: [1, 3, 4, 10] },
    (x) => (x < 3 ? (x - 1) / 4 : x < 4 ? 0.5 + (x - 3) * 0.4 : 0.9 + (x - 4) / 60),
  ],
  [
    { kind: 'truncated', of: { kind: 'exponential', mean: 2 }, low: 1, high: 5 },
    (x) => (Math.exp(-0.5) - Math.exp(-x / 2)) / (Math.exp(-0.5) - Math.exp(-2.5)),
  ],
  [
    { kind: 'truncated', of: { kind: 'pareto', scale: 1, shape: 1.2 }, high: 50 },
    (x) => (1 - x ** -1.2) / (1 - 50 ** -1.2),
  ],
  [
    { kind: 'truncated', of: { kind: 'uniform', low: 0, high: 10 }, low: 8 },
    (x) => (x - 8) / 2,
  ],
]

const product = (count: number, of: (i: number) => number): number =>
  Array.from({ length: count }, (_, i) => of(i + 1)).reduce((all, each) => all * each, 1)
const choose = (n: number, k: number): number =>
  k < 0 ? 0 : product(k, (i) => (n - i + 1) / i)

/** P(X = k). */
const discrete: readonly [Distribution, (k: number) => number][] = [
  [{ kind: 'poisson', mean: 0.3 }, (k) => Math.exp(-0.3) * product(k, (i) => 0.3 / i)],
  [{ kind: 'poisson', mean: 30 }, (k) => Math.exp(-30) * product(k, (i) => 30 / i)],
  [
    { kind: 'binomial', trials: 20, probability: 0.3 },
    (k) => choose(20, k) * 0.3 ** k * 0.7 ** (20 - k),
  ],
  [
    { kind: 'hypergeometric', population: 50, marked: 20, draws: 10 },
    (k) => (choose(20, k) * choose(30, 10 - k)) / choose(50, 10),
  ],
  [
    { kind: 'hypergeometric', population: 10, marked: 8, draws: 7 },
    (k) => (choose(8, k) * choose(2, 7 - k)) / choose(10, 7),
  ],
  [
    // Both bounds belong to it.
    { kind: 'truncated', of: { kind: 'poisson', mean: 3 }, low: 1, high: 3 },
    (k) => ({ 1: 3, 2: 4.5, 3: 4.5 })[k]! / 12 || 0,
  ],
  [
    { kind: 'discrete', values: [0, 2, 3, 7], weights: [1, 0, 2, 5] },
    (k) => ({ 0: 0.125, 3: 0.25, 7: 0.625 })[k] ?? 0,
  ],
]

describe('goodness of fit', () => {
  test.each(continuous)('Kolmogorov and Smirnov: %o', (distribution, share) => {
    const count = 20_000
    const [sampler, stream] = [createSampler(distribution), open(JSON.stringify(distribution))]
    const draws = Array.from({ length: count }, () => sampler(stream))
    const distance = (numbers: readonly number[]): number =>
      Float64Array.from(numbers)
        .sort()
        .reduce((largest, x, index) => {
          const expected = Math.max(0, Math.min(1, share(x)))
          return Math.max(largest, expected - index / count, (index + 1) / count - expected)
        }, 0)
    // 1.949 / √n is exceeded once in a thousand; the test can tell a difference of 8 %.
    const critical = 1.949 / Math.sqrt(count)
    expect(distance(draws)).toBeLessThan(critical)
    expect(distance(draws.map((x) => x * 1.08))).toBeGreaterThan(critical)
  })

  test.each(discrete)('χ²: %o', (distribution, probability) => {
    const count = 50_000
    const [sampler, stream] = [createSampler(distribution), open(JSON.stringify(distribution))]
    const counts = new Map<number, number>()
    for (let n = 0; n < count; n++) {
      const value = sampler(stream)
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    let [sum, cells, rest, restCount] = [0, 0, 1, count]
    for (let k = 0; k < 100; k++) {
      const [expected, found] = [probability(k) * count, counts.get(k) ?? 0]
      if (expected < 5) continue
      sum += (found - expected) ** 2 / expected
      cells++
      rest -= probability(k)
      restCount -= found
    }
    if (rest * count > 1) {
      sum += (restCount - rest * count) ** 2 / (rest * count)
      cells++
    } else expect(restCount).toBeLessThan(8)
    // Wilson and Hilferty: exceeded once in a thousand.
    const spread = 2 / (9 * (cells - 1))
    expect(sum).toBeLessThan((cells - 1) * (1 - spread + 3.09 * Math.sqrt(spread)) ** 3)
  })
})

describe('quantiles, as SciPy 1.17 has them', () => {
  test.each([
    [0.1, [6.073048362407965e-91, 6.073048362743206e-11, 0.046392516791391634, 9.45702706045744]],
    [0.5, [7.853981633974487e-19, 0.00789538704671561, 0.7204306940265733, 11.964063488439734]],
    [2.5, [0.00040614478283282704, 0.8051539934811613, 3.4381746292007827, 17.94409343980521]],
    [40, [12.823174448352042, 32.13892223408757, 44.50089484011069, 77.54026115402883]],
    [3000, [2683.0546309079873, 2930.0241353526735, 3040.3145263547517, 3267.5910330802803]],
    [1e6, [994013.8461495816, 998718.6627499802, 1000738.6953482936, 1004760.6247134678]],
  ])('gamma of shape %d', (shape, expected) => {
    const quantile = createInverse({ kind: 'gamma', shape, scale: 1 })
    const shares = [1e-9, 0.1, 0.77, 1 - 1e-6]
    shares.forEach((share, index) => {
      expect(Math.abs(quantile(share) / expected[index]! - 1)).toBeLessThan(1e-8)
    })
  })

  test.each<[Distribution, number[]]>([
    [{ kind: 'poisson', mean: 4.5 }, [0, 1, 3, 5, 8, 18]],
    [{ kind: 'poisson', mean: 80 }, [41, 66, 75, 83, 95, 126]],
    [{ kind: 'poisson', mean: 5_000 }, [4668, 4884, 4963, 5021, 5117, 5340]],
    [{ kind: 'binomial', trials: 1_000, probability: 0.02 }, [3, 13, 18, 21, 28, 44]],
    [
      { kind: 'binomial', trials: 100_000, probability: 0.9 },
      [89546, 89844, 89950, 90029, 90156, 90448],
    ],
    [{ kind: 'hypergeometric', population: 1_000, marked: 3, draws: 500 }, [0, 0, 1, 2, 3, 3]],
    [
      { kind: 'hypergeometric', population: 1_000_000, marked: 300_000, draws: 5_000 },
      [1348, 1447, 1483, 1510, 1553, 1655],
    ],
  ])('%o', (distribution, expected) => {
    const quantile = createInverse(distribution)
    expect([1e-6, 0.05, 0.3, 0.62, 0.95, 1 - 1e-6].map(quantile)).toEqual(expected)
  })
})

describe('means and variances', () => {
  const normalOf = (low?: number, high?: number): Distribution => ({
    kind: 'truncated',
    of: { kind: 'normal', mean: 0, deviation: 1 },
    low,
    high,
  })
  test.each<[Distribution, number, number]>([
    [{ kind: 'weibull', scale: 3, shape: 0.7 }, 3.797470518171851, 30.84151998287838],
    [{ kind: 'gamma', scale: 2, shape: 3 }, 6, 12],
    [{ kind: 'triangular', low: 2, mode: 4, high: 10 }, 16 / 3, 26 / 9],
    [{ kind: 'empirical', shares: [0, 1], values: [2, 8] }, 5, 3],
    [{ kind: 'empirical', shares: [0, 0.5, 1], values: [0, 1, 1] }, 0.75, 5 / 48],
    [{ kind: 'discrete', values: [1, 3], weights: [3, 1] }, 1.5, 0.75],
    [{ kind: 'poisson', mean: 4.5 }, 4.5, 4.5],
    [{ kind: 'binomial', trials: 10, probability: 0.2 }, 2, 1.6],
    [{ kind: 'hypergeometric', population: 50, marked: 20, draws: 10 }, 4, 1.9591836734693877],
    [{ kind: 'hypergeometric', population: 1, marked: 1, draws: 1 }, 1, 0],
    [{ kind: 'uniform', low: 0, high: 6 }, 3, 3],
    [{ kind: 'normal', mean: -7, deviation: 3 }, -7, 9],
    [{ kind: 'lognormal', median: 1, sigma: 1 }, Math.exp(0.5), Math.E * (Math.E - 1)],
    [{ kind: 'pareto', scale: 2, shape: 3 }, 3, 3],
    [{ kind: 'pareto', scale: 2, shape: 1.5 }, 6, Infinity],
    [{ kind: 'constant', value: 4 }, 4, 0],
    [{ kind: 'exponential', mean: 3 }, 3, 9],
    [normalOf(-1, 2), 0.22963717909132902, 0.5197625392115339],
    [normalOf(0), 0.7978845608028654, 0.3633802276324186],
    [
      { kind: 'truncated', of: { kind: 'weibull', scale: 1, shape: 1.7 }, low: 0.5, high: 2 },
      1.0361062856377343,
      0.1404806121817977,
    ],
    [{ kind: 'truncated', of: { kind: 'exponential', mean: 2 }, low: 3 }, 5, 4],
    [{ kind: 'truncated', of: { kind: 'pareto', scale: 1, shape: 1.5 }, low: 4 }, 12, Infinity],
    // ∫ √x ÷ x and ∫ x √x ÷ x over 1 … 9, both over 4/3: an upper bound gives it both moments.
    [{ kind: 'truncated', of: { kind: 'pareto', scale: 1, shape: 0.5 }, high: 9 }, 3, 4],
  ])('%o', (distribution, mean, variance) => {
    expect(meanOf(distribution) / mean).toBeCloseTo(1, 6)
    if (variance < 1e9 && variance > 0) {
      expect(varianceOf(distribution) / variance).toBeCloseTo(1, 4)
    } else expect(varianceOf(distribution)).toBe(variance)
    // The draws agree, within five standard errors of their mean.
    if (variance === Infinity) return
    const [sampler, stream] = [createSampler(distribution), open(`mean ${mean}`)]
    const draws = Array.from({ length: 10_000 }, () => sampler(stream))
    const found = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
    expect(Math.abs(found - mean)).toBeLessThanOrEqual(5 * Math.sqrt(variance / 10_000))
  })
})

describe('inversion', () => {
  const all = [...continuous, ...discrete].map(([distribution]) => distribution)

  test.each(all)('one uniform number gives one draw, monotonically: %o', (distribution) => {
    const [one, other] = [open('step'), open('step')]
    createSampler(distribution)(one)
    other.uniform()
    expect(one.bits()).toBe(other.bits())
    const invert = createInverse(distribution)
    const values = Array.from({ length: 2_001 }, (_, n) => invert((n + 0.5) / 2_001))
    const sign = values.at(-1)! > values[0]! ? 1 : -1
    expect(values.every((value, n) => n === 0 || (value - values[n - 1]!) * sign >= 0)).toBe(true)
    const { smallest, largest } = drawableRange(distribution)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(smallest)
    expect(Math.max(...values)).toBeLessThanOrEqual(largest)
    expect(Number.isFinite(smallest) && Number.isFinite(largest)).toBe(true)
  })

  test('functions and samplers draw the same; a shape of 1 is exponential', () => {
    const sampled = (of: Distribution): number => createSampler(of)(open('same'))
    expect(weibull(open('same'), 3, 0.7)).toBe(sampled({ kind: 'weibull', scale: 3, shape: 0.7 }))
    expect(weibull(open('same'), 3, 1)).toBe(exponential(open('same'), 3))
    expect(pareto(open('same'), 2, 3)).toBe(sampled({ kind: 'pareto', scale: 2, shape: 3 }))
  })

  test('extreme parameters give finite numbers', () => {
    for (const distribution of [
      ...[{ kind: 'gamma', scale: 1, shape: 0.01 }, { kind: 'gamma', scale: 1e9, shape: 1e6 }],
      ...[{ kind: 'poisson', mean: 1e-9 }, { kind: 'poisson', mean: 1e6 }],
      ...[{ kind: 'binomial', trials: 0, probability: 0.5 }],
      ...[{ kind: 'binomial', trials: 9, probability: 1 }],
      ...[{ kind: 'hypergeometric', population: 0, marked: 0, draws: 0 }],
      ...[{ kind: 'hypergeometric', population: 9, marked: 9, draws: 4 }],
      ...[{ kind: 'hypergeometric', population: 9, marked: 0, draws: 4 }],
      ...[{ kind: 'triangular', low: 3, mode: 3, high: 3 }],
      ...[{ kind: 'weibull', scale: 1, shape: 0.05 }],
    ] as Distribution[]) {
      const { smallest, largest } = drawableRange(distribution)
      expect(Number.isFinite(largest), JSON.stringify(distribution)).toBe(true)
      expect(smallest).toBeGreaterThanOrEqual(0)
    }
    expect(drawableRange({ kind: 'binomial', trials: 9, probability: 1 }).smallest).toBe(9)
    const marked = { kind: 'hypergeometric', population: 9, marked: 9, draws: 4 } as const
    expect(drawableRange(marked)).toEqual({ smallest: 4, largest: 4 })
  })

  test('measured values become a distribution', () => {
    const measured = empiricalOf([5, 1, 2])
    expect(measured).toEqual({ kind: 'empirical', shares: [0, 0.5, 1], values: [1, 2, 5] })
    expect([0.25, 0.5, 0.75].map(createInverse(measured))).toEqual([1.5, 2, 3.5])
    expect(() => empiricalOf([1])).toThrow(DistributionError)
  })
})
