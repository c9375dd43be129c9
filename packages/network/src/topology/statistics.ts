import type { NodeId } from '../places.ts'
import type { Topology } from './links.ts'

/** What a topology looks like. */
export type TopologyStatistics = {
  nodes: number
  links: number
  degree: {
    least: number
    mean: number
    most: number
    /** How many nodes have each degree, from 0 to the largest. */
    counts: Int32Array
  }
  /** Nodes in each connected component, largest first. */
  components: readonly number[]
  /**
   * The longest shortest path found in the largest component, in links: at least this is the
   * diameter, and mostly it is this. Searched from ends of long paths (double sweeps).
   */
  diameterAtLeast: number
  /** Mean over the nodes of the share of their neighbours' pairs that are linked (Watts). */
  clustering: number
  /** Share of all chains of two links that are closed by a third (transitivity). */
  transitivity: number
}

/** Measures a topology; the work grows with the sum of the squared degrees. */
export function topologyStatistics(topology: Topology): TopologyStatistics {
  const { size, neighbours } = topology
  const degrees = Int32Array.from({ length: size }, (_, node) => neighbours(node).length)
  const most = degrees.reduce((a, b) => Math.max(a, b), 0)
  const least = degrees.reduce((a, b) => Math.min(a, b), most)
  const ends = degrees.reduce((a, b) => a + b, 0)
  const counts = new Int32Array(most + 1)
  for (const degree of degrees) counts[degree]!++
  const { sizes, largest } = componentsOf(topology)
  return {
    nodes: size,
    links: ends / 2,
    degree: { least, mean: size === 0 ? 0 : ends / size, most, counts },
    components: sizes.toSorted((a, b) => b - a),
    diameterAtLeast: size === 0 ? 0 : longestPath(topology, largest),
    ...clusteringOf(topology, degrees),
  }
}

/** Sizes of the components, and a node of the largest. */
function componentsOf(topology: Topology): { sizes: number[]; largest: NodeId } {
  const { size } = topology
  const search = createSearch(topology)
  const sizes: number[] = []
  let largest = 0
  let most = 0
  for (let node = 0; node < size; node++) {
    if (search.distance[node]! >= 0) continue
    const { count } = search.from(node)
    sizes.push(count)
    if (count > most) [most, largest] = [count, node]
  }
  return { sizes, largest }
}

/** Eight sweeps, each from the far end of the one before. */
function longestPath(topology: Topology, start: NodeId): number {
  const search = createSearch(topology)
  let [node, longest] = [start, 0]
  for (let sweep = 0; sweep < 8; sweep++) {
    search.distance.fill(-1)
    const { last } = search.from(node)
    if (sweep > 1 && search.distance[last]! <= longest) break
    longest = Math.max(longest, search.distance[last]!)
    node = last
  }
  return longest
}

type Search = {
  /** Links from the start of the search that reached a node; −1 where none has. */
  distance: Int32Array
  /** Reaches what can be reached; the last node reached is among the farthest. */
  from: (start: NodeId) => { count: number; last: NodeId }
}

function createSearch({ size, neighbours }: Topology): Search {
  const distance = new Int32Array(size).fill(-1)
  const queue = new Int32Array(size)
  return {
    distance,
    from: (start) => {
      distance[start] = 0
      queue[0] = start
      let count = 1
      for (let at = 0; at < count; at++) {
        const node = queue[at]!
        const row = neighbours(node)
        for (let index = 0; index < row.length; index++) {
          const other = row[index]!
          if (distance[other]! >= 0) continue
          distance[other] = distance[node]! + 1
          queue[count++] = other
        }
      }
      return { count, last: queue[count - 1]! }
    },
  }
}

function clusteringOf(
  { size, neighbours }: Topology,
  degrees: Int32Array,
): { clustering: number; transitivity: number } {
  const markedFor = new Int32Array(size).fill(-1)
  let shares = 0
  let closed = 0
  let chains = 0
  for (let node = 0; node < size; node++) {
    const row = neighbours(node)
    const pairs = (degrees[node]! * (degrees[node]! - 1)) / 2
    if (pairs === 0) continue
    for (let index = 0; index < row.length; index++) markedFor[row[index]!] = node
    let ends = 0
    for (let index = 0; index < row.length; index++) {
      const next = neighbours(row[index]!)
      for (let inner = 0; inner < next.length; inner++) if (markedFor[next[inner]!] === node) ends++
    }
    shares += ends / 2 / pairs
    closed += ends / 2
    chains += pairs
  }
  return {
    clustering: size === 0 ? 0 : shares / size,
    transitivity: chains === 0 ? 0 : closed / chains,
  }
}
