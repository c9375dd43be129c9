import type { Stream } from '@counterpoise/engine'
import { TopologyError } from '../errors.ts'
import { connectLinks } from './connect.ts'
import { checkCount, type Graph, graphOf } from './links.ts'
import { pairAtRandom } from './pairing.ts'

export type RegularTopologyOptions = {
  size: number
  /** Links of every node. */
  degree: number
  stream: Stream
}

/**
 * A random graph in which every node has the same number of links; connected.
 *
 * @throws TopologyError where no such graph exists: more links than others, an odd number of ends,
 * or a degree below 2 for more than two nodes.
 */
export function regularTopology(options: RegularTopologyOptions): Graph {
  const { size, degree, stream } = options
  checkCount('size', size, 1)
  checkCount('degree', degree, 0)
  if (degree > size - 1) {
    throw new TopologyError(`A node cannot have ${degree} links among ${size} nodes.`, {
      metaMessages: [`Expected: a degree of at most ${size - 1}, or more nodes.`],
    })
  }
  if ((size * degree) % 2 !== 0) {
    throw new TopologyError(`No graph of ${size} nodes has the degree ${degree} everywhere.`, {
      metaMessages: [
        'Every link has two ends, so that size × degree is even.',
        `Take ${size + 1} nodes, or a degree of ${degree - 1} or ${degree + 1}.`,
      ],
    })
  }
  const links = pairAtRandom(new Int32Array(size).fill(degree), stream)
  connectLinks(size, links)
  return graphOf(size, links)
}
