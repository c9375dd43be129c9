import type { Stream } from '@counterpoise/engine'
import { TopologyError } from '../errors.ts'
import type { NodeId } from '../places.ts'
import { connectLinks } from './connect.ts'
import { createFreeSlots } from './freeSlots.ts'
import { checkCount, type Graph, graphOf, joined, type Links } from './links.ts'
import { createOpenings, type Openings } from './openings.ts'

/** Bitcoin Core's limits of connections (src/net.h, since version 0.19). */
export const bitcoinConnections = { outgoing: 8, blockRelayOnly: 2, most: 125 } as const

export type BitcoinTopologyOptions = {
  size: number
  stream: Stream
  /** Full-relay connections that a node opens, for all or for each node; 8 by default. */
  outgoing?: number | ArrayLike<number> | undefined
  /** Connections that a node opens besides, for blocks only; 2 by default, 0 before 0.19. */
  blockRelayOnly?: number | undefined
  /** Connections of a node in all; 125 by default. */
  mostConnections?: number | undefined
  /** Connections that a node accepts, as far as `mostConnections` leaves room; 117 by default. */
  mostInbound?: number | undefined
  /** How many nodes accept connections, the first ones by number; all by default. */
  listening?: number | undefined
}

/** All connections, as blocks take them, and those that carry transactions too. */
export type BitcoinTopology = Graph & {
  /** Without the connections for blocks only; connected by itself. */
  transactions: Graph
  /** How many connections each node has opened, of both kinds. */
  outbound: Int32Array
}

/**
 * Each node opens its connections to random others that accept them, never twice to the same;
 * connected. In the order of their numbers, nodes open one connection per round, so that nobody
 * is first at everything.
 *
 * @throws TopologyError where not every node finds as many others as it wants.
 */
export function bitcoinTopology(options: BitcoinTopologyOptions): BitcoinTopology {
  const { size, stream, blockRelayOnly = bitcoinConnections.blockRelayOnly } = options
  const { outgoing = bitcoinConnections.outgoing, listening = size } = options
  const { mostConnections = bitcoinConnections.most, mostInbound = 117 } = options
  checkCount('size', size, 2)
  checkCount('blockRelayOnly', blockRelayOnly, 0)
  checkCount('listening', listening, 1)
  checkCount('mostInbound', mostInbound, 1)
  const full = Int32Array.from({ length: size }, (_, node) => {
    const count = typeof outgoing === 'number' ? outgoing : (outgoing[node] ?? Number.NaN)
    checkCount('outgoing', count, 1, `It is that of node ${node}.`)
    return count
  })
  const outbound = full.map((count) => count + blockRelayOnly)
  const inbound = outbound.map((count, node) =>
    node < listening ? Math.min(mostInbound, Math.max(0, mostConnections - count)) : 0,
  )
  checkLimits(outbound, inbound, { listening, mostConnections })

  const free = createFreeSlots(inbound)
  const openings = createOpenings(full)
  fill(openings, full, (node) => {
    const other = free.draw(stream, (each) => each !== node && !openings.areLinked(node, each))
    if (other !== undefined) free.take(other)
    return other
  })
  const carrying = openings.toLinks()
  connectLinks(size, carrying)

  const settled = reopened(full, carrying)
  const perNode = new Int32Array(size).fill(blockRelayOnly)
  const extra = createOpenings(perNode)
  fill(extra, perNode, (node) => {
    const isNew = (each: NodeId): boolean =>
      each !== node && !settled.areLinked(node, each) && !extra.areLinked(node, each)
    const other = free.draw(stream, isNew)
    if (other !== undefined) free.take(other)
    return other
  })
  const all = joined(carrying, extra.toLinks())
  return { ...graphOf(size, all), transactions: graphOf(size, carrying), outbound }
}

/** Round by round, every node that wants one more link opens it. */
function fill(
  openings: Openings,
  wanted: Int32Array,
  draw: (node: NodeId) => NodeId | undefined,
): void {
  const rounds = wanted.reduce((most, count) => Math.max(most, count), 0)
  for (let round = 0; round < rounds; round++) {
    for (let node = 0; node < wanted.length; node++) {
      if (wanted[node]! <= round) continue
      const other = draw(node)
      if (other === undefined) {
        throw new TopologyError(`Node ${node} finds nobody for its connection ${round + 1}.`, {
          metaMessages: [
            'Everybody who accepts connections is linked to it or has no room.',
            'Let more nodes listen, raise the limits, or open fewer connections.',
          ],
        })
      }
      openings.open(node, other)
    }
  }
}

/** The openings as they are after links have exchanged their ends. */
function reopened(limits: Int32Array, { from, to }: Links): Openings {
  const openings = createOpenings(limits)
  for (let link = 0; link < from.length; link++) openings.open(from[link]!, to[link]!)
  return openings
}

function checkLimits(
  outbound: Int32Array,
  inbound: Int32Array,
  { listening, mostConnections }: { listening: number; mostConnections: number },
): void {
  const greedy = outbound.findIndex((count) => count > mostConnections)
  if (greedy >= 0) {
    const wants = `Node ${greedy} opens ${outbound[greedy]} connections`
    throw new TopologyError(`${wants}, but may have ${mostConnections} in all.`, {
      metaMessages: ['Raise mostConnections, or open fewer.'],
    })
  }
  const wanted = outbound.reduce((sum, count) => sum + count, 0)
  const room = inbound.reduce((sum, count) => sum + count, 0)
  if (wanted > room) {
    throw new TopologyError(`${wanted} connections are opened, but only ${room} are accepted.`, {
      metaMessages: [`Nodes that listen: ${listening}. Let more listen, or raise mostInbound.`],
    })
  }
}
