import type { EventHandle, Simulation, Time } from '@counterpoise/engine'
import type { NodeId } from '../places.ts'

/** One direction of every node's connection: what passes it goes one after the other. */
export type NodeQueue = {
  /** Bytes per second of a node, or 0 where it has no limit. */
  rate: (node: NodeId) => number
  /** Puts bytes at the end of a node's queue and returns when the last of them is through. */
  enter: (node: NodeId, bytes: number, share: number) => Time
  /** Says which event a copy leads to that is through at a time; in the order of those times. */
  note: (node: NodeId, through: Time, event: EventHandle, slot: number) => void
  /** Empties a node's queue; each copy that is not through goes to `drop`. */
  clear: (node: NodeId, drop: (slot: number) => void) => void
}

/** The copies that may not be through yet, oldest first. */
type Waiting = { through: number[]; events: number[]; slots: number[]; first: number }

/** Rates are in bytes per second, 0 for none. A transmission takes whole µs, rounded up. */
export function createNodeQueue(simulation: Simulation, rates: Float64Array): NodeQueue {
  const free = new Float64Array(rates.length)
  const waiting: (Waiting | undefined)[] = []

  return {
    rate: (node) => rates[node]!,
    enter: (node, bytes, share) => {
      const start = Math.max(simulation.now(), free[node]!)
      const through = start + Math.ceil((bytes * 1_000_000) / (rates[node]! * share))
      free[node] = through
      return through
    },
    note: (node, through, event, slot) => {
      const queue = (waiting[node] ??= { through: [], events: [], slots: [], first: 0 })
      const now = simulation.now()
      while (queue.first < queue.through.length && queue.through[queue.first]! <= now) queue.first++
      if (queue.first * 2 >= queue.through.length) {
        queue.through.splice(0, queue.first)
        queue.events.splice(0, queue.first)
        queue.slots.splice(0, queue.first)
        queue.first = 0
      }
      queue.through.push(through)
      queue.events.push(event)
      queue.slots.push(slot)
    },
    clear: (node, drop) => {
      const now = simulation.now()
      free[node] = now
      const queue = waiting[node]
      waiting[node] = undefined
      if (queue === undefined) return
      for (let index = queue.first; index < queue.through.length; index++) {
        if (queue.through[index]! <= now) continue
        if (simulation.cancel(queue.events[index]!)) drop(queue.slots[index]!)
      }
    },
  }
}

/** A column of rates out of optional ones. */
export const ratesOf = (rates: readonly (number | undefined)[]): Float64Array =>
  Float64Array.from(rates, (rate) => rate ?? 0)
