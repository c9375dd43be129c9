import { compareFeerates, compareProducts } from './feerate.ts'
import type { Chunk } from './linearise.ts'

/** How two feerate diagrams stand to each other. */
export type Comparison = 'better' | 'worse' | 'equal' | 'incomparable'

/**
 * Compares the feerate diagrams of two sets of chunks: for every weight, which set collects more
 * fees in it when taken best first, exact in integers. `better` is better somewhere and nowhere
 * worse.
 */
export function compareDiagrams(one: readonly Chunk[], other: readonly Chunk[]): Comparison {
  const first = pointsOf(one)
  const second = pointsOf(other)
  const firstBetter = rises(first, second)
  const secondBetter = rises(second, first)
  if (firstBetter && secondBetter) return 'incomparable'
  if (firstBetter) return 'better'
  return secondBetter ? 'worse' : 'equal'
}

/** Sums of fee and weight at the corners of a diagram, from (0, 0). */
type Points = { fees: number[]; weights: number[] }

function pointsOf(chunks: readonly Chunk[]): Points {
  const sorted = [...chunks].sort((a, b) => compareFeerates(b.fee, b.weight, a.fee, a.weight))
  const points: Points = { fees: [0], weights: [0] }
  for (const { fee, weight } of sorted) {
    points.fees.push(points.fees.at(-1)! + fee)
    points.weights.push(points.weights.at(-1)! + weight)
  }
  return points
}

/**
 * Whether a diagram is above another one somewhere. Both are concave and level after their ends,
 * so that it is enough to look at the corners of the first one.
 */
function rises(one: Points, other: Points): boolean {
  let segment = 0
  for (let k = 1; k < one.weights.length; k++) {
    const weight = one.weights[k]!
    const fee = one.fees[k]!
    while (segment < other.weights.length - 1 && other.weights[segment + 1]! <= weight) segment++
    const from = other.fees[segment]!
    if (segment === other.weights.length - 1) {
      if (fee > from) return true
      continue
    }
    // fee > from + slope · distance, without division.
    const start = other.weights[segment]!
    const width = other.weights[segment + 1]! - start
    const height = other.fees[segment + 1]! - from
    if (compareProducts(fee - from, width, height, weight - start) > 0) return true
  }
  return false
}
