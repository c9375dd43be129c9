import { describe, expect, test } from 'vitest'
import {
  chainGrowth,
  doubleSpend,
  doubleSpendBeta,
  doubleSpendWithLead,
  forkProbability,
  retargetedInterval,
  staleShare,
  waitLongerThan,
} from './closedForms.ts'
import { incompleteBeta } from './incompleteBeta.ts'

describe('the regularised incomplete beta function', () => {
  test.each([
    // A polynomial for whole parameters, an arcsine for halves.
    [0.5, 2, 3, 0.6875],
    [0.25, 1, 1, 0.25],
    [0.2, 3, 1, 0.008],
    [0.5, 0.5, 0.5, 0.5],
    [0.25, 0.5, 0.5, 1 / 3],
    [0, 2, 3, 0],
    [1, 2, 3, 1],
  ])('I(%f; %f, %f)', (x, a, b, expected) => {
    expect(incompleteBeta(x, a, b)).toBeCloseTo(expected, 13)
  })

  test('its symmetry', () => {
    for (const x of [0.01, 0.3, 0.77]) {
      expect(incompleteBeta(x, 4, 0.5)).toBeCloseTo(1 - incompleteBeta(1 - x, 0.5, 4), 13)
    }
  })
})

test('two ways to the double spend agree', () => {
  for (const q of [0.01, 0.1, 0.3, 0.45, 0.49]) {
    for (let z = 1; z <= 60; z++) {
      expect(Math.abs(doubleSpendBeta(q, z) - doubleSpend(q, z))).toBeLessThan(1e-12)
      expect(doubleSpendWithLead(q, z, 1)).toBeCloseTo(doubleSpend(q, z), 14)
      expect(doubleSpendWithLead(q, z, 0)).toBeLessThan(doubleSpend(q, z) + 1e-15)
    }
  }
})

test('behavior: who has no block in hand must overtake, from a z that is at least 1', () => {
  // P(k blocks by the time of the first of the others) = p qᵏ; then two behind, one behind, …
  const [q, p] = [0.3, 0.7]
  const expected = p * (q / p) ** 2 + p * q * (q / p) + q * q
  expect(doubleSpendWithLead(q, 1, 0)).toBeCloseTo(expected, 14)
})

test('the fork probability of 2012, 1.78 %', () => {
  expect(forkProbability(11.37, 633.68)).toBeCloseTo(0.017797, 5)
})

test('growth and stale share', () => {
  expect(chainGrowth(1)).toBe(0.5)
  // All blocks are in the chain or stale.
  expect(chainGrowth(0.3)).toBeCloseTo(1 - staleShare(0.3), 15)
})

test('retarget and waiting', () => {
  expect(retargetedInterval(600)).toBeCloseTo(600.596, 3)
  expect(waitLongerThan(60, 10)).toBeCloseTo(0.0024788, 7)
  expect(waitLongerThan(120, 10, 6)).toBeCloseTo(0.020341029416928398, 14)
})
