import type { Stream } from '@counterpoise/engine'
import { TopologyError } from '../errors.ts'
import { connectLinks } from './connect.ts'
import { checkCount, type Graph, graphOf } from './links.ts'
import { pairAtRandom, shuffle } from './pairing.ts'

/** How often degrees occur: `weights[i]` of the nodes have `edges[i]` … `edges[i + 1] − 1`. */
export type DegreeHistogram = {
  /** Whole numbers, ascending; one more than weights. */
  edges: readonly number[]
  /** In any unit: only their ratios count. */
  weights: readonly number[]
}

/**
 * Gives `size` nodes degrees of a histogram, in random order. The shares are kept as exactly as
 * whole nodes allow (largest remainder), and a bin's nodes are spread evenly over its degrees.
 *
 * @throws TopologyError where the histogram is impossible.
 */
export function degreesOf(histogram: DegreeHistogram, size: number, stream: Stream): Int32Array {
  checkCount('size', size, 1)
  checkHistogram(histogram)
  const { edges, weights } = histogram
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const ideal = weights.map((weight) => (weight * size) / total)
  const counts = ideal.map((count) => Math.floor(count))
  const missing = size - counts.reduce((sum, count) => sum + count, 0)
  ideal
    .map((count, bin) => ({ bin, rest: count - Math.floor(count) }))
    .sort((a, b) => b.rest - a.rest || a.bin - b.bin)
    .slice(0, missing)
    .forEach(({ bin }) => counts[bin]!++)
  const degrees = new Int32Array(size)
  let node = 0
  counts.forEach((count, bin) => {
    const [low, high] = [edges[bin]!, edges[bin + 1]!]
    for (let nth = 0; nth < count; nth++) {
      degrees[node++] = low + Math.floor(((nth + 0.5) / count) * (high - low))
    }
  })
  shuffle(degrees, stream)
  return degrees
}

export type DegreeTopologyOptions = {
  /** The degree of every node, or a histogram with the number of nodes. */
  degrees: ArrayLike<number> | { histogram: DegreeHistogram; size: number }
  stream: Stream
}

/**
 * A random graph with given degrees (configuration model without loops and repetitions);
 * connected. Where degrees drawn from a histogram have an odd sum, one node has one link more.
 *
 * @throws TopologyError where no connected graph has these degrees.
 */
export function degreeTopology(options: DegreeTopologyOptions): Graph {
  const { degrees: given, stream } = options
  const degrees =
    'histogram' in given
      ? evened(degreesOf(given.histogram, given.size, stream))
      : Int32Array.from(given)
  const links = pairAtRandom(degrees, stream)
  connectLinks(degrees.length, links)
  return graphOf(degrees.length, links)
}

/** One more link for the first node of the lowest degree, where the sum is odd. */
function evened(degrees: Int32Array): Int32Array {
  if (degrees.reduce((sum, degree) => sum + degree, 0) % 2 !== 0) {
    const lowest = degrees.reduce((least, degree) => Math.min(least, degree))
    const node = degrees.indexOf(lowest)
    degrees[node] = lowest + 1
  }
  return degrees
}

function checkHistogram({ edges, weights }: DegreeHistogram): void {
  const fail = (expected: string, found: string): never => {
    throw new TopologyError(`A histogram of degrees expects ${expected}.`, {
      metaMessages: [`Found: ${found}`],
    })
  }
  if (edges.length !== weights.length + 1) {
    fail('one edge more than weights', `${edges.length} edges and ${weights.length} weights`)
  }
  edges.forEach((edge, index) => {
    const ascends = Number.isSafeInteger(edge) && edge > (edges[index - 1] ?? -1)
    if (!ascends) fail('whole edges of at least 0 that ascend', edges.join(', '))
  })
  const isShare = weights.every((weight) => weight >= 0 && Number.isFinite(weight))
  if (!isShare || !weights.some((weight) => weight > 0)) {
    fail('finite weights of at least 0, one of them above', weights.join(', '))
  }
}
