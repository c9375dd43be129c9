import type { Committee } from '@counterpoise/consensus'

/** 2⁴⁰: three times an epoch's sum of such weights is still exact in a number. */
const totalMax = 1_099_511_627_776

/**
 * The weights of the nodes as integers, so that sums are exact in any order and two thirds are
 * two thirds. Whole numbers stay as they are; others are rounded to 2⁻³⁰ of the total.
 */
export function wholeWeights(committee: Committee): Float64Array {
  const weights = Float64Array.from(committee.weights)
  const whole = weights.every((weight) => Number.isSafeInteger(weight))
  if (whole && committee.totalWeight <= totalMax) return weights
  const unit = committee.totalWeight / 1_073_741_824
  return weights.map((weight) => (weight > 0 ? Math.max(1, Math.round(weight / unit)) : 0))
}
