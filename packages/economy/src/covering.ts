/** What a sum may be off by rounding; see `exceeds`. */
const margin = 1e-12

/** Covering the needs of several layers by few parties, which are numbered from 0. */
export type Covering = {
  /** What is to be exceeded in each layer. */
  needs: Float64Array
  /** What is left to be exceeded with a party in the set. */
  take: (needs: Float64Array, party: number) => Float64Array
  /** Whether nothing is left. */
  isMet: (needs: Float64Array) => boolean
  /** At least so many parties, all numbered `first` or higher, are needed; Infinity: never. */
  bound: (first: number, needs: Float64Array) => number
  /** Whether a party has at least as much as another one in every layer. */
  dominates: (party: number, other: number) => boolean
  /** A set that meets all needs, each of its parties necessary. */
  greedy: () => number[]
}

/** Sets up the covering of `threshold` in every layer, from each party's proportions of it. */
export function createCovering(
  shares: readonly Float64Array[],
  count: number,
  threshold: number,
): Covering {
  const needs = new Float64Array(shares.length).fill(threshold + margin)
  const descending = shares.map((layer) =>
    Array.from({ length: count }, (_, party) => party).sort((a, b) => layer[b]! - layer[a]!),
  )
  const gains = new Float64Array(count)

  const take = (before: Float64Array, party: number): Float64Array =>
    before.map((need, layer) => need - shares[layer]![party]!)
  // A need is exceeded, not merely reached; it is negative from then on.
  const isMet = (left: Float64Array): boolean => left.every((need) => need < 0)
  const gainOf = (party: number, left: Float64Array): number => {
    let gain = 0
    for (let layer = 0; layer < left.length; layer++) {
      if (left[layer]! >= 0) gain += Math.min(shares[layer]![party]!, left[layer]!)
    }
    return gain
  }

  /** Taken alone, a layer needs its heaviest parties. */
  const boundOfLayer = (first: number, layer: number, need: number): number => {
    if (need < 0) return 0
    let [sum, taken] = [0, 0]
    for (const party of descending[layer]!) {
      if (party < first) continue
      sum += shares[layer]![party]!
      taken++
      if (sum > need) return taken
    }
    return Number.POSITIVE_INFINITY
  }
  /** Taken together, the layers need the parties that bring most to all. */
  const boundOfSum = (first: number, left: Float64Array): number => {
    const available = gains.subarray(first)
    let wanted = -margin / 2
    for (const need of left) wanted += Math.max(need, 0)
    for (let party = first; party < count; party++) gains[party] = gainOf(party, left)
    available.sort()
    let taken = 0
    while (wanted > 0 && taken < available.length) wanted -= available[available.length - ++taken]!
    return taken
  }

  return {
    needs,
    take,
    isMet,
    bound: (first, left) => {
      let bound = 0
      for (let layer = 0; layer < left.length; layer++) {
        bound = Math.max(bound, boundOfLayer(first, layer, left[layer]!))
      }
      return bound === Number.POSITIVE_INFINITY ? bound : Math.max(bound, boundOfSum(first, left))
    },
    dominates: (party, other) => shares.every((layer) => layer[party]! >= layer[other]!),
    greedy: () => {
      const taken = grow(count, needs, gainOf, take, isMet)
      return prune(taken, shares, threshold + margin)
    },
  }
}

/** Adds the party with the largest gain until all needs are met. */
function grow(
  count: number,
  needs: Float64Array,
  gainOf: (party: number, left: Float64Array) => number,
  take: Covering['take'],
  isMet: Covering['isMet'],
): Set<number> {
  const taken = new Set<number>()
  let left = needs
  while (!isMet(left) && taken.size < count) {
    let best = -1
    let bestGain = -1
    for (let party = 0; party < count; party++) {
      if (taken.has(party)) continue
      const gain = gainOf(party, left)
      if (gain > bestGain) [best, bestGain] = [party, gain]
    }
    taken.add(best)
    left = take(left, best)
  }
  return taken
}

/** Takes out what the others make up for, the last taken first. */
function prune(taken: Set<number>, shares: readonly Float64Array[], need: number): number[] {
  for (const party of [...taken].reverse()) {
    taken.delete(party)
    const isEnough = shares.every((layer) => {
      let sum = 0
      for (const other of taken) sum += layer[other]!
      return sum > need
    })
    if (!isEnough) taken.add(party)
  }
  return [...taken]
}
