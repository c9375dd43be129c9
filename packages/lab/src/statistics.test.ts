import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mean, quantile, quantileCurve, quantilesOf, studentT975 } from './statistics.ts'

describe('quantile', () => {
  // As R's `quantile(x, type = 7)` and NumPy's `percentile` give them.
  test.each([
    [[1, 2, 3, 4], 0.5, 2.5],
    [[1, 2, 3, 4], 0.25, 1.75],
    [[1, 2, 3, 4, 5], 0.95, 4.8],
    [[10, 20], 0.99, 19.9],
    [[7], 0.95, 7],
    [[1, 2, 3], 0, 1],
    [[1, 2, 3], 1, 3],
  ])('default: of %j at %d it is %d', (sample, level, expected) => {
    expect(quantile(sample, level)).toBeCloseTo(expected, 12)
  })

  test('behavior: the mean of the two neighbours, weighted by how near they are', () => {
    const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })
    const levels = fc.double({ min: 0, max: 1, noNaN: true })
    const property = fc.property(samples, levels, (sample, level) => {
      const ascending = sample.toSorted((a, b) => a - b)
      const place = level * (ascending.length - 1)
      const weights = ascending.map((_, index) => Math.max(0, 1 - Math.abs(index - place)))
      const expected = ascending.reduce((sum, value, index) => sum + value * weights[index]!, 0)
      expect(quantile(ascending, level)).toBeCloseTo(expected, 6)
    })
    fc.assert(property, fuzzParameters(300))
  })
})

describe('quantilesOf', () => {
  test('default: mean and quantiles of an unsorted sample', () => {
    const sample = Float64Array.from({ length: 101 }, (_, index) => (index * 37) % 101)
    expect(quantilesOf(sample)).toEqual({ mean: 50, p50: 50, p95: 95, p99: 99 })
  })

  test('behavior: nothing of an empty sample', () => {
    expect(quantilesOf(new Float64Array())).toBeNull()
    expect(quantileCurve([])).toEqual([])
  })

  test('behavior: the curve has a level in the middle of each hundredth', () => {
    const curve = quantileCurve(Array.from({ length: 1_001 }, (_, index) => index))
    expect(curve.length).toBe(100)
    expect([curve[0], curve[49], curve[99]]).toEqual([5, 495, 995])
  })
})

describe('studentT975', () => {
  // Abramowitz and Stegun, table 26.10; NIST/SEMATECH e-Handbook, 1.3.6.7.2.
  test.each([
    [1, 12.706],
    [2, 4.303],
    [5, 2.571],
    [10, 2.228],
    [20, 2.086],
    [30, 2.042],
    [31, 2.04],
    [40, 2.021],
    [60, 2],
    [120, 1.98],
    [1_000, 1.962],
  ])('default: with %d degrees of freedom it is %d', (degrees, expected) => {
    expect(Math.abs(studentT975(degrees) - expected)).toBeLessThan(0.000_6)
  })

  /** P(|T| ≤ t), in closed form: Abramowitz and Stegun, 26.7.3 and 26.7.4. */
  const within = (t: number, degrees: number): number => {
    const angle = Math.atan(t / Math.sqrt(degrees))
    const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
    const isOdd = degrees % 2 === 1
    let term = isOdd ? cosine : 1
    let sum = 0
    for (let power = isOdd ? 1 : 0; power <= degrees - 2; power += 2) {
      sum += term
      term *= (cosine * cosine * (power + 1)) / (power + 2)
    }
    return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
  }

  test('default: 95 % are within it, for each number of degrees', () => {
    for (let degrees = 1; degrees <= 200; degrees++) {
      const t = studentT975(degrees)
      const off = degrees <= 30 ? 0.000_51 : 0.000_1
      expect(within(t - off, degrees)).toBeLessThan(0.95)
      expect(within(t + off, degrees)).toBeGreaterThan(0.95)
    }
  })

  test('behavior: falls towards the normal quantile', () => {
    const values = Array.from({ length: 300 }, (_, index) => studentT975(index + 1))
    expect(values).toEqual(values.toSorted((a, b) => b - a))
    expect(studentT975(1e9)).toBeCloseTo(1.959_964, 6)
  })
})

test('mean: of the values as they stand', () => {
  expect(mean([1, 2, 6])).toBe(3)
})
