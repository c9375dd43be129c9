import type { Simulation, Stream, Time } from '@counterpoise/engine'
import type { Latency } from './latency.ts'
import { createMessages } from './messages.ts'
import type { NodeId, Place } from './places.ts'
import type { Topology } from './topology.ts'

export type NetworkOptions<message> = {
  /** Prefix of its event kinds and random streams; unique within the simulation. */
  name: string
  places: readonly Place[]
  latency: Latency
  /** Called for every message that reaches a node that is up. */
  deliver: (to: NodeId, from: NodeId, message: message) => void
  /** Called after a node went down or came up. */
  onChange?: ((node: NodeId, up: boolean) => void) | undefined
  /**
   * Whom a broadcast goes to. Without one, straight to every other node; with one, by flooding:
   * each node passes on what is new to it, to its neighbours, once.
   */
  topology?: Topology | undefined
  /** How long a node checks a flooded message before it passes it on, µs. */
  relayDelay?: ((message: message) => Time) | undefined
  /** Messages of a sender to a receiver arrive in the order in which they were sent. */
  fifo?: boolean | undefined
  /** Probability that a message is lost on a link. */
  lossProbability?: number | undefined
}

/** What has gone over a network. */
export type NetworkCounters = {
  sent: number
  delivered: number
  /** Lost on a link, or because a sender, a receiver or the way between them was down. */
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
  /** To every other node: directly, or by flooding where the network has a topology. */
  broadcast: (from: NodeId, message: message, bytes: number) => void
  isUp: (node: NodeId) => boolean
  /** A node that is down neither sends nor receives. */
  takeDown: (node: NodeId) => void
  bringUp: (node: NodeId) => void
  /** Puts nodes into a group; messages between different groups are dropped. All start in 0. */
  assignGroup: (node: NodeId, group: number) => void
  setLossProbability: (probability: number) => void
  typicalLatency: (from: NodeId, to: NodeId) => Time
  counters: () => NetworkCounters
}

/** Lays a network over a simulation. */
export function createNetwork<message>(
  simulation: Simulation,
  options: NetworkOptions<message>,
): Network<message> {
  const { name, places, latency, deliver, onChange, topology, relayDelay, fifo = false } = options
  const size = places.length
  const up = new Uint8Array(size).fill(1)
  const groups = new Int32Array(size)
  const uplink = Float64Array.from(places, (place) => place.uplinkBytesPerSecond ?? 0)
  const uplinkFree = new Float64Array(size)
  const lastArrival = new Float64Array(fifo ? size * size : 0)
  const messages = createMessages<message>(size)
  const jitter = streamsOf(simulation, `${name}/latency`, size)
  const losses = streamsOf(simulation, `${name}/loss`, size)
  let loss = options.lossProbability ?? 0
  const counters: NetworkCounters = { sent: 0, delivered: 0, dropped: 0, duplicates: 0, bytes: 0 }

  const deliverKind = simulation.define(`${name}/deliver`, (to, from, slot) => {
    const message = messages.get(slot)
    if (up[to] === 0 || groups[from] !== groups[to]) counters.dropped++
    else if (messages.isFlooded(slot) && !messages.markSeen(slot, to)) counters.duplicates++
    else {
      counters.delivered++
      if (messages.isFlooded(slot)) relay(to, from, slot, relayDelay?.(message) ?? 0)
      deliver(to, from, message)
    }
    messages.release(slot)
  })

  const relayKind = simulation.define(`${name}/relay`, (node, except, slot) => {
    flood(node, except, slot)
    messages.release(slot)
  })

  const relay = (node: NodeId, except: NodeId, slot: number, delay: Time): void => {
    if (delay === 0) flood(node, except, slot)
    else {
      messages.retain(slot)
      simulation.after(delay, relayKind, node, except, slot)
    }
  }

  const flood = (node: NodeId, except: NodeId, slot: number): void => {
    const neighbours = topology!.neighbours(node)
    for (let index = 0; index < neighbours.length; index++) {
      const to = neighbours[index]!
      if (to !== except) transmit(node, to, slot)
    }
  }

  /** Puts one copy on its way: the uplink's queue, then the link. */
  const transmit = (from: NodeId, to: NodeId, slot: number): void => {
    counters.sent++
    const bytes = messages.bytes(slot)
    counters.bytes += bytes
    if (up[from] === 0 || (loss > 0 && losses[from]!().chance(loss))) {
      counters.dropped++
      return
    }
    let departure = simulation.now()
    if (uplink[from]! > 0) {
      const free = Math.max(departure, uplinkFree[from]!)
      departure = free + Math.ceil((bytes * 1_000_000) / uplink[from]!)
      uplinkFree[from] = departure
    }
    let arrival = departure + latency.sample(from, to, jitter[from]!())
    if (fifo) {
      const link = from * size + to
      if (arrival < lastArrival[link]!) arrival = lastArrival[link]!
      lastArrival[link] = arrival
    }
    messages.retain(slot)
    simulation.at(arrival, deliverKind, to, from, slot)
  }

  return {
    size,
    places,
    send: (from, to, message, bytes) => {
      const slot = messages.add(message, bytes, false)
      transmit(from, to, slot)
      messages.release(slot)
    },
    broadcast: (from, message, bytes) => {
      const slot = messages.add(message, bytes, topology !== undefined)
      if (topology === undefined) {
        for (let to = 0; to < size; to++) if (to !== from) transmit(from, to, slot)
      } else {
        messages.markSeen(slot, from)
        flood(from, -1, slot)
      }
      messages.release(slot)
    },
    isUp: (node) => up[node] === 1,
    takeDown: (node) => {
      if (up[node] === 0) return
      up[node] = 0
      onChange?.(node, false)
    },
    bringUp: (node) => {
      if (up[node] === 1) return
      up[node] = 1
      uplinkFree[node] = simulation.now()
      onChange?.(node, true)
    },
    assignGroup: (node, group) => {
      groups[node] = group
    },
    setLossProbability: (probability) => {
      loss = probability
    },
    typicalLatency: latency.typical,
    counters: () => ({ ...counters }),
  }
}

/** One stream per node, opened when it is first used. */
function streamsOf(simulation: Simulation, purpose: string, size: number): (() => Stream)[] {
  return Array.from({ length: size }, (_, node) => {
    let stream: Stream | undefined
    return () => (stream ??= simulation.stream(purpose, node))
  })
}
