import { checkThreshold, readShares } from './shares.ts'
import { createCovering, type Covering } from './covering.ts'

/** Who holds how much of one layer, in any unit: what `sharesBy` returns. */
export type Layer = ReadonlyMap<string, number>

/** The answer of `jointNakamoto`. */
export type JointNakamoto = {
  /** Number of parties of the smallest set found; an upper bound where it is not exact. */
  size: number
  /** Whether the search proved that no smaller set exists. */
  exact: boolean
  /** No set below this size exists; equal to `size` where it is exact. */
  atLeast: number
  /** One such set, heaviest over all layers first. */
  parties: readonly string[]
}

/** How hard `jointNakamoto` searches. */
export type JointNakamotoOptions = {
  /** Partial sets looked at before it answers with a bound; 20,000 unless given. */
  nodesMax?: number | undefined
}

/**
 * The Nakamoto coefficient of several layers that must all be taken: the size of a smallest set of
 * parties that holds strictly more than `threshold` of the power in every layer. With one layer it
 * is `nakamoto`. Parties are the same across layers when their names are.
 *
 * A greedy set gives an upper bound, branch and bound searches for a smaller one. The problem is
 * multidimensional covering, which is NP-hard: where the search gives up, the result says so.
 *
 * @example
 * jointNakamoto([sharesBy(validators, 'cloud'), sharesBy(gateways, 'cloud')], 1 / 3)
 */
export function jointNakamoto(
  layers: readonly Layer[],
  threshold: number,
  options: JointNakamotoOptions = {},
): JointNakamoto {
  checkThreshold(threshold)
  const { names, shares } = tabulate(layers)
  const covering = createCovering(shares, names.length, threshold)
  const greedy = covering.greedy()
  const best = search(covering, greedy, options.nodesMax ?? 20_000)
  const parties = [...best.chosen].sort((a, b) => a - b).map((party) => names[party]!)
  return { size: parties.length, exact: best.exact, atLeast: best.atLeast, parties }
}

/** The parties of all layers, heaviest first, and their proportion of each layer. */
function tabulate(layers: readonly Layer[]): { names: string[]; shares: Float64Array[] } {
  const sums = new Map<string, number>()
  const proportions = layers.map((layer) => {
    const { total } = readShares(layer.values())
    const shares = new Map([...layer].map(([name, power]) => [name, power / total]))
    for (const [name, share] of shares) sums.set(name, (sums.get(name) ?? 0) + share)
    return shares
  })
  const names = [...sums]
    .filter(([, sum]) => sum > 0)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([name]) => name)
  const shares = proportions.map((layer) =>
    Float64Array.from(names, (name) => layer.get(name) ?? 0),
  )
  return { names, shares }
}

type Found = { chosen: readonly number[]; exact: boolean; atLeast: number }

/** Deeper sets are not searched: the search is recursive. */
const depthMax = 1_000

/** Depth-first search for a set smaller than the greedy one. */
function search(covering: Covering, greedy: readonly number[], nodesMax: number): Found {
  const atLeast = covering.bound(0, covering.needs)
  if (atLeast >= greedy.length) return { chosen: greedy, exact: true, atLeast: greedy.length }
  if (greedy.length > depthMax) return { chosen: greedy, exact: false, atLeast }
  let best = greedy
  let nodes = 0
  const chosen: number[] = []
  const skipped: number[] = []

  /** Extends the chosen set by parties from `first` on. False where it ran out of nodes. */
  const extend = (first: number, needs: Float64Array): boolean => {
    const skippedBefore = skipped.length
    for (let party = first; ; party++) {
      if (++nodes > nodesMax) return false
      if (chosen.length + covering.bound(party, needs) >= best.length) break
      // Whoever does no better than a party left out can be left out as well.
      if (!skipped.some((other) => covering.dominates(other, party))) {
        const rest = covering.take(needs, party)
        chosen.push(party)
        if (covering.isMet(rest)) best = [...chosen]
        else if (!extend(party + 1, rest)) return false
        chosen.pop()
      }
      skipped.push(party)
    }
    skipped.length = skippedBefore
    return true
  }
  const exact = extend(0, covering.needs)
  return { chosen: best, exact, atLeast: exact ? best.length : atLeast }
}
