import type { Stream } from '@counterpoise/engine'
import { TopologyError } from './errors.ts'
import type { NodeId } from './places.ts'

/** Who is connected with whom; undirected, without loops. */
export type Topology = {
  size: number
  /** The neighbours of a node, in ascending order. */
  neighbours: (node: NodeId) => Int32Array
}

/** Everybody with everybody. */
export function completeTopology(size: number): Topology {
  const all = Array.from({ length: size }, (_, node) => node)
  const rows = all.map((node) => Int32Array.from(all.filter((other) => other !== node)))
  return { size, neighbours: (node) => rows[node]! }
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
export function randomTopology(options: RandomTopologyOptions): Topology {
  const { size, outgoing, stream } = options
  if (outgoing > size - 1) {
    throw new TopologyError(`A node cannot open ${outgoing} connections among ${size} nodes.`, {
      metaMessages: [`Expected: at most ${size - 1} outgoing connections.`],
    })
  }
  const links = Array.from({ length: size }, () => new Set<NodeId>())
  const connect = (one: NodeId, other: NodeId): void => {
    links[one]!.add(other)
    links[other]!.add(one)
  }
  for (let node = 0; node < size; node++) {
    if (node > 0) connect(node, node - 1)
    const chosen = new Set<NodeId>()
    while (chosen.size < outgoing) {
      const other = stream.below(size)
      if (other !== node) chosen.add(other)
    }
    for (const other of chosen) connect(node, other)
  }
  const rows = links.map((others) => Int32Array.from(others).sort())
  return { size, neighbours: (node) => rows[node]! }
}
