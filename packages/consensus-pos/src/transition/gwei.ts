/** Gwei of 1 ETH, the step in which effective balances move. */
export const gweiPerEther = 1_000_000_000

/** Nothing that the transition computes may exceed this: 2⁵³ − 1. */
export const exactMax = Number.MAX_SAFE_INTEGER

/**
 * More stake, in ETH, than the products of the transition stay exact for: the largest is
 * base reward · weight · increments ≤ 2048 · 26 · 64·10⁹ · √(D / 10⁹) < 1.08·10¹¹ · √D.
 */
export const stakeMaxEther = 4_294_967_296

/**
 * The quotient rounded down, exact for integers 0 ≤ dividend < 2⁵³ and divisor ≥ 1.
 *
 * The double nearest to a/b could only be too large where it is an integer k while a/b ≤ k − 1/b.
 * With 2^e ≤ k, the doubles below k are 2^(e−52) apart (half as much where k = 2^e), and as
 * b·k ≤ a + 1 ≤ 2⁵³ the gap of 1/b is at least 2^(e−53), so a/b rounds to k only if it is k.
 */
export const quotient = (dividend: number, divisor: number): number =>
  Math.floor(dividend / divisor)

/**
 * ⌊part · 10⁹ ÷ whole⌋ for 0 ≤ part ≤ whole ≤ 2³² although the product may exceed 2⁵³: a long
 * division in two steps, of four and of five decimals.
 */
export function billionths(part: number, whole: number): number {
  const first = part * 10_000
  const high = quotient(first, whole)
  const rest = first - high * whole
  return high * 100_000 + quotient(rest * 100_000, whole)
}

/** The integer square root of an amount of whole ETH in Gwei: ⌊√(ether · 10⁹)⌋. */
export function rootOfEther(ether: number): number {
  const square = BigInt(ether) * 1_000_000_000n
  let root = BigInt(Math.floor(Math.sqrt(ether * gweiPerEther)))
  while (root * root > square) root--
  while ((root + 1n) * (root + 1n) <= square) root++
  return Number(root)
}

/** A greatest common divisor of integers of at least 1. */
export const commonDivisor = (one: number, other: number): number =>
  other === 0 ? one : commonDivisor(other, one % other)
