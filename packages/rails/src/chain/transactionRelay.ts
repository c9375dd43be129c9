import {
  createSampler,
  ms,
  seconds,
  type Simulation,
  type Stream,
  type Time,
} from '@counterpoise/engine'
import type { TransactionId } from '@counterpoise/ledger'
import {
  createLinkFaults,
  type Latency,
  type LinkFault,
  type NodeId,
  type Topology,
} from '@counterpoise/network'
import { type BitSet, createBitSet, createLog, type Log, relayLinksOf } from './relayLinks.ts'
import { type RelaySchedule, timerOf } from './relaySchedule.ts'

export type TransactionRelayOptions = {
  /** Prefix of event kinds and streams. */
  name: string
  topology: Topology
  latency: Latency
  schedule: RelaySchedule
  isUp: (node: NodeId) => boolean
  /** A transaction is new to a node. True where the node passes it on. */
  receive: (node: NodeId, id: TransactionId) => boolean
}

/** How transactions travel: announced at times, asked for, sent. Blocks take other ways. */
export type TransactionRelay = {
  /** Somebody hands a transaction to a node. */
  originate: (node: NodeId, id: TransactionId) => void
  /** Whether a node has, or had, a transaction. */
  has: (node: NodeId, id: TransactionId) => boolean
  /** Makes links faulty until the function that it returns is called. */
  addLinkFault: (fault: LinkFault) => () => void
}

/** After so long a request is made again. Bitcoin Core: GETDATA_TX_INTERVAL. */
const requestTimeout = seconds(60)

/**
 * Makes the relay of transactions among nodes that have heard of none.
 *
 * Timers are Poisson processes, so that one that has nothing to announce need not run: it starts
 * with the next transaction, and its remaining time has the same law. A node announces to a peer
 * what it has got since it did so last and the peer has not; one event carries all of it.
 *
 * Over a link that is cut nothing is announced until it works again, and what is announced or asked
 * for over one that loses messages is so once more. What is under way when a link is cut arrives.
 */
export function createTransactionRelay(
  simulation: Simulation,
  options: TransactionRelayOptions,
): TransactionRelay {
  const { name, topology, latency, schedule, isUp, receive } = options
  const links = relayLinksOf(topology, simulation.stream(`${name}/openers`))
  const { size, offsets, owners, peers, opened, opposite } = links
  const streams = {
    timers: simulation.stream(`${name}/announcements`),
    delays: simulation.stream(`${name}/delays`),
  }
  const inboundTimer = createSampler(timerOf(schedule.inboundInterval))
  const outboundTimer = createSampler(timerOf(schedule.outboundInterval))
  const held: BitSet[] = Array.from({ length: size }, createBitSet)
  const asked: BitSet[] = Array.from({ length: size }, createBitSet)
  const logs: Log[] = Array.from({ length: size }, createLog)
  /** By end: up to where the log of its owner has been announced, and whether its timer runs. */
  const announced = new Float64Array(peers.length)
  const runs = new Uint8Array(peers.length)
  const inboundRuns = new Uint8Array(size)
  /** By end: how many transactions its owner has asked for there and has not got. */
  const inFlight = new Int32Array(peers.length)
  /** Lists of transactions on their way, by number. */
  const batches: TransactionId[][] = []
  const free: number[] = []

  const keep = (ids: TransactionId[]): number => {
    const batch = free.pop() ?? batches.length
    batches[batch] = ids
    return batch
  }
  const collect = (batch: number): TransactionId[] => {
    const ids = batches[batch]!
    free.push(batch)
    return ids
  }
  const faults = createLinkFaults(size, () => {
    for (let node = 0; node < size; node++) if (isBehind(node)) startTimers(node)
  })
  const drawn = (): Stream => streams.delays
  const oneWay = (from: NodeId, to: NodeId): Time => {
    const delay = latency.sample(from, to, streams.delays)
    return faults.isActive ? delay + faults.delay(from, to, drawn) : delay
  }
  /** A conversation needs both ways. */
  const isCut = (one: NodeId, other: NodeId): boolean =>
    faults.cut(one, other) !== undefined || faults.cut(other, one) !== undefined
  const isLost = (one: NodeId, other: NodeId): boolean =>
    isCut(one, other) || faults.isLost(one, other, drawn)
  /** Some peer has not been told of all that a node has got. */
  const isBehind = (node: NodeId): boolean => {
    for (let end = offsets[node]!; end < offsets[node + 1]!; end++) {
      if (announced[end]! < logs[node]!.end() && !isCut(node, peers[end]!)) return true
    }
    return false
  }

  /** Over one end: what its owner has got since the last time, as far as the peer lacks it. */
  const announce = (end: number): void => {
    const [node, peer] = [owners[end]!, peers[end]!]
    if (faults.isActive && isLost(node, peer)) return
    const log = logs[node]!
    const ids: TransactionId[] = []
    for (let index = announced[end]!; index < log.end(); index++) {
      const id = log.at(index)
      if (!held[peer]!.has(id)) ids.push(id)
    }
    announced[end] = log.end()
    if (ids.length > 0) simulation.after(oneWay(node, peer), heardKind, opposite[end]!, keep(ids))
  }
  const trim = (node: NodeId): void => {
    let least = Number.POSITIVE_INFINITY
    for (let end = offsets[node]!; end < offsets[node + 1]!; end++) {
      least = Math.min(least, announced[end]!)
    }
    logs[node]!.trim(least)
  }
  /** Forgets what everybody has been told, and tries again what has been lost. */
  const goOn = (node: NodeId): void => {
    trim(node)
    if (faults.isActive && isBehind(node)) startTimers(node)
  }
  const outboundKind = simulation.define(`${name}/announce`, (end) => {
    runs[end] = 0
    if (!isUp(owners[end]!)) return
    announce(end)
    goOn(owners[end]!)
  })
  const inboundKind = simulation.define(`${name}/announceInbound`, (node) => {
    inboundRuns[node] = 0
    if (!isUp(node)) return
    for (let end = offsets[node]!; end < offsets[node + 1]!; end++) {
      if (opened[end] === 0) announce(end)
    }
    goOn(node)
  })
  const startTimers = (node: NodeId): void => {
    let hasInbound = false
    for (let end = offsets[node]!; end < offsets[node + 1]!; end++) {
      if (opened[end] === 0) hasInbound = true
      else if (runs[end] === 0) {
        runs[end] = 1
        simulation.after(ms(outboundTimer(streams.timers)), outboundKind, end)
      }
    }
    if (!hasInbound || inboundRuns[node] === 1) return
    inboundRuns[node] = 1
    simulation.after(ms(inboundTimer(streams.timers)), inboundKind, node)
  }

  /** At the end of who asks: for what it neither has nor has asked for elsewhere. */
  const ask = (end: number, ids: readonly TransactionId[]): void => {
    const [node, peer] = [owners[end]!, peers[end]!]
    const wanted = ids.filter((id) => !held[node]!.has(id) && !asked[node]!.has(id))
    if (wanted.length === 0) return
    if (faults.isActive && isLost(node, peer)) {
      simulation.after(requestTimeout, askKind, end, keep(wanted))
      return
    }
    for (const id of wanted) asked[node]!.add(id)
    inFlight[end] = inFlight[end]! + wanted.length
    const there = oneWay(node, peer)
    simulation.after(there + oneWay(peer, node), sentKind, end, keep(wanted))
  }
  const heardKind = simulation.define(`${name}/heard`, (end, batch) => {
    const ids = collect(batch)
    if (!isUp(owners[end]!)) return
    const isBusy = inFlight[end]! > schedule.inFlightMax
    const wait =
      (opened[end] === 1 ? 0 : schedule.inboundRequestDelay) +
      (isBusy ? schedule.busyRequestDelay : 0)
    if (wait === 0) ask(end, ids)
    else simulation.after(wait, askKind, end, keep(ids))
  })
  const askKind = simulation.define(`${name}/ask`, (end, batch) => {
    const ids = collect(batch)
    if (isUp(owners[end]!)) ask(end, ids)
  })
  const sentKind = simulation.define(`${name}/sent`, (end, batch) => {
    const ids = collect(batch)
    const node = owners[end]!
    inFlight[end] = inFlight[end]! - ids.length
    for (const id of ids) {
      asked[node]!.delete(id)
      if (isUp(node)) accept(node, id)
    }
  })
  const accept = (node: NodeId, id: TransactionId): void => {
    if (held[node]!.has(id)) return
    held[node]!.add(id)
    if (!receive(node, id)) return
    logs[node]!.push(id)
    if (schedule.immediateShare > 0) {
      for (let end = offsets[node]!; end < offsets[node + 1]!; end++) {
        if (held[peers[end]!]!.has(id) || !streams.timers.chance(schedule.immediateShare)) continue
        simulation.after(oneWay(node, peers[end]!), heardKind, opposite[end]!, keep([id]))
      }
    }
    startTimers(node)
  }

  return { originate: accept, has: (node, id) => held[node]!.has(id), addLinkFault: faults.add }
}
