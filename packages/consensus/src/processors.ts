import { type EventHandle, priorities, type Simulation, type Time } from '@counterpoise/engine'
import type { Network, NodeId } from '@counterpoise/network'
import type { Replica } from './contract.ts'
import type { ReportWord } from './listeners.ts'

export type ProcessorsOptions<message> = {
  name: string
  size: number
  network: Network<message>
  /** Members without a replica have nothing to do with their processors. */
  replicas: readonly (Replica<message> | undefined)[]
  /** Passes on what a replica reports; the number is a block or, for an equivocation, a node. */
  announce: (node: NodeId, word: ReportWord, subject: number) => void
}

/**
 * One processor per node: it hands messages and timers to the replica one after the other, and
 * while it works, what comes in waits and what goes out, reports included, leaves when the work
 * is done.
 */
export type Processors<message> = {
  now: (node: NodeId) => Time
  receive: (node: NodeId, from: NodeId, message: message) => void
  /** To one node, or to all others where `to` is −1. */
  send: (node: NodeId, to: NodeId, message: message, bytes: number) => void
  report: (node: NodeId, word: ReportWord, subject: number) => void
  setTimer: (node: NodeId, timer: number, delay: Time) => void
  clearTimer: (node: NodeId, timer: number) => void
  spend: (node: NodeId, work: Time) => void
  /**
   * The node is up again. The messages that waited, in or out, are lost with the work that they
   * waited for; the replica recovers, then the timers that ran out meanwhile expire.
   */
  resume: (node: NodeId) => void
  rest: () => void
  /** Nothing waits, neither messages nor timers, and the node is not at work. */
  isIdle: (node: NodeId) => boolean
}

/** A message, or a report where there is a word; one shape, for it is read all the time. */
type Leaving<message> = {
  /** When it leaves. */
  at: Time
  word: ReportWord | undefined
  /** The receiver, −1 for all others; of a report its subject. */
  to: number
  message: message | undefined
  bytes: number
}
/** A message that waits (`from` of at least 0) or a timer that does (`from` is −1). */
type Waiting<message> = { from: NodeId; message: message | undefined; timer: number }

export function createProcessors<message>(
  simulation: Simulation,
  options: ProcessorsOptions<message>,
): Processors<message> {
  const { name, size, network, replicas, announce } = options
  const busyUntil = new Float64Array(size)
  const inboxes = Array.from({ length: size }, (): Waiting<message>[] => [])
  const outboxes = Array.from({ length: size }, (): Leaving<message>[] => [])
  /** When the last departure of a node is due; what leaves at the same time leaves with it. */
  const departsAt = new Float64Array(size).fill(-1)
  /** When a node is to look into its inbox. */
  const looksAt = new Float64Array(size).fill(-1)
  const timers = Array.from({ length: size }, (): (EventHandle | undefined)[] => [])
  /** How often each node has come back: what was to depart before that departs no more. */
  const lives = new Int32Array(size)
  let resting = false

  const isBusy = (node: NodeId): boolean => busyUntil[node]! > simulation.now()
  const now = (node: NodeId): Time => Math.max(simulation.now(), busyUntil[node]!)

  /** Sees to it that what waits is looked at when the work is done: mostly nothing waits. */
  const lookLater = (node: NodeId): void => {
    const at = busyUntil[node]!
    if (looksAt[node]! >= at) return
    looksAt[node] = at
    simulation.at(at, readyKind, node)
  }

  /** Hands over what waits until the replica is at work again. */
  const work = (node: NodeId): void => {
    const inbox = inboxes[node]!
    while (inbox.length > 0 && !isBusy(node) && !resting) {
      const next = inbox.shift()!
      if (next.from === -1) replicas[node]!.expire(next.timer)
      else replicas[node]!.receive(next.from, next.message as message)
    }
    if (inbox.length > 0 && isBusy(node)) lookLater(node)
  }

  const post = (node: NodeId, to: NodeId, message: message, bytes: number): void => {
    if (to === -1) network.broadcast(node, message, bytes)
    else network.send(node, to, message, bytes)
  }

  const dispatch = (node: NodeId, { word, to, message, bytes }: Leaving<message>): void => {
    if (word === undefined) post(node, to, message as message, bytes)
    else announce(node, word, to)
  }

  const timerKind = simulation.define(
    `${name}/timer`,
    (node, timer) => {
      timers[node]![timer] = undefined
      if (resting) return
      inboxes[node]!.push({ from: -1, message: undefined, timer })
      // While the node is down the timer waits for its return.
      if (network.isUp(node)) work(node)
    },
    priorities.timer,
  )

  const departKind = simulation.define(
    `${name}/depart`,
    (node, life) => {
      if (life !== lives[node]) return
      const outbox = outboxes[node]!
      while (!resting && outbox.length > 0 && outbox[0]!.at <= simulation.now()) {
        dispatch(node, outbox.shift()!)
      }
    },
    priorities.protocol,
  )

  const readyKind = simulation.define(
    `${name}/ready`,
    (node) => {
      if (network.isUp(node)) work(node)
    },
    // Before the departures of the same instant.
    priorities.protocol - 1,
  )

  /** Whether what goes out may leave at once; on the usual way nothing is allocated. */
  const isFree = (node: NodeId): boolean => !isBusy(node) && outboxes[node]!.length === 0

  const wait = (node: NodeId, item: Leaving<message>): void => {
    outboxes[node]!.push(item)
    if (departsAt[node] === item.at) return
    departsAt[node] = item.at
    simulation.at(item.at, departKind, node, lives[node])
  }

  const clearTimer = (node: NodeId, timer: number): void => {
    const handle = timers[node]![timer]
    if (handle !== undefined) {
      simulation.cancel(handle)
      timers[node]![timer] = undefined
    }
    const inbox = inboxes[node]!
    if (inbox.length === 0) return
    const waiting = inbox.findIndex((item) => item.from === -1 && item.timer === timer)
    if (waiting >= 0) inbox.splice(waiting, 1)
  }

  return {
    now,
    receive: (node, from, message) => {
      if (isBusy(node) || inboxes[node]!.length > 0) {
        inboxes[node]!.push({ from, message, timer: -1 })
        lookLater(node)
      } else replicas[node]!.receive(from, message)
    },
    send: (node, to, message, bytes) => {
      if (resting) return
      if (isFree(node)) post(node, to, message, bytes)
      else wait(node, { at: now(node), word: undefined, to, message, bytes })
    },
    report: (node, word, subject) => {
      if (resting) return
      if (isFree(node)) announce(node, word, subject)
      else wait(node, { at: now(node), word, to: subject, message: undefined, bytes: 0 })
    },
    setTimer: (node, timer, delay) => {
      clearTimer(node, timer)
      if (resting) return
      timers[node]![timer] = simulation.at(now(node) + delay, timerKind, node, timer)
    },
    clearTimer,
    spend: (node, amount) => {
      if (amount > 0) busyUntil[node] = now(node) + amount
    },
    resume: (node) => {
      lives[node] = lives[node]! + 1
      busyUntil[node] = simulation.now()
      // What the replica reported it has done and stored; only its messages are lost.
      const left = outboxes[node]!.splice(0)
      departsAt[node] = -1
      looksAt[node] = -1
      for (const item of left) if (item.word !== undefined) dispatch(node, item)
      inboxes[node] = inboxes[node]!.filter((item) => item.from === -1)
      replicas[node]!.recover()
      work(node)
    },
    isIdle: (node) =>
      isFree(node) &&
      inboxes[node]!.length === 0 &&
      timers[node]!.every((handle) => handle === undefined),
    rest: () => {
      resting = true
      for (let node = 0; node < size; node++) {
        for (const handle of timers[node]!) if (handle !== undefined) simulation.cancel(handle)
        timers[node]!.length = 0
      }
    },
  }
}
