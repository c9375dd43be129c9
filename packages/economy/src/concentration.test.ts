import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  effectiveNumber,
  gini,
  herfindahl,
  minEntropy,
  nakamoto,
  shannonEntropy,
  theil,
} from './concentration.ts'
import { sharesBy } from './shares.ts'

const equal = (count: number): number[] => Array.from({ length: count }, () => 1 / count)

describe('vectors', () => {
  test('ten equal parties', () => {
    const shares = equal(10)
    expect(gini(shares)).toBeCloseTo(0, 12)
    expect(herfindahl(shares)).toBeCloseTo(0.1, 12)
    expect(effectiveNumber(shares)).toBeCloseTo(10, 9)
    expect(shannonEntropy(shares)).toBeCloseTo(3.321928, 6)
    expect(minEntropy(shares)).toBeCloseTo(3.321928, 6)
    expect(theil(shares)).toBeCloseTo(0, 12)
    expect([1 / 2, 1 / 3, 2 / 3].map((threshold) => nakamoto(shares, threshold))).toEqual([6, 4, 7])
  })

  test('40, 30, 20, 10', () => {
    const shares = [30, 10, 40, 20]
    expect(gini(shares)).toBeCloseTo(0.25, 12)
    expect(herfindahl(shares)).toBeCloseTo(0.3, 12)
    expect(shannonEntropy(shares)).toBeCloseTo(1.846439, 6)
    expect(minEntropy(shares)).toBeCloseTo(1.321928, 6)
    expect(theil(shares)).toBeCloseTo(0.106440, 6)
    expect([nakamoto(shares, 1 / 2), nakamoto(shares, 1 / 3)]).toEqual([2, 1])
  })

  test('1, 2, 3, 4, 5', () => {
    const shares = [1, 2, 3, 4, 5]
    expect(gini(shares)).toBeCloseTo(0.266667, 6)
    expect(herfindahl(shares)).toBeCloseTo(0.244444, 6)
    expect(shannonEntropy(shares)).toBeCloseTo(2.149255, 6)
    expect(nakamoto(shares, 1 / 2)).toBe(2)
  })

  test("the banks of USDC's cash on 11 March 2023, in billions of dollars", () => {
    const shares = [5.4, 3.3, 1]
    expect(herfindahl(shares)).toBeCloseTo(0.436284, 6)
    expect(nakamoto(shares, 1 / 2)).toBe(1)
  })

  test("the venues of USDe's hedges in April 2024, in percent", () => {
    expect(herfindahl([59, 20, 15, 6])).toBeCloseTo(0.4142, 6)
    expect(nakamoto([59, 20, 15, 6], 1 / 2)).toBe(1)
  })

  test('one party with everything', () => {
    const shares = [0, 7, 0, 0]
    const measures = [gini, herfindahl, effectiveNumber, shannonEntropy, minEntropy]
    expect(measures.map((measure) => measure(shares))).toEqual([0.75, 1, 1, 0, 0])
    expect(theil(shares)).toBeCloseTo(1.386294, 6)
    expect(nakamoto(shares, 0.999)).toBe(1)
  })
})

test('behavior: a threshold that is just reached is not exceeded, whatever the rounding', () => {
  expect(nakamoto([0.1, 0.2, 0.3, 0.4], 0.7)).toBe(3)
  for (let count = 3; count <= 300; count += 3) {
    expect(nakamoto(equal(count), 1 / 3)).toBe(count / 3 + 1)
    expect(nakamoto(equal(count), 2 / 3)).toBe((2 * count) / 3 + 1)
  }
})

test('behavior: what is no distribution is refused', () => {
  for (const shares of [[], [0, 0], [1, -1, 5], [Number.NaN], [1, Number.POSITIVE_INFINITY]]) {
    for (const measure of [gini, herfindahl, effectiveNumber, shannonEntropy, minEntropy, theil]) {
      expect(() => measure(shares)).toThrow('A measure of distribution expects')
    }
    expect(() => nakamoto(shares, 1 / 2)).toThrow('A measure of distribution expects')
  }
  expect(() => nakamoto([1], 1)).toThrow('a threshold of at least 0 and below 1')
})

describe('sharesBy', () => {
  const holding = (operator: string, power: number, cloud?: string) => ({
    attributes: { operator, cloud },
    power,
  })
  const items = [
    holding('a', 4, 'aws'),
    holding('b', 3),
    holding('c', 2, 'aws'),
    holding('a', 1),
    holding('d', 5, 'gcp'),
  ]

  test('default: powers add up by what is shared', () => {
    expect(sharesBy(items, 'operator')).toEqual(new Map([['a', 5], ['b', 3], ['c', 2], ['d', 5]]))
  })

  test('behavior: what is not stated is not shared', () => {
    expect([...sharesBy(items, 'cloud')]).toEqual([
      ['aws', 6],
      ['no cloud (#1)', 3],
      ['no cloud (#3)', 1],
      ['gcp', 5],
    ])
    expect(sharesBy(items, 'constructor').size).toBe(5)
  })

  test('behavior: a negative power is refused', () => {
    expect(() => sharesBy([holding('a', -1)], 'operator')).toThrow('finite shares of at least 0')
  })
})

describe('properties', () => {
  const weights = fc
    .array(fc.nat(1_000), { minLength: 1, maxLength: 30 })
    .filter((list) => list.some(Boolean))
  const measures = { gini, herfindahl, effectiveNumber, shannonEntropy, minEntropy, theil }
  const threshold = fc.constantFrom(0, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 0.9)

  test('neither scale nor order matters, and splitting everything evenly only adds parties', () => {
    const factor = fc.constantFrom(1e-9, 0.1, 3, 7e9)
    fc.assert(
      fc.property(weights, factor, threshold, fc.nat(), (list, times, limit, turn) => {
        const place = turn % list.length
        const turned = [...list.slice(place), ...list.slice(0, place)].reverse()
        const other = turned.map((weight) => weight * times)
        for (const [name, measure] of Object.entries(measures)) {
          expect(measure(other), name).toBeCloseTo(measure(list), 9)
        }
        expect(nakamoto(other, limit)).toBe(nakamoto(list, limit))
        const halves = [...list, ...list]
        expect(gini(halves)).toBeCloseTo(gini(list), 9)
        expect(theil(halves)).toBeCloseTo(theil(list), 9)
        expect(effectiveNumber(halves)).toBeCloseTo(2 * effectiveNumber(list), 6)
        expect(shannonEntropy(halves)).toBeCloseTo(shannonEntropy(list) + 1, 9)
      }),
      fuzzParameters(200),
    )
  })

  test('giving to a richer party raises every measure of concentration', () => {
    fc.assert(
      fc.property(weights, fc.nat(), fc.nat(), fc.nat(), threshold, (list, i, j, gift, limit) => {
        const [poor, rich] = [i % list.length, j % list.length]
        fc.pre(poor !== rich && list[poor]! <= list[rich]! && list[poor]! > 0)
        const moved = 1 + (gift % list[poor]!)
        const after = list.map((weight, index) =>
          index === poor ? weight - moved : index === rich ? weight + moved : weight,
        )
        expect(gini(after)).toBeGreaterThan(gini(list) - 1e-12)
        expect(herfindahl(after)).toBeGreaterThan(herfindahl(list))
        expect(theil(after)).toBeGreaterThan(theil(list) - 1e-12)
        expect(shannonEntropy(after)).toBeLessThan(shannonEntropy(list) + 1e-12)
        expect(minEntropy(after)).toBeLessThanOrEqual(minEntropy(list) + 1e-12)
        expect(nakamoto(after, limit)).toBeLessThanOrEqual(nakamoto(list, limit))
      }),
      fuzzParameters(300),
    )
  })

  test('bounds, and the order of the measures of number', () => {
    fc.assert(
      fc.property(weights, threshold, (list, limit) => {
        const count = list.length
        expect(gini(list)).toBeGreaterThanOrEqual(-1e-12)
        expect(gini(list)).toBeLessThanOrEqual(1 - 1 / count + 1e-12)
        // Rényi's entropies fall with their order: 1 ≥ 2 ≥ ∞.
        const entropies = [shannonEntropy(list), minEntropy(list)]
        expect(entropies[0]).toBeGreaterThanOrEqual(entropies[1]! - 1e-9)
        expect(effectiveNumber(list)).toBeLessThanOrEqual(count + 1e-9)
        // So many heaviest parties exceed the threshold, one fewer does not.
        const size = nakamoto(list, limit)
        const sorted = [...list].sort((a, b) => b - a)
        const sum = (taken: number): number => sorted.slice(0, taken).reduce((a, b) => a + b, 0)
        expect(sum(size) / sum(count)).toBeGreaterThan(limit)
        expect(sum(size - 1) / sum(count)).toBeLessThanOrEqual(limit + 1e-12)
      }),
      fuzzParameters(300),
    )
  })
})
