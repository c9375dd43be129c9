import type { Distribution } from './distributions.ts'
import { DistributionError } from './errors.ts'

type Expect = (holds: boolean, expected: string) => void
type Numbers = readonly number[]

/** Tables have some 18 entries per deviation: at most about half a million. */
const countMax = 1_000_000_000

type ParameterType = 'number' | 'list' | 'distribution' | 'number or nothing'

/** What each kind must have: a script is not always type-checked before it runs. */
const parameterTypes: Readonly<Record<Distribution['kind'], Record<string, ParameterType>>> = {
  constant: { value: 'number' },
  uniform: { low: 'number', high: 'number' },
  exponential: { mean: 'number' },
  normal: { mean: 'number', deviation: 'number' },
  lognormal: { median: 'number', sigma: 'number' },
  pareto: { scale: 'number', shape: 'number' },
  weibull: { scale: 'number', shape: 'number' },
  gamma: { scale: 'number', shape: 'number' },
  triangular: { low: 'number', mode: 'number', high: 'number' },
  empirical: { shares: 'list', values: 'list' },
  discrete: { values: 'list', weights: 'list' },
  poisson: { mean: 'number' },
  binomial: { trials: 'number', probability: 'number' },
  hypergeometric: { population: 'number', marked: 'number', draws: 'number' },
  truncated: { of: 'distribution', low: 'number or nothing', high: 'number or nothing' },
}

/**
 * Checks the parameters of a distribution.
 *
 * @throws DistributionError where they are impossible; it says what is expected.
 */
export function checkDistribution(distribution: Distribution): void {
  const expect: Expect = (holds, expected) => {
    if (!holds) throw new DistributionError(distribution.kind, expected, distribution)
  }
  checkShape(distribution, expect)
  const positive = (name: string, value: number): void => expect(value > 0, `a '${name}' above 0`)
  const notNegative = (name: string, value: number): void =>
    expect(value >= 0, `a '${name}' of at least 0`)

  switch (distribution.kind) {
    case 'constant':
      return
    case 'uniform':
      return expect(distribution.low <= distribution.high, "'low' of at most 'high'")
    case 'exponential':
      return positive('mean', distribution.mean)
    case 'normal':
      return notNegative('deviation', distribution.deviation)
    case 'lognormal':
      positive('median', distribution.median)
      return notNegative('sigma', distribution.sigma)
    case 'pareto':
    case 'weibull':
      positive('scale', distribution.scale)
      return positive('shape', distribution.shape)
    case 'gamma': {
      const { scale, shape } = distribution
      positive('scale', scale)
      return expect(shape >= 0.01 && shape <= 1e6, "a 'shape' from 0.01 to 1000000")
    }
    case 'triangular': {
      const { low, mode, high } = distribution
      return expect(low <= mode && mode <= high, "'low', 'mode' and 'high' in this order")
    }
    case 'poisson':
      positive('mean', distribution.mean)
      return expect(distribution.mean <= countMax, `a 'mean' of at most ${countMax}`)
    case 'truncated': {
      const { of, low, high } = distribution
      checkDistribution(of)
      expect(low !== undefined || high !== undefined, "'low', 'high' or both")
      return expect((low ?? high!) <= (high ?? low!), "'low' of at most 'high'")
    }
    case 'empirical':
      return checkEmpirical(distribution.shares, distribution.values, expect)
    case 'discrete':
      return checkDiscrete(distribution.values, distribution.weights, expect)
    case 'binomial': {
      const { trials, probability } = distribution
      expect(isCount(trials), `whole 'trials' from 0 to ${countMax}`)
      return expect(probability >= 0 && probability <= 1, "a 'probability' from 0 to 1")
    }
    case 'hypergeometric': {
      const { population, marked, draws } = distribution
      expect(isCount(population), `a whole 'population' from 0 to ${countMax}`)
      expect(isCount(marked) && marked <= population, "whole 'marked' of at most 'population'")
      return expect(isCount(draws) && draws <= population, "whole 'draws' of at most 'population'")
    }
    default:
      return distribution satisfies never
  }
}

/** The kind is known, and all that it needs is there and of the right type. */
function checkShape(distribution: Distribution, expect: Expect): void {
  const kinds = Object.keys(parameterTypes)
  const isKnown = kinds.includes(distribution.kind)
  expect(isKnown, `one of the kinds that there are: ${kinds.join(', ')}`)
  const given = distribution as unknown as Record<string, unknown>
  for (const [name, type] of Object.entries(parameterTypes[distribution.kind])) {
    const value = given[name]
    if (type === 'list') expect(Array.isArray(value), `a list of '${name}'`)
    else if (type === 'distribution') {
      expect(typeof value === 'object', `a distribution as '${name}'`)
    } else if (value !== undefined || type === 'number') {
      expect(typeof value === 'number', `a number as '${name}'`)
      expect(Number.isFinite(value), `a finite '${name}'`)
    }
  }
}

const isCount = (value: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= countMax

const rises = (values: Numbers, strictly: boolean): boolean =>
  values.every(
    (value, index) =>
      Number.isFinite(value) &&
      (index === 0 || value > values[index - 1]! || (!strictly && value === values[index - 1])),
  )

function checkEmpirical(shares: Numbers, values: Numbers, expect: Expect): void {
  expect(shares.length === values.length, "as many 'shares' as 'values'")
  expect(shares.length >= 2, 'at least two values')
  expect(shares[0] === 0 && shares.at(-1) === 1, "'shares' from 0 to 1")
  expect(rises(shares, true), "'shares' that rise")
  expect(rises(values, false), "finite 'values' that do not fall")
}

function checkDiscrete(values: Numbers, weights: Numbers, expect: Expect): void {
  expect(weights.length === values.length, "as many 'weights' as 'values'")
  expect(rises(values, true), "finite 'values' that rise")
  const valid = weights.every((weight) => weight >= 0 && Number.isFinite(weight))
  expect(valid, "finite 'weights' of at least 0")
  expect(weights.some((weight) => weight > 0), "at least one of 'weights' above 0")
}
