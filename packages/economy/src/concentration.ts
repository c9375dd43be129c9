import { log } from '@counterpoise/engine'
import { checkThreshold, exceeds, readShares, type Shares } from './shares.ts'

/**
 * The Nakamoto coefficient: the size of the smallest set of parties that together hold strictly
 * more than `threshold` of the power. Usual thresholds: 1/2 (a majority of work), 1/3 (stalling a
 * BFT committee), 2/3 (taking it over). Ten equal parties give 6 at 1/2, because five hold exactly
 * half.
 *
 * Source: B. Srinivasan and L. Lee, *Quantifying Decentralization*, 2017.
 */
export function nakamoto(shares: Shares, threshold: number): number {
  checkThreshold(threshold)
  const { values, total } = readShares(shares)
  values.sort()
  let sum = 0
  for (let taken = 1; taken < values.length; taken++) {
    sum += values[values.length - taken]!
    if (exceeds(sum, threshold, total)) return taken
  }
  return values.length
}

/**
 * The Gini coefficient over all parties given, those with nothing included:
 * Σ (2i − n − 1) x₍ᵢ₎ / (n Σ x), ascending. 0 is equality, 1 − 1/n one party with everything.
 */
export function gini(shares: Shares): number {
  const { values, total } = readShares(shares)
  values.sort()
  const count = values.length
  let sum = 0
  values.forEach((value, index) => (sum += (2 * index + 1 - count) * value))
  return sum / (count * total)
}

/** The Herfindahl–Hirschman index Σ p²: from 1/n (equality) to 1 (one party). */
export function herfindahl(shares: Shares): number {
  const { values, total } = readShares(shares)
  let sum = 0
  for (const value of values) sum += (value / total) * (value / total)
  return sum
}

/** How many equal parties would be as concentrated: 1 / Σ p². */
export const effectiveNumber = (shares: Shares): number => 1 / herfindahl(shares)

/** Shannon's entropy −Σ p log₂ p, bits: log₂ n for n equal parties. */
export const shannonEntropy = (shares: Shares): number => naturalEntropy(shares) / log(2)

/** The min-entropy −log₂ max p, bits: what the heaviest party alone leaves. */
export function minEntropy(shares: Shares): number {
  const { values, total } = readShares(shares)
  let heaviest = 0
  for (const value of values) heaviest = Math.max(heaviest, value)
  // The quotient is at least 1, so that one party gives 0 and not −0.
  return log(total / heaviest) / log(2)
}

/**
 * Theil's T index over all parties given: (1/n) Σ (x/μ) ln (x/μ) = ln n − H, nats. 0 is equality,
 * ln n one party with everything.
 */
export function theil(shares: Shares): number {
  const values = [...shares]
  return log(values.length) - naturalEntropy(values)
}

/** Σ p ln (1/p), nats; a share of 0 adds nothing. */
function naturalEntropy(shares: Shares): number {
  const { values, total } = readShares(shares)
  let sum = 0
  for (const value of values) if (value > 0) sum += (value / total) * log(total / value)
  return sum
}
