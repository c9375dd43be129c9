import type { Simulation, Time } from '@counterpoise/engine'
import { createFlooding } from './flooding.ts'
import type { Latency } from './latency.ts'
import { createLinkFaults, type LinkFault, type PartitionMode } from './linkFaults.ts'
import { createMessages } from './messages.ts'
import { createNetworkKeeper } from './networkKeeper.ts'
import { expectBytes, expectLoss, expectNetworkOptions, expectNode } from './networkChecks.ts'
import type { NodeId, Place } from './places.ts'
import { createSender, type SenderOptions } from './sender.ts'
import type { Topology } from './topology.ts'
import type { Bandwidth } from './transport/transport.ts'

/** So many nodes have random streams of their own where nothing else is said. */
export const ownStreamsMax = 2_048

export type NetworkOptions<message> = {
  /** Prefix of its event kinds and random streams; unique within the simulation. */
  name: string
  places: readonly Place[]
  latency: Latency
  /**
   * Called for every message that reaches a node that is up. Where `relay` is `after-accept`,
   * answering `false` or `'ignore'` keeps a flooded message from being passed on.
   */
  deliver: (to: NodeId, from: NodeId, message: message) => unknown
  /** Called after a node went down or came up. */
  onChange?: ((node: NodeId, up: boolean) => void) | undefined
  /**
   * Whom a broadcast goes to. Without one, straight to every other node; with one, by flooding:
   * each node passes on what is new to it, to its neighbours, once.
   */
  topology?: Topology | undefined
  /** How long a node checks a flooded message before it passes it on, µs. */
  relayDelay?: ((message: message) => Time) | undefined
  /** Whether a node passes a flooded message on before `deliver` has judged it, or after. */
  relay?: 'at-once' | 'after-accept' | undefined
  /**
   * What becomes of a flooded copy for a node that has its message already when the copy is sent:
   * it arrives as any other, or is counted at once, which saves its event. It takes its share of
   * the uplink either way. Where the way is limited at its end or links are faulty, it arrives.
   * A copy that the receiver would miss, being down by then, counts as a duplicate, not as dropped.
   */
  duplicates?: 'delivered' | 'counted' | undefined
  /**
   * Whether a copy of a message that is not flooded would do nothing where it arrives but be
   * counted. Asked when it is sent, where `duplicates` is `counted`; it counts as delivered.
   */
  countAtOnce?: ((to: NodeId, message: message) => boolean) | undefined
  /** Messages of a sender to a receiver arrive in the order in which they were sent. */
  fifo?: boolean | undefined
  /** Probability that a message is lost on a link. */
  lossProbability?: number | undefined
  /**
   * How a node's messages share its uplink and downlink: one after the other (`queue`, store and
   * forward), or at once, max-min fairly (`fair`: finer, and slower with many flows).
   */
  bandwidth?: Bandwidth | undefined
  /**
   * Whether each node draws latencies and losses from its own streams, so that what one sends does
   * not shift what another draws, or all from one: a node's own take about 1.5 KB each. Left out,
   * up to 2,048 nodes have their own.
   */
  streams?: 'per-node' | 'shared' | undefined
  /** What happens between groups; `drop` where left out. */
  partitionMode?: PartitionMode | undefined
}

/** What has gone over a network. */
export type NetworkCounters = {
  /** What nodes that were up have sent. */
  sent: number
  delivered: number
  /** Lost on a link, cut off, or because a sender or a receiver went down. */
  dropped: number
  /** Copies of a flooded message that a node had already. */
  duplicates: number
  bytes: number
}

/** Carries immutable messages between places; what crosses the event queue is integers. */
export type Network<message> = {
  size: number
  places: readonly Place[]
  send: (from: NodeId, to: NodeId, message: message, bytes: number) => void
  /** To each of some nodes, in their order: one message, however many they are. */
  multicast: (from: NodeId, to: ArrayLike<NodeId>, message: message, bytes: number) => void
  /** To every other node: directly, or by flooding where the network has a topology. */
  broadcast: (from: NodeId, message: message, bytes: number) => void
  /** Whom a node's broadcasts go to, in ascending order. */
  neighbours: (node: NodeId) => Int32Array
  isUp: (node: NodeId) => boolean
  /** A node that is down neither sends nor receives; what it has not sent yet is lost. */
  takeDown: (node: NodeId) => void
  bringUp: (node: NodeId) => void
  /**
   * Puts nodes into a group; between different groups there is a cut, unless the mode is another.
   * A message meets it when it is sent and when it arrives. All nodes start in group 0.
   */
  assignGroup: (node: NodeId, group: number) => void
  setPartitionMode: (mode: PartitionMode) => void
  /**
   * Makes links faulty until the function that it returns is called. Faults that overlap add up.
   *
   * @throws LinkFaultError where a number is out of its range or a node is unknown.
   */
  addLinkFault: (fault: LinkFault) => () => void
  setLossProbability: (probability: number) => void
  typicalLatency: (from: NodeId, to: NodeId) => Time
  counters: () => NetworkCounters
}

/** What a protocol that stands on a network tells it. */
type ProtocolOptions = {
  /** Why a snapshot cannot hold it. */
  unsaved?: string | undefined
}

/** A network for a protocol that sends one content again and again. */
type ProtocolNetwork<message> = {
  network: Network<message>
  /**
   * As `multicast`. It returns where the message is kept while copies are under way: who hands
   * that over with the next copies of the same message makes all of them share one place.
   */
  resend: (
    from: NodeId,
    to: ArrayLike<NodeId>,
    message: message,
    bytes: number,
    slot: number,
  ) => number
}

/**
 * Lays a network over a simulation. Its methods throw NetworkError for nodes that do not exist,
 * sizes that are no whole number of bytes, and probabilities that are none.
 *
 * @throws NetworkError where an option is impossible.
 */
export function createNetwork<message>(
  simulation: Simulation,
  options: NetworkOptions<message>,
): Network<message> {
  return createProtocolNetwork(simulation, options).network
}

/** As `createNetwork`, for the protocols of this package. */
export function createProtocolNetwork<message>(
  simulation: Simulation,
  options: NetworkOptions<message> & ProtocolOptions,
): ProtocolNetwork<message> {
  const { name, places, latency, deliver, onChange, topology } = options
  expectNetworkOptions(options as NetworkOptions<never>)
  const size = places.length
  const up = new Uint8Array(size).fill(1)
  const messages = createMessages<message>(size)
  const counters: NetworkCounters = { sent: 0, delivered: 0, dropped: 0, duplicates: 0, bytes: 0 }
  const links = createLinkFaults(size, () => sender.letGo())

  const deliverKind = simulation.define(`${name}/deliver`, (to, from, slot) => {
    const cut = links.isActive ? links.cut(from, to) : undefined
    if (cut === 'hold') {
      // The slot stays as it is until the cut is over.
      sender.holdArrived({ from, to, slot, delay: 0 })
      return
    }
    if (up[to] === 0 || cut === 'drop') counters.dropped++
    else if (!messages.isFlooded(slot)) {
      counters.delivered++
      deliver(to, from, messages.get(slot))
    } else if (messages.markSeen(slot, to)) {
      counters.delivered++
      flooding.handOver(to, from, slot)
    } else counters.duplicates++
    messages.release(slot)
  })

  let everybody: Int32Array | undefined
  /** All nodes but one; the array is used again. */
  const othersOf = (node: NodeId): Int32Array => {
    everybody ??= new Int32Array(Math.max(0, size - 1))
    for (let at = 0; at < size - 1; at++) everybody[at] = at < node ? at : at + 1
    return everybody
  }

  const transmit = (from: NodeId, to: NodeId, slot: number): void => sender.transmit(from, to, slot)
  const flooding = createFlooding(simulation, options, messages, transmit)
  const sender = createSender({
    simulation,
    name,
    places,
    latency,
    fifo: options.fifo ?? false,
    lossProbability: options.lossProbability ?? 0,
    bandwidth: options.bandwidth ?? 'queue',
    countsDuplicates: options.duplicates === 'counted',
    countAtOnce: options.countAtOnce as SenderOptions['countAtOnce'],
    streams: options.streams ?? (size > ownStreamsMax ? 'shared' : 'per-node'),
    up,
    messages,
    counters,
    links,
    deliverKind,
  })
  if (options.partitionMode !== undefined) links.setPartitionMode(options.partitionMode)
  simulation.keep(
    `${name}/network`,
    createNetworkKeeper({
      ...{ name, never: options.unsaved, up, counters, messages, links, sender },
    }),
  )

  const network: Network<message> = {
    size,
    places,
    send: (from, to, message, bytes) => {
      expectNode(from, size)
      expectNode(to, size)
      expectBytes(bytes)
      const slot = messages.add(message, bytes, false)
      transmit(from, to, slot)
      messages.release(slot)
    },
    multicast: (from, to, message, bytes) => {
      expectNode(from, size)
      for (let index = 0; index < to.length; index++) expectNode(to[index]!, size)
      expectBytes(bytes)
      const slot = messages.add(message, bytes, false)
      sender.transmitAll(from, to, slot)
      messages.release(slot)
    },
    broadcast: (from, message, bytes) => {
      expectNode(from, size)
      expectBytes(bytes)
      const slot = messages.add(message, bytes, topology !== undefined)
      if (topology === undefined) {
        sender.transmitAll(from, othersOf(from), slot)
      } else {
        messages.markSeen(slot, from)
        flooding.pass(from, -1, slot)
      }
      messages.release(slot)
    },
    neighbours: topology?.neighbours ?? ((node) => others(node, size)),
    isUp: (node) => up[node] === 1,
    takeDown: (node) => {
      expectNode(node, size)
      if (up[node] === 0) return
      up[node] = 0
      sender.clear(node)
      onChange?.(node, false)
    },
    bringUp: (node) => {
      expectNode(node, size)
      if (up[node] === 1) return
      up[node] = 1
      onChange?.(node, true)
    },
    assignGroup: links.assignGroup,
    setPartitionMode: links.setPartitionMode,
    addLinkFault: links.add,
    setLossProbability: (probability) => {
      expectLoss(probability)
      sender.setLossProbability(probability)
    },
    typicalLatency: latency.typical,
    counters: () => ({ ...counters }),
  }
  const resend: ProtocolNetwork<message>['resend'] = (from, to, message, bytes, last) => {
    const slot = messages.addAgain(message, bytes, last)
    sender.transmitAll(from, to, slot)
    messages.release(slot)
    return slot
  }
  return { network, resend }
}

function others(node: NodeId, size: number): Int32Array {
  return Int32Array.from({ length: size - 1 }, (_, index) => (index < node ? index : index + 1))
}
