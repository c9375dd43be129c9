import { createStream, log, pow } from '@counterpoise/engine'
import { fuzzParameters } from '@counterpoise/dev'
import { toUsd } from '@counterpoise/ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { zipfAccounts } from './accounts.ts'
import { constantAmounts, lognormalAmounts } from './amounts.ts'
import { constantPatience, weightedPatience } from './patience.ts'

const stream = (purpose: string) => createStream({ seed: 'parts', replication: 0, purpose })
const draws = <value>(count: number, draw: () => value): value[] =>
  Array.from({ length: count }, draw)

describe('amounts', () => {
  const dollars = (amounts: { draw: (from: ReturnType<typeof stream>) => number }): number[] => {
    const from = stream('amounts')
    return draws(40_000, () => toUsd(amounts.draw(from))).sort((a, b) => a - b)
  }

  test('default: mean and median of a lognormal', () => {
    const sigma = 0.8
    const amounts = lognormalAmounts({ medianUsd: 31, sigma })
    expect(amounts.meanUsd).toBeCloseTo(31 * 1.3771277643, 6)
    const values = dollars(amounts)
    // Standard error of the log of the median: σ · √(π / 2n).
    const spread = sigma * Math.sqrt(Math.PI / 2 / values.length)
    expect(Math.abs(log(values[20_000]! / 31))).toBeLessThan(4 * spread)
    const mean = values.reduce((total, value) => total + value, 0) / values.length
    expect(Math.abs(mean / amounts.meanUsd - 1)).toBeLessThan((4 * 0.947) / 200)
  })

  test('behavior: given by its mean it is the same distribution', () => {
    const byMedian = lognormalAmounts({ medianUsd: 31, sigma: 1.2 })
    const byMean = lognormalAmounts({ meanUsd: byMedian.meanUsd, sigma: 1.2 })
    expect(byMean.meanUsd).toBeCloseTo(byMedian.meanUsd, 9)
    const [a, b] = [dollars(byMedian), dollars(byMean)]
    expect(a.every((value, index) => Math.abs(value - b[index]!) < 2e-6)).toBe(true)
  })

  test('behavior: amounts are whole millionths of at least a cent, or what is asked for', () => {
    const tiny = stream('tiny')
    const cents = lognormalAmounts({ medianUsd: 0.001, sigma: 2 })
    const atoms = lognormalAmounts({ medianUsd: 0.001, sigma: 2, minimumUsd: 0.0005 })
    const huge = lognormalAmounts({ medianUsd: 9e9, sigma: 500 })
    for (let index = 0; index < 500; index++) {
      expect(cents.draw(tiny)).toBeGreaterThanOrEqual(10_000)
      expect(atoms.draw(tiny)).toBeGreaterThanOrEqual(500)
      expect(Number.isSafeInteger(huge.draw(tiny))).toBe(true)
    }
    expect(Math.min(...draws(500, () => atoms.draw(tiny)))).toBe(500)
    expect(Math.min(...draws(500, () => cents.draw(tiny)))).toBe(10_000)
  })

  test('behavior: constants, and what is refused', () => {
    expect(constantAmounts(0.000_001).draw(stream('x'))).toBe(1)
    for (const value of [0, -1, Number.NaN, 1e-9, 1e12]) {
      expect(() => constantAmounts(value)).toThrow('constantAmounts: expected')
      expect(() => lognormalAmounts({ meanUsd: value, sigma: 60 })).toThrow('expected')
    }
    expect(() => lognormalAmounts({ meanUsd: 1, sigma: -1 })).toThrow('a finite sigma')
  })
})

describe('accounts', () => {
  test('default: who is paid is anybody, however unlike the payers are', () => {
    const accounts = zipfAccounts({ count: 10, payerExponent: 3 })
    const from = stream('sides')
    const first = draws(4_000, () => accounts.payee(from)).filter((account) => account === 0)
    // Four deviations of a binomial count.
    expect(Math.abs(first.length - 400)).toBeLessThan(4 * Math.sqrt(4_000 * 0.1 * 0.9))
  })

  test('default: shares follow Zipf on both sides', () => {
    const count = 500
    const accounts = zipfAccounts({ count, payerExponent: 0.7, payeeExponent: 1.1 })
    const from = stream('zipf')
    for (const [side, exponent] of [['payer', 0.7], ['payee', 1.1]] as const) {
      const counts = new Float64Array(count)
      for (let index = 0; index < 100_000; index++) counts[accounts[side](from)]!++
      const total = counts.map((_, rank) => pow(rank + 1, -exponent)).reduce((a, b) => a + b)
      const expected = 100_000 / total
      expect(Math.abs(counts[0]! - expected)).toBeLessThan(4 * Math.sqrt(expected))
      // The slope of counts against ranks, both logarithmic, over the heavy ranks.
      const points = Array.from({ length: 30 }, (_, rank) => [log(rank + 1), log(counts[rank]!)])
      const mean = (axis: number) => points.reduce((sum, point) => sum + point[axis]!, 0) / 30
      const [x, y] = [mean(0), mean(1)]
      const slope =
        points.reduce((sum, point) => sum + (point[0]! - x) * (point[1]! - y), 0) /
        points.reduce((sum, point) => sum + (point[0]! - x) * (point[0]! - x), 0)
      expect(Math.abs(slope + exponent)).toBeLessThan(0.06)
    }
  })

  test.each([0, 2, 4])('behavior: without account %i the others keep their shares', (except) => {
    const accounts = zipfAccounts({ count: 5, payeeExponent: 1.5 })
    const from = stream(`except ${except}`)
    const counts = new Float64Array(5)
    for (let index = 0; index < 50_000; index++) counts[accounts.payee(from, except)]!++
    const weights = counts.map((_, rank) => (rank === except ? 0 : pow(rank + 1, -1.5)))
    const total = weights.reduce((a, b) => a + b)
    counts.forEach((found, rank) => {
      const expected = (50_000 * weights[rank]!) / total
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(4 * Math.sqrt(expected))
    })
  })

  test('behavior: payer and payee differ, however few and however skewed', () => {
    const exponent = fc.double({ min: 0, max: 20, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), exponent, fc.string(), (count, skew, seed) => {
        const accounts = zipfAccounts({ count, payerExponent: skew, payeeExponent: skew })
        const from = createStream({ seed, replication: 0, purpose: 'accounts' })
        for (let index = 0; index < 50; index++) {
          const payer = accounts.payer(from)
          const payee = accounts.payee(from, payer)
          expect(payee).not.toBe(payer)
          expect(payee >= 0 && payee < count && Number.isInteger(payee)).toBe(true)
        }
      }),
      fuzzParameters(150),
    )
  })

  test('behavior: what is refused', () => {
    for (const count of [1, 2.5, 1e9]) expect(() => zipfAccounts({ count })).toThrow('accounts')
    expect(() => zipfAccounts({ count: 2, payeeExponent: -1 })).toThrow('an exponent from 0 to 20')
  })
})

test('behavior: impossible patience is refused', () => {
  expect(() => constantPatience(0)).toThrow('patience: expected')
  expect(() => weightedPatience([{ patience: 1.5, weight: 1 }])).toThrow('patience: expected')
  expect(() => weightedPatience([])).toThrow('discrete')
})
