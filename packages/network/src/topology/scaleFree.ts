import type { Stream } from '@counterpoise/engine'
import { TopologyError } from '../errors.ts'
import { checkCount, createLinkList, type Graph, graphOf } from './links.ts'

export type ScaleFreeTopologyOptions = {
  size: number
  /** Links that each new node opens; the mean degree tends to twice as many. */
  links: number
  stream: Stream
}

/**
 * Barabási and Albert, "Emergence of Scaling in Random Networks" (1999): nodes come one after the
 * other and link to those there in proportion to their degrees, without repetition; connected.
 * The first `links + 1` nodes all know each other. The share of nodes of degree k tends to
 * 2m (m + 1) / (k (k + 1) (k + 2)) with m = `links`: a power law with the exponent 3.
 *
 * @throws TopologyError where there are not enough nodes to begin with.
 */
export function scaleFreeTopology(options: ScaleFreeTopologyOptions): Graph {
  const { size, links, stream } = options
  checkCount('size', size, 1)
  checkCount('links', links, 1)
  if (links > size - 1) {
    throw new TopologyError(`A node cannot open ${links} links among ${size} nodes.`, {
      metaMessages: [`Expected: at most ${size - 1} links, or more nodes.`],
    })
  }
  const list = createLinkList(size * links)
  // Every node as often as it has links: a random entry is a node in proportion to its degree.
  const ends = new Int32Array(2 * size * links)
  let count = 0
  const link = (one: number, other: number): void => {
    list.add(one, other)
    ends[count++] = one
    ends[count++] = other
  }
  for (let node = 1; node <= links; node++) {
    for (let other = 0; other < node; other++) link(node, other)
  }
  const chosenBy = new Int32Array(size)
  const chosen = new Int32Array(links)
  for (let node = links + 1; node < size; node++) {
    let found = 0
    while (found < links) {
      const other = ends[stream.below(count)]!
      if (chosenBy[other] === node) continue
      chosenBy[other] = node
      chosen[found++] = other
    }
    for (const other of chosen) link(node, other)
  }
  return graphOf(size, list.toLinks())
}
