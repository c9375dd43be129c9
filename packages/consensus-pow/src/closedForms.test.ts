import { describe, expect, test } from 'vitest'
import {
  chainGrowth,
  doubleSpend,
  doubleSpendNakamoto,
  effectiveDelay,
  forkProbability,
  selfishRevenue,
  selfishThreshold,
  staleShare,
} from './closedForms.ts'
import { runMinerLevel } from './minerLevel/runMinerLevel.ts'

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

describe('effective delay', () => {
  test('default: the inverse of the stale share', () => {
    expect(effectiveDelay(0, 600)).toBe(0)
    for (const delay of [0.01, 3, 600]) {
      expect(effectiveDelay(staleShare(delay / 600), 600)).toBeCloseTo(delay, 10)
    }
  })

  test('behavior: with few miners, the delay that leads to the stale share seen', () => {
    const shares = [0.4, 0.3, 0.2, 0.1]
    const delayMs = { kind: 'constant', value: 6_000 } as const
    const { staleShare: seen } = runMinerLevel({ seed: 'fit', shares, blocks: 400_000, delayMs })
    const fitted = effectiveDelay(seen, 600, 0.3)
    // About 0.7 % of 400,000 blocks: 2,800, known to 1 / √2,800, and 99 %.
    expect(Math.abs(fitted / 6 - 1)).toBeLessThan(2.576 / Math.sqrt(2_800))
  })
})

test('growth and stale blocks are what there is', () => {
  for (const delay of [0, 0.1, 2]) expect(chainGrowth(delay)).toBeCloseTo(1 - staleShare(delay), 14)
})

describe('forks by the time that hash rate is unaware', () => {
  test("default: Decker and Wattenhofer's figure", () => {
    // ∫ (1 − f(t)) dt = 11.37 s and a block each 633.68 s.
    expect(forkProbability(11.37, 633.68)).toBeCloseTo(0.017797, 6)
    expect(forkProbability(0, 600)).toBe(0)
  })

  test('behavior: so many heights have forks in a run, within 99 %', () => {
    const shares = Array.from({ length: 500 }, () => 1)
    const delayMs = { kind: 'constant', value: 6_000 } as const
    const blocks = 200_000
    const { tree } = runMinerLevel({ seed: 'forks', shares, blocks, delayMs, tree: true })
    const heights = new Int32Array(blocks + 1)
    const counts = new Int32Array(blocks + 2)
    tree!.parents.forEach((parent, block) => {
      if (block > 0) heights[block] = heights[parent]! + 1
      const height = heights[block]!
      counts[height] = counts[height]! + 1
    })
    const chain = heights.reduce((most, height) => Math.max(most, height))
    const forks = counts.filter((count) => count > 1).length
    // Each of 500 miners knows its own blocks at once: one five-hundredth less.
    const expected = forkProbability(6 * (1 - 1 / 500), 600)
    const tolerance = 2.576 * Math.sqrt((expected * (1 - expected)) / chain)
    expect(Math.abs(forks / chain - expected)).toBeLessThan(tolerance)
  })
})
