import type { Stream } from '@counterpoise/engine'
import { TopologyError } from './errors.ts'
import { checkCount, createLinkList, type Graph, graphOf, graphOfRows } from './topology/links.ts'

export type { Graph, Topology } from './topology/links.ts'

/**
 * Everybody with everybody. Without a topology, a network's broadcast goes straight to everybody,
 * which costs no memory: of many nodes, that is the better way.
 *
 * @throws TopologyError where there are too many for one array, from 32,768 nodes on.
 */
export function completeTopology(size: number): Graph {
  checkCount('size', size, 0)
  if (size > 32_767) {
    throw new TopologyError(`${size} nodes are too many to link everybody with everybody.`, {
      metaMessages: ['Leave the topology out: a broadcast then goes straight to everybody.'],
    })
  }
  const offsets = Int32Array.from({ length: size + 1 }, (_, node) => node * (size - 1))
  const targets = new Int32Array(size * Math.max(0, size - 1))
  let slot = 0
  for (let node = 0; node < size; node++) {
    for (let other = 0; other < size; other++) if (other !== node) targets[slot++] = other
  }
  return graphOfRows(size, offsets, targets)
}

export type RandomTopologyOptions = {
  size: number
  /** Connections that each node opens to distinct others, chosen uniformly. */
  outgoing: number
  stream: Stream
}

/**
 * Each node opens `outgoing` connections to random others, as Bitcoin's nodes do; a connection
 * carries both ways, so the mean degree is about 2 · `outgoing`. Node k also connects to node
 * k − 1, so that the graph is connected whatever was drawn.
 *
 * @throws TopologyError where there are not enough other nodes.
 */
export function randomTopology(options: RandomTopologyOptions): Graph {
  const { size, outgoing, stream } = options
  checkCount('size', size, 0)
  checkCount('outgoing', outgoing, 0)
  if (outgoing > size - 1) {
    throw new TopologyError(`A node cannot open ${outgoing} connections among ${size} nodes.`, {
      metaMessages: [`Expected: at most ${size - 1} outgoing connections.`],
    })
  }
  const links = createLinkList(size * (outgoing + 1))
  const chosenBy = new Int32Array(size).fill(-1)
  for (let node = 0; node < size; node++) {
    if (node > 0) links.add(node, node - 1)
    let chosen = 0
    while (chosen < outgoing) {
      const other = stream.below(size)
      if (other === node || chosenBy[other] === node) continue
      chosenBy[other] = node
      links.add(node, other)
      chosen++
    }
  }
  return graphOf(size, links.toLinks())
}
