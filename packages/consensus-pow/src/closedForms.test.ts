import { describe, expect, test } from 'vitest'
import {
  doubleSpend,
  doubleSpendNakamoto,
  selfishRevenue,
  selfishThreshold,
  staleShare,
} from './closedForms.ts'

describe('double spend', () => {
  test('the approximation gives the table of the white paper', () => {
    expect(doubleSpendNakamoto(0.1, 0)).toBe(1)
    expect(doubleSpendNakamoto(0.1, 5)).toBeCloseTo(0.0009137, 7)
    expect(doubleSpendNakamoto(0.1, 10)).toBeCloseTo(0.0000012, 7)
    expect(doubleSpendNakamoto(0.3, 5)).toBeCloseTo(0.1773523, 7)
    expect(doubleSpendNakamoto(0.3, 50)).toBeCloseTo(0.0000006, 7)
  })

  // The regularised incomplete beta function I(4pq; z, 1/2), by SciPy 1.17.
  test.each([
    [0.1, 1, 0.2],
    [0.1, 2, 0.056],
    [0.1, 6, 0.00059141216],
    [0.2, 6, 0.02330841088],
    [0.3, 10, 0.06510671376260191],
    [0.45, 10, 0.6579281751567864],
  ])('the exact probability for q = %f and %i confirmations', (q, z, expected) => {
    expect(doubleSpend(q, z)).toBeCloseTo(expected, 12)
  })

  test('behavior: half of the hash rate always succeeds', () => {
    expect(doubleSpend(0.5, 100)).toBe(1)
    expect(doubleSpendNakamoto(0.6, 100)).toBe(1)
    expect(doubleSpend(0.1, 0)).toBe(1)
  })
})

describe('selfish mining', () => {
  test('at the threshold, revenue is the share of the hash rate', () => {
    for (const g of [0, 0.25, 0.5, 0.9]) {
      const a = selfishThreshold(g)
      expect(selfishRevenue(a, g)).toBeCloseTo(a, 12)
      expect(selfishRevenue(a - 0.05, g)).toBeLessThan(a - 0.05)
      expect(selfishRevenue(a + 0.05, g)).toBeGreaterThan(a + 0.05)
    }
    expect(selfishThreshold(0)).toBeCloseTo(1 / 3, 15)
    expect(selfishThreshold(0.5)).toBe(0.25)
  })
})

test('stale share', () => {
  expect(staleShare(0)).toBe(0)
  expect(staleShare(1)).toBe(0.5)
})
