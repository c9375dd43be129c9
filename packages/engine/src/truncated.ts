import { DistributionError } from './errors.ts'
import { exp } from './mathematics.ts'

/** A part of a distribution. */
export type Truncated = {
  invert: (uniform: number) => number
  /** The mean of a power of what it draws, by quadrature. */
  moment: (of: (value: number) => number) => number
}

/** With less of the whole between the bounds, 32 bits and rounding would show. */
const shareMin = 1e-6

/**
 * Keeps what falls between two bounds: the uniform numbers that lead there are one interval,
 * whatever the distribution, because inversion is monotone.
 *
 * @throws DistributionError where hardly anything falls there.
 */
export function createTruncated(
  invert: (uniform: number) => number,
  low = Number.NEGATIVE_INFINITY,
  high = Number.POSITIVE_INFINITY,
): Truncated {
  const rises = invert(0.75) >= invert(0.25)
  const isAbove = (u: number): boolean => (rises ? invert(u) >= low : invert(u) <= high)
  const isBeyond = (u: number): boolean => (rises ? invert(u) > high : invert(u) < low)
  const from = firstWith(isAbove)
  const width = firstWith(isBeyond) - from
  if (!(width >= shareMin)) {
    const expected = 'bounds that hold at least a millionth of what they are put to'
    throw new DistributionError('truncated', expected, { low, high, share: Math.max(0, width) })
  }
  // Where a bound is met to the last bit but one, the draw is the bound.
  const inside = (u: number): number => Math.max(low, Math.min(high, invert(from + width * u)))
  return { invert: inside, moment: (of) => integrate((u) => of(inside(u))) }
}

/** Where in [0, 1] a condition that stays true becomes true; 1 where it does not. */
function firstWith(holds: (u: number) => boolean): number {
  let [no, yes] = [0, 1]
  if (holds(smallest)) return 0
  for (let round = 0; round < 80; round++) {
    const middle = (no + yes) / 2
    if (middle === no || middle === yes) break
    if (holds(middle)) yes = middle
    else no = middle
  }
  return yes
}

const smallest = 1e-16

/** ∫ f over (0, 1), f finite inside (tanh-sinh quadrature of Takahasi and Mori, 1974). */
function integrate(f: (u: number) => number): number {
  const step = 1 / 32
  let sum = 0
  let weights = 0
  for (let n = -110; n <= 110; n++) {
    const t = n * step
    const [up, down] = [exp(t), exp(-t)]
    const q = exp(-1.5707963267948966 * (up - down))
    const u = 1 / (1 + q)
    const weight = (up + down) * q * u * u
    // Numbers next to 1 cannot be told from 1, where f may be infinite.
    if (!(u > 1e-300) || u >= 1 || weight === 0) continue
    sum += weight * f(u)
    weights += weight
  }
  return sum / weights
}
