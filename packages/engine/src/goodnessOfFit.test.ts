import { describe, expect, test } from 'vitest'
import { createDiscrete, createZipf } from './discrete.ts'
import { createSampler, type Distribution } from './distributions.ts'
import { createStream, type Stream } from './streams.ts'

/**
 * Extreme parameters, against reference shares that share no code with the samplers. Level: each
 * comparison is exceeded once in a thousand runs. Sample: 100,000 draws.
 */
const count = 100_000
const open = (purpose: string): Stream => createStream({ seed: 'extreme', replication: 0, purpose })
const drawn = (distribution: Distribution): Float64Array => {
  const [sampler, stream] = [createSampler(distribution), open(JSON.stringify(distribution))]
  return Float64Array.from({ length: count }, () => sampler(stream))
}

/** A share by adding up a density over even steps; it need not be normalised. */
function integrated(density: (y: number) => number, low: number, high: number) {
  const steps = 400_000
  const width = (high - low) / steps
  const sums = new Float64Array(steps + 1)
  for (let step = 0; step < steps; step++) {
    const from = low + step * width
    const [one, half, other] = [density(from), density(from + width / 2), density(from + width)]
    sums[step + 1] = sums[step]! + (one + 4 * half + other) / 6
  }
  return (y: number): number => {
    const at = Math.min(steps, Math.max(0, (y - low) / width))
    const step = Math.min(steps - 1, Math.floor(at))
    return (sums[step]! + (at - step) * (sums[step + 1]! - sums[step]!)) / sums[steps]!
  }
}
const normalShare = integrated((z) => Math.exp((-z * z) / 2), -9, 9)

/** Over y = ln x the gamma density is e^(shape · y − e^y), whatever the shape. */
function gammaShare(shape: number): (x: number) => number {
  const peak = Math.log(shape)
  const top = shape * peak - shape
  const wide = 12 / Math.sqrt(shape)
  const density = (y: number): number => Math.exp(shape * y - Math.exp(y) - top)
  const share = integrated(density, peak - wide - 40 / shape, peak + wide + 6 / (1 + shape))
  return (x) => share(Math.log(x))
}

type Row = [of: Distribution, share: (x: number) => number, near: (x: number) => number]

const uniform = (low: number, width: number) => (x: number) => (x - low) / width
const exponential = (mean: number) => (x: number) => 1 - Math.exp(-x / mean)
const normal = (mean: number, deviation: number) => (x: number) =>
  normalShare((x - mean) / deviation)
const lognormal = (median: number, sigma: number) => (x: number) =>
  normalShare(Math.log(x / median) / sigma)
const pareto = (shape: number) => (x: number) => 1 - x ** -shape
const weibull = (shape: number) => (x: number) => 1 - Math.exp(-(x ** shape))

/** The third is what the test must be able to tell apart from the second. */
const continuous: readonly Row[] = [
  [{ kind: 'uniform', low: -1e9, high: 1e9 }, uniform(-1e9, 2e9), uniform(-1e9, 2.03e9)],
  [{ kind: 'uniform', low: 5, high: 5 + 1e-9 }, uniform(5, 1e-9), uniform(5, 1.02e-9)],
  [{ kind: 'exponential', mean: 1e-12 }, exponential(1e-12), exponential(1.03e-12)],
  [{ kind: 'exponential', mean: 1e15 }, exponential(1e15), exponential(1.03e15)],
  [{ kind: 'normal', mean: 1e6, deviation: 1e-3 }, normal(1e6, 1e-3), normal(1e6, 1.04e-3)],
  [{ kind: 'normal', mean: 0, deviation: 1e12 }, normal(0, 1e12), normal(0, 1.04e12)],
  [{ kind: 'lognormal', median: 1, sigma: 0.001 }, lognormal(1, 1e-3), lognormal(1, 1.04e-3)],
  [{ kind: 'lognormal', median: 1e-6, sigma: 12 }, lognormal(1e-6, 12), lognormal(1e-6, 12.5)],
  [{ kind: 'pareto', scale: 1, shape: 0.05 }, pareto(0.05), pareto(0.052)],
  [{ kind: 'pareto', scale: 1, shape: 500 }, pareto(500), pareto(515)],
  [{ kind: 'weibull', scale: 1, shape: 0.05 }, weibull(0.05), weibull(0.053)],
  [{ kind: 'weibull', scale: 1, shape: 200 }, weibull(200), weibull(210)],
  [{ kind: 'gamma', scale: 1, shape: 0.01 }, gammaShare(0.01), gammaShare(0.0103)],
  [{ kind: 'gamma', scale: 1, shape: 0.35 }, gammaShare(0.35), gammaShare(0.36)],
  [{ kind: 'gamma', scale: 1, shape: 7.5 }, gammaShare(7.5), gammaShare(7.6)],
  [{ kind: 'gamma', scale: 1, shape: 1e6 }, gammaShare(1e6), gammaShare(1e6 + 20)],
  [
    // A measured distribution with a jump and a far tail.
    { kind: 'empirical', shares: [0, 0.4, 0.7, 0.999, 1], values: [0, 2, 2, 3, 1e6] },
    (x) => (x < 2 ? x / 5 : x < 3 ? 0.7 + (x - 2) * 0.299 : 0.999 + ((x - 3) / (1e6 - 3)) / 1e3),
    (x) => (x < 2 ? x / 5 : x < 3 ? 0.7 + (x - 2) * 0.28 : 0.98 + ((x - 3) / (1e6 - 3)) / 50),
  ],
]

/** The largest distance of Kolmogorov and Smirnov; draws that are equal count as one jump. */
function distance(sorted: Float64Array, share: (x: number) => number): number {
  let largest = 0
  for (let index = 0; index < sorted.length; ) {
    let next = index + 1
    while (next < sorted.length && sorted[next] === sorted[index]) next++
    const expected = share(sorted[index]!)
    // Where many draws are equal, the share below the jump is not known here.
    if (next === index + 1) largest = Math.max(largest, expected - index / count)
    largest = Math.max(largest, Math.abs(next / count - expected))
    index = next
  }
  return largest
}

describe('Kolmogorov and Smirnov, and how many draws lie in the outer thousandths', () => {
  test.each(continuous)('%o', (distribution, share, near) => {
    const sorted = drawn(distribution).sort()
    const critical = 1.949 / Math.sqrt(count)
    expect(distance(sorted, share)).toBeLessThan(critical)
    expect(distance(sorted, near)).toBeGreaterThan(critical)
    const shares = sorted.map(share)
    const [low, high] = [
      shares.filter((value) => value < 0.001).length,
      shares.filter((value) => value > 0.999).length,
    ]
    for (const tail of [low, high]) {
      expect(Math.abs(tail - count / 1_000)).toBeLessThan(3.29 * Math.sqrt(count / 1_000))
    }
  })
})

/** ln n! by Stirling's series, to 12 digits. */
function logFactorial(n: number): number {
  if (n < 20) {
    let product = 1
    for (let factor = 2; factor <= n; factor++) product *= factor
    return Math.log(product)
  }
  const series = 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1_260 * n ** 5)
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + series
}
const logChoose = (n: number, k: number): number =>
  k < 0 || k > n
    ? Number.NEGATIVE_INFINITY
    : logFactorial(n) - logFactorial(k) - logFactorial(n - k)
const poisson = (mean: number) => (k: number) =>
  Math.exp(k * Math.log(mean) - mean - logFactorial(k))
const hypergeometric = (all: number, marked: number, draws: number) => (k: number) =>
  Math.exp(logChoose(marked, k) + logChoose(all - marked, draws - k) - logChoose(all, draws))
const zipf = (ranks: number, exponent: number) => {
  let total = 0
  for (let rank = ranks; rank >= 1; rank--) total += rank ** -exponent
  return (k: number): number => (k + 1) ** -exponent / total
}

/**
 * Pearson's χ² over the values from `low` to `high`, put together until at least 20 are expected,
 * or of many values a two-hundredth of all; and the value that is exceeded once in a thousand, by
 * Wilson and Hilferty.
 */
function chiSquare(
  draws: ArrayLike<number>,
  [low, high]: readonly [number, number],
  probability: (k: number) => number,
): { sum: number; critical: number } {
  const counts = new Float64Array(high - low + 1)
  let outside = 0
  for (let index = 0; index < draws.length; index++) {
    const draw = draws[index]!
    if (draw < low || draw > high) outside++
    else counts[draw - low] = counts[draw - low]! + 1
  }
  expect(outside).toBe(0)
  const least = high - low > 1_000 ? draws.length / 200 : 20
  let [sum, cells, expected, found, total] = [0, 0, 0, 0, 0]
  const close = (): void => {
    sum += (found - expected) ** 2 / expected
    cells++
    expected = 0
    found = 0
  }
  for (let k = low; k <= high; k++) {
    const each = probability(k) * draws.length
    total += each
    expected += each
    found += counts[k - low]!
    // What is left behind is put into the last cell.
    if (expected >= least && draws.length - total >= least) close()
  }
  expect(Math.abs(total / draws.length - 1)).toBeLessThan(1e-6)
  close()
  const freedom = Math.max(1, cells - 1)
  const spread = 2 / (9 * freedom)
  return { sum, critical: freedom * (1 - spread + 3.09 * Math.sqrt(spread)) ** 3 }
}

type Counts = [
  name: string,
  draws: () => ArrayLike<number>,
  range: readonly [number, number],
  probability: (k: number) => number,
  near: (k: number) => number,
]
const of = (distribution: Distribution) => () => drawn(distribution)
const drawnBy = (sampler: (stream: Stream) => number, name: string) => () => {
  const stream = open(name)
  return Float64Array.from({ length: count }, () => sampler(stream))
}

const wide = Array.from({ length: 20_000 }, (_, k) => (k % 2 === 0 ? 1e-9 : (k * 7_919) % 1_009))
/** The weights with the first half of them a little larger. */
const moved = wide.map((weight, k) => (k < 10_000 ? weight * 1.08 : weight))
const shareOf = (weights: readonly number[]) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return (k: number): number => weights[k]! / total
}

const discrete: readonly Counts[] = [
  ['poisson 0.01', of({ kind: 'poisson', mean: 0.01 }), [0, 9], poisson(0.01), poisson(0.012)],
  [
    ...['poisson 1,000,000', of({ kind: 'poisson', mean: 1e6 })],
    ...[[990_000, 1_010_000], poisson(1e6), poisson(1e6 + 40)],
  ] as unknown as Counts,
  [
    'hypergeometric 9 of 10 marked',
    of({ kind: 'hypergeometric', population: 10, marked: 9, draws: 9 }),
    [8, 9],
    hypergeometric(10, 9, 9),
    (k) => (k === 8 ? 0.91 : 0.09),
  ],
  [
    'hypergeometric of a million',
    of({ kind: 'hypergeometric', population: 1e6, marked: 4e5, draws: 1e5 }),
    [38_000, 42_000],
    hypergeometric(1e6, 4e5, 1e5),
    hypergeometric(1e6, 4e5 + 50, 1e5),
  ],
  [
    'hypergeometric of a rare mark',
    of({ kind: 'hypergeometric', population: 1e6, marked: 3, draws: 2e5 }),
    [0, 3],
    hypergeometric(1e6, 3, 2e5),
    hypergeometric(1e6, 3, 2.05e5),
  ],
  [
    'zipf 0.5 over 100,000 ranks',
    drawnBy(createZipf(100_000, 0.5), 'zipf flat'),
    [0, 99_999],
    zipf(100_000, 0.5),
    zipf(100_000, 0.47),
  ],
  ['zipf 6', drawnBy(createZipf(50, 6), 'zipf 6'), [0, 49], zipf(50, 6), zipf(50, 5.8)],
  [
    'alias of 20,000 weights over 12 decades',
    drawnBy(createDiscrete(wide), 'alias'),
    [0, 19_999],
    shareOf(wide),
    shareOf(moved),
  ],
  [
    'discrete values of far weights',
    () => drawn({ kind: 'discrete', values: [0, 1, 2], weights: [1, 1e3, 1e-3] }),
    [0, 2],
    shareOf([1, 1e3, 1e-3]),
    shareOf([1.4, 1e3, 1e-3]),
  ],
]

describe('χ²', () => {
  test.each(discrete)('%s', (_, draws, range, probability, near) => {
    const numbers = draws()
    const right = chiSquare(numbers, range, probability)
    expect(right.sum).toBeLessThan(right.critical)
    const wrong = chiSquare(numbers, range, near)
    expect(wrong.sum).toBeGreaterThan(wrong.critical)
  })
})
