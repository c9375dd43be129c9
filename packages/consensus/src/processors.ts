import { type EventHandle, priorities, type Simulation, type Time } from '@counterpoise/engine'
import type { Network, NodeId } from '@counterpoise/network'
import type { Replica } from './contract.ts'

export type ProcessorsOptions<message> = {
  name: string
  size: number
  network: Network<message>
  replicas: readonly Replica<message>[]
}

/**
 * One processor per node: it hands messages and timers to the replica one after the other, and
 * while it works, what comes in waits and what goes out leaves when the work is done.
 */
export type Processors<message> = {
  now: (node: NodeId) => Time
  receive: (node: NodeId, from: NodeId, message: message) => void
  /** To one node, or to all others where `to` is −1. */
  send: (node: NodeId, to: NodeId, message: message, bytes: number) => void
  setTimer: (node: NodeId, timer: number, delay: Time) => void
  clearTimer: (node: NodeId, timer: number) => void
  spend: (node: NodeId, work: Time) => void
  /** The node is up again: its replica recovers, then its overdue timers expire. */
  resume: (node: NodeId) => void
  rest: () => void
}

type Letter<message> = { to: NodeId; message: message; bytes: number }
/** A message that waits (`from` of at least 0) or a timer that does (`from` is −1). */
type Waiting<message> = { from: NodeId; message: message | undefined; timer: number }

export function createProcessors<message>(
  simulation: Simulation,
  options: ProcessorsOptions<message>,
): Processors<message> {
  const { name, size, network, replicas } = options
  const busyUntil = new Float64Array(size)
  const inboxes = Array.from({ length: size }, (): Waiting<message>[] => [])
  const outboxes = Array.from({ length: size }, (): Letter<message>[] => [])
  const timers = Array.from({ length: size }, (): (EventHandle | undefined)[] => [])
  const overdue = Array.from({ length: size }, (): number[] => [])
  let resting = false

  const isBusy = (node: NodeId): boolean => busyUntil[node]! > simulation.now()

  const timerKind = simulation.define(
    `${name}/timer`,
    (node, timer) => {
      timers[node]![timer] = undefined
      if (resting) return
      if (!network.isUp(node)) overdue[node]!.push(timer)
      else if (isBusy(node) || inboxes[node]!.length > 0) {
        inboxes[node]!.push({ from: -1, message: undefined, timer })
      } else replicas[node]!.expire(timer)
    },
    priorities.timer,
  )

  const departKind = simulation.define(
    `${name}/depart`,
    (node) => {
      const letter = outboxes[node]!.shift()!
      dispatch(node, letter.to, letter.message, letter.bytes)
    },
    priorities.protocol,
  )

  const readyKind = simulation.define(
    `${name}/ready`,
    (node) => {
      const inbox = inboxes[node]!
      if (!network.isUp(node)) inbox.length = 0
      while (inbox.length > 0 && !isBusy(node) && !resting) {
        const next = inbox.shift()!
        if (next.from === -1) replicas[node]!.expire(next.timer)
        else replicas[node]!.receive(next.from, next.message as message)
      }
    },
    priorities.protocol,
  )

  const dispatch = (node: NodeId, to: NodeId, message: message, bytes: number): void => {
    if (to === -1) network.broadcast(node, message, bytes)
    else network.send(node, to, message, bytes)
  }

  const clearTimer = (node: NodeId, timer: number): void => {
    const handle = timers[node]![timer]
    if (handle !== undefined) {
      simulation.cancel(handle)
      timers[node]![timer] = undefined
    }
    drop(overdue[node]!, (other) => other === timer)
    drop(inboxes[node]!, (other) => other.from === -1 && other.timer === timer)
  }

  const now = (node: NodeId): Time => Math.max(simulation.now(), busyUntil[node]!)

  return {
    now,
    receive: (node, from, message) => {
      if (isBusy(node) || inboxes[node]!.length > 0) {
        inboxes[node]!.push({ from, message, timer: -1 })
      } else replicas[node]!.receive(from, message)
    },
    send: (node, to, message, bytes) => {
      if (!isBusy(node) && outboxes[node]!.length === 0) dispatch(node, to, message, bytes)
      else {
        outboxes[node]!.push({ to, message, bytes })
        simulation.at(now(node), departKind, node)
      }
    },
    setTimer: (node, timer, delay) => {
      clearTimer(node, timer)
      timers[node]![timer] = simulation.at(now(node) + delay, timerKind, node, timer)
    },
    clearTimer,
    spend: (node, work) => {
      if (work <= 0) return
      busyUntil[node] = now(node) + work
      simulation.at(busyUntil[node]!, readyKind, node)
    },
    resume: (node) => {
      busyUntil[node] = simulation.now()
      inboxes[node]!.length = 0
      replicas[node]!.recover()
      for (const timer of overdue[node]!.splice(0)) replicas[node]!.expire(timer)
    },
    rest: () => {
      resting = true
      for (let node = 0; node < size; node++) {
        for (const handle of timers[node]!) if (handle !== undefined) simulation.cancel(handle)
        timers[node]!.length = 0
      }
    },
  }
}

function drop<item>(items: item[], unwanted: (item: item) => boolean): void {
  const index = items.findIndex(unwanted)
  if (index >= 0) items.splice(index, 1)
}
