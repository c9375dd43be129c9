import type { EventKind, Simulation, Stream } from '@counterpoise/engine'
import { createHeldCopies, type HeldCopies, type HeldCopy } from './heldCopies.ts'
import type { Latency } from './latency.ts'
import type { LinkFaults } from './linkFaults.ts'
import type { Messages } from './messages.ts'
import type { NetworkCounters } from './network.ts'
import type { NodeId, Place } from './places.ts'
import { type ArrivalOrder, createArrivalOrder } from './transport/arrivalOrder.ts'
import { createTransport } from './transport/createTransport.ts'
import { type Bandwidth, type Fate, fates, type Transport } from './transport/transport.ts'

/**
 * From so many copies on, one structure that is walked costs less than as many events.
 */
const fanoutMin = 32

/** Why a copy does not set out over a faulty link. */
const ways = { lost: -1, held: -2 } as const

/** The way of a copy from the sender's queue to its arrival. */
export type Sender = {
  /** Puts one copy on its way. */
  transmit: (from: NodeId, to: NodeId, slot: number) => void
  /** Puts a copy for each of some nodes on its way, as `transmit` would one after the other. */
  transmitAll: (from: NodeId, to: ArrayLike<NodeId>, slot: number) => void
  setLossProbability: (probability: number) => void
  /** Keeps a copy that met a cut when it arrived. */
  holdArrived: (copy: HeldCopy) => void
  /** Lets go of what no cut holds any more. */
  letGo: () => void
  /** The node is down: what it has not sent is lost. */
  clear: (node: NodeId) => void
  /** What of it a snapshot could not hold; undefined where it is nothing. */
  unsaved: () => string | undefined
  lossProbability: () => number
  /** Puts it where nothing is held, with a probability of loss. */
  restore: (lossProbability: number) => void
}

export type SenderOptions = {
  simulation: Simulation
  name: string
  places: readonly Place[]
  latency: Latency
  fifo: boolean
  lossProbability: number
  bandwidth: Bandwidth
  /** Count a copy for a node that has its message at once, without an event. */
  countsDuplicates: boolean
  /** Whether a copy of a message that is not flooded has been counted now, as good as arrived. */
  countAtOnce: ((to: NodeId, message: unknown) => boolean) | undefined
  streams: 'per-node' | 'shared'
  up: Uint8Array
  messages: Omit<Messages<unknown>, 'add' | 'addAgain' | 'save' | 'restore'>
  counters: NetworkCounters
  links: LinkFaults
  deliverKind: EventKind
}

export function createSender(options: SenderOptions): Sender {
  const { simulation, name, places, latency, fifo, countsDuplicates } = options
  const { up, messages, counters, links, deliverKind, countAtOnce } = options
  const size = places.length
  const streams = options.streams === 'shared' ? sharedStream : streamsOf
  const jitterOf = streams(simulation, `${name}/latency`)
  const lossOf = streams(simulation, `${name}/loss`)
  const linkLossOf = streams(simulation, `${name}/link loss`)
  const linkDelayOf = streams(simulation, `${name}/link delay`)
  let loss = options.lossProbability
  let order: ArrivalOrder | undefined
  if (fifo) order = createArrivalOrder(size, simulation.now)
  /** When the last copy that a cut had held is there, and no other can overtake it any more. */
  let heldUntil = 0

  const inOrder = (from: NodeId, to: NodeId, arrival: number, fate: Fate): number => {
    if (!fifo && fate !== fates.heldBack) {
      if (order === undefined) return arrival
      if (simulation.now() < heldUntil) return order.after(from, to, arrival)
      order = undefined
      return arrival
    }
    order ??= createArrivalOrder(size, simulation.now)
    const at = order.after(from, to, arrival)
    order.note(from, to, at)
    if (at > heldUntil) heldUntil = at
    return at
  }

  const drop = (slot: number): void => {
    counters.dropped++
    messages.release(slot)
  }

  const transport: Transport | undefined = createTransport(
    {
      simulation,
      name,
      places,
      bytes: messages.bytes,
      isUp: (node) => up[node] === 1,
      retain: messages.retain,
      release: messages.release,
      drop,
      inOrder,
      deliverKind,
    },
    options.bandwidth,
  )

  const carry = (from: NodeId, to: NodeId, slot: number, delay: number, fate: Fate): void => {
    if (transport !== undefined) {
      const share = links.isActive && links.touches(from, to) ? links.share(from, to) : 1
      transport.carry(from, to, slot, delay, share, fate)
    } else if (fate !== fates.wasted) {
      const arrival = inOrder(from, to, simulation.now() + delay, fate)
      if (fate === fates.counted) return
      messages.retain(slot)
      simulation.at(arrival, deliverKind, to, from, slot)
    }
  }

  const held: HeldCopies = createHeldCopies({
    send: ({ from, to, slot, delay }) => {
      carry(from, to, slot, delay, fates.heldBack)
      messages.release(slot)
    },
    arrive: ({ from, to, slot }) => {
      simulation.after(0, deliverKind, to, from, slot)
    },
    drop,
  })

  /** The way of a copy over a faulty link, µs; below 0 where it does not set out. */
  const faultyWay = (from: NodeId, to: NodeId, slot: number, delay: number): number => {
    const isLost = links.isLost(from, to, linkLossOf)
    const whole = delay + links.delay(from, to, linkDelayOf)
    const cut = links.cut(from, to)
    if (isLost || cut === 'drop') {
      counters.dropped++
      return ways.lost
    }
    if (cut === undefined) return whole
    messages.retain(slot)
    held.holdSent({ from, to, slot, delay: whole })
    return ways.held
  }

  /** Whether a copy is known to find its message there already, and can be counted now. */
  const isDuplicate = (to: NodeId, slot: number): boolean =>
    up[to] === 1 &&
    (transport === undefined || transport.isUnlimited(to)) &&
    (messages.isFlooded(slot)
      ? messages.isSeen(slot, to)
      : countAtOnce !== undefined && countAtOnce(to, messages.get(slot)))

  let times = new Float64Array(fanoutMin)
  let targets = new Int32Array(fanoutMin)

  const asksToCount = countsDuplicates && countAtOnce !== undefined

  /** Copies with no queue to wait in: all that they need is when they arrive. */
  const fanOut = (from: NodeId, to: ArrayLike<NodeId>, slot: number): void => {
    const count = to.length
    if (times.length < count) {
      times = new Float64Array(count)
      targets = new Int32Array(count)
    }
    const now = simulation.now()
    const jitter = jitterOf(from)
    const losses = loss > 0 ? lossOf(from) : undefined
    const isUp = up[from] === 1
    const mayBeFaulty = isUp && links.isActive
    const message = asksToCount ? messages.get(slot) : undefined
    let arriving = 0
    let lost = 0
    let counted = 0
    for (let index = 0; index < count; index++) {
      const target = to[index]!
      let delay = latency.sample(from, target, jitter)
      if (losses?.chance(loss)) {
        lost++
        continue
      }
      if (mayBeFaulty && links.touches(from, target)) {
        delay = faultyWay(from, target, slot, delay)
        if (delay < 0) continue
      } else if (asksToCount && up[target] === 1 && countAtOnce(target, message)) {
        counted++
        if (order !== undefined) inOrder(from, target, now + delay, fates.counted)
        continue
      }
      const arrival = now + delay
      times[arriving] =
        order === undefined ? arrival : inOrder(from, target, arrival, fates.arrives)
      targets[arriving++] = target
    }
    if (!isUp) return
    counters.sent += count
    counters.bytes += count * messages.bytes(slot)
    counters.dropped += lost
    counters.delivered += counted
    messages.retain(slot, arriving)
    simulation.fanout(deliverKind, arriving, times, targets, from, slot)
  }

  /** A few copies on free links, each an event of its own. */
  const sendFew = (from: NodeId, to: ArrayLike<NodeId>, slot: number): void => {
    const count = to.length
    const now = simulation.now()
    const jitter = jitterOf(from)
    const isUp = up[from] === 1
    for (let index = 0; index < count; index++) {
      const target = to[index]!
      const delay = latency.sample(from, target, jitter)
      if (isUp) simulation.at(now + delay, deliverKind, target, from, slot)
    }
    if (!isUp) return
    counters.sent += count
    counters.bytes += count * messages.bytes(slot)
    messages.retain(slot, count)
  }

  const transmit = (from: NodeId, to: NodeId, slot: number): void => {
    // Both are drawn whatever becomes of the copy, so that variants see the same later draws.
    const delay = latency.sample(from, to, jitterOf(from))
    const isLost = loss > 0 && lossOf(from).chance(loss)
    if (up[from] === 0) return
    counters.sent++
    counters.bytes += messages.bytes(slot)
    if (isLost) {
      counters.dropped++
      carry(from, to, slot, delay, fates.wasted)
    } else if (links.isActive && links.touches(from, to)) {
      const way = faultyWay(from, to, slot, delay)
      if (way >= 0) carry(from, to, slot, way, fates.arrives)
      else if (way === ways.lost) carry(from, to, slot, delay, fates.wasted)
    } else if (countsDuplicates && isDuplicate(to, slot)) {
      if (messages.isFlooded(slot)) counters.duplicates++
      else counters.delivered++
      carry(from, to, slot, delay, fates.counted)
    } else carry(from, to, slot, delay, fates.arrives)
  }

  return {
    transmit,
    transmitAll: (from, to, slot) => {
      const isPlain = transport === undefined && !messages.isFlooded(slot)
      if (isPlain && to.length >= fanoutMin) fanOut(from, to, slot)
      else if (isPlain && !asksToCount && !links.isActive && order === undefined && loss === 0) {
        sendFew(from, to, slot)
      } else for (let index = 0; index < to.length; index++) transmit(from, to[index]!, slot)
    },
    setLossProbability: (probability) => {
      loss = probability
    },
    holdArrived: held.holdArrived,
    letGo: () => held.letGo((from, to) => links.cut(from, to) === undefined),
    clear: (node) => {
      transport?.clear(node)
      held.clear(node)
    },
    unsaved: () => {
      if (transport !== undefined) return 'it has limits of bandwidth'
      if (fifo) return 'it keeps the order of messages'
      if (held.count() > 0) return 'a cut holds messages'
      const isOrdered = order !== undefined && simulation.now() < heldUntil
      return isOrdered ? 'messages that a cut had held are under way' : undefined
    },
    lossProbability: () => loss,
    restore: (probability) => {
      loss = probability
      order = undefined
      held.reset()
    },
  }
}

/** One stream per node, opened when it is first used. */
function streamsOf(simulation: Simulation, purpose: string): (node: NodeId) => Stream {
  const streams: Stream[] = []
  return (node) => (streams[node] ??= simulation.stream(purpose, node))
}

/** One stream for all nodes. */
function sharedStream(simulation: Simulation, purpose: string): (node: NodeId) => Stream {
  let stream: Stream | undefined
  return () => (stream ??= simulation.stream(purpose))
}
