import type { Stream } from '@counterpoise/engine'
import type { NodeId } from '../places.ts'
import { createLinkList, type Graph, graphOf, joined, linksOf, type Topology } from './links.ts'

export type MoreLinksOptions = {
  topology: Topology
  /** Those who get more links: as many nodes … */
  count: number
  /** … from this one on; 0. */
  first?: NodeId | undefined
  /** Links of each of them, drawn evenly from here … */
  low: number
  /** … to here; as far as there are other nodes. */
  high: number
  stream: Stream
}

/**
 * A topology in which some nodes, such as miners, are all linked with each other and have many
 * more links to random others, as in the simulator of Gervais et al. (2016).
 */
export function moreLinks(options: MoreLinksOptions): Graph {
  const { topology, count, first = 0, low, high, stream } = options
  const { size } = topology
  const links = createLinkList(count * (high + count))
  const linkedBy = new Int32Array(size).fill(-1)
  const end = Math.min(first + count, size)
  for (let node: NodeId = first; node < end; node++) {
    const wanted = Math.min(size - 1, low + stream.below(high - low + 1))
    linkedBy[node] = node
    let linked = 0
    const note = (other: NodeId): void => {
      if (linkedBy[other] === node) return
      linkedBy[other] = node
      linked++
    }
    topology.neighbours(node).forEach(note)
    for (let other = first; other < end; other++) {
      if (other === node) continue
      links.add(node, other)
      note(other)
    }
    while (linked < wanted) {
      const other = stream.below(size)
      if (linkedBy[other] === node) continue
      linkedBy[other] = node
      links.add(node, other)
      linked++
    }
  }
  return graphOf(size, joined(linksOf(topology), links.toLinks()))
}
