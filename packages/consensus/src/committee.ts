import type { Committee } from './contract.ts'

/** Makes a committee of members 0 … n − 1 with the given weights (of at least 0). */
export function createCommittee(weights: ArrayLike<number>): Committee {
  const voters: number[] = []
  let totalWeight = 0
  for (let member = 0; member < weights.length; member++) {
    if (weights[member]! > 0) voters.push(member)
    totalWeight += weights[member]!
  }
  return { size: weights.length, weights, totalWeight, voters }
}

/** `count` members with one vote each. */
export function equalCommittee(count: number): Committee {
  return createCommittee(new Float64Array(count).fill(1))
}
