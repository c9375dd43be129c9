import { expect, test } from 'vitest'
import { createSampler, type Distribution } from './distributions.ts'
import { DistributionError } from './errors.ts'
import { createStream } from './streams.ts'

const [one, two] = [{ kind: 'exponential', mean: 1 }, [0, 1]] as const
const impossible: readonly [Distribution, string][] = [
  [{ kind: 'weibull', scale: 0, shape: 1 }, "a 'scale' above 0"],
  [{ kind: 'weibull', scale: 1, shape: -1 }, "a 'shape' above 0"],
  [{ kind: 'gamma', scale: 1, shape: 0 }, "a 'shape' from 0.01 to 1000000"],
  [{ kind: 'gamma', scale: Number.NaN, shape: 1 }, "a finite 'scale'"],
  [{ kind: 'triangular', low: 2, mode: 1, high: 3 }, "'low', 'mode' and 'high' in this order"],
  [{ kind: 'empirical', shares: [0, 1], values: [1] }, "as many 'shares' as 'values'"],
  [{ kind: 'empirical', shares: [0], values: [1] }, 'at least two values'],
  [{ kind: 'empirical', shares: [0, 0.9], values: [1, 2] }, "'shares' from 0 to 1"],
  [{ kind: 'empirical', shares: [0, 0, 1], values: [1, 2, 3] }, "'shares' that rise"],
  [{ kind: 'empirical', shares: two, values: [2, 1] }, "'values' that do not fall"],
  [{ kind: 'empirical', shares: two, values: [1, Number.NaN] }, "finite 'values'"],
  [{ kind: 'discrete', values: [1], weights: [] }, "as many 'weights' as 'values'"],
  [{ kind: 'discrete', values: [1, 1], weights: [1, 1] }, "finite 'values' that rise"],
  [{ kind: 'discrete', values: two, weights: [1, -1] }, "'weights' of at least 0"],
  [{ kind: 'discrete', values: two, weights: [0, 0] }, "one of 'weights' above 0"],
  [{ kind: 'discrete', values: [], weights: [] }, "one of 'weights' above 0"],
  [{ kind: 'poisson', mean: 0 }, "a 'mean' above 0"],
  [{ kind: 'poisson', mean: 1e10 }, "a 'mean' of at most"],
  [{ kind: 'binomial', trials: 1.5, probability: 0.5 }, "whole 'trials'"],
  [{ kind: 'binomial', trials: 5, probability: 1.1 }, "a 'probability' from 0 to 1"],
  [{ kind: 'hypergeometric', population: -1, marked: 0, draws: 0 }, "a whole 'population'"],
  [{ kind: 'hypergeometric', population: 5, marked: 6, draws: 1 }, "'marked' of at most"],
  [{ kind: 'hypergeometric', population: 5, marked: 5, draws: 6 }, "'draws' of at most"],
  [{ kind: 'truncated', of: one }, "'low', 'high' or both"],
  [{ kind: 'truncated', of: one, low: 2, high: 1 }, "'low' of at most 'high'"],
  [{ kind: 'truncated', of: one, low: 20 }, 'at least a millionth'],
  [{ kind: 'truncated', of: one, high: -1 }, 'at least a millionth'],
  [{ kind: 'truncated', of: { kind: 'exponential', mean: 0 }, low: 1 }, "a 'mean' above 0"],
  // What a script that nobody type-checks may bring.
  [{ kind: 'zeta' } as never, 'there are: constant, uniform, exponential'],
  [{ kind: 'exponential' } as never, "a number as 'mean'"],
  [{ kind: 'normal', mean: 0, stdev: 1 } as never, "a number as 'deviation'"],
  [{ kind: 'empirical', values: [1, 2] } as never, "a list of 'shares'"],
  [{ kind: 'truncated', low: 0 } as never, "a distribution as 'of'"],
  [{ kind: 'weibull', scale: 1, shape: Number.NaN }, '"shape":"NaN"'],
]

test.each(impossible)('impossible: %o', (distribution, expected) => {
  expect(() => createSampler(distribution)).toThrow(DistributionError)
  expect(() => createSampler(distribution)).toThrow(expected)
})

test.each<Distribution>([
  { kind: 'uniform', low: 3, high: 3 },
  { kind: 'triangular', low: 3, mode: 3, high: 3 },
  { kind: 'empirical', shares: [0, 1], values: [3, 3] },
  { kind: 'normal', mean: 3, deviation: 0 },
  { kind: 'lognormal', median: 3, sigma: 0 },
  { kind: 'truncated', of: { kind: 'constant', value: 3 }, low: 3, high: 3 },
])('a single value is possible: %o', (distribution) => {
  const stream = createStream({ seed: 'single', replication: 0, purpose: 'x' })
  expect(createSampler(distribution)(stream)).toBe(3)
})
