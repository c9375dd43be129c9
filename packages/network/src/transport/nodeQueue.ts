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

/** The copies that may not be through yet, oldest first, in a ring. */
type Waiting = {
  through: Float64Array
  events: Float64Array
  slots: Int32Array
  first: number
  count: number
}

const capacityMin = 16

const createWaiting = (capacity: number): Waiting => ({
  through: new Float64Array(capacity),
  events: new Float64Array(capacity),
  slots: new Int32Array(capacity),
  first: 0,
  count: 0,
})

function widened(ring: Waiting): Waiting {
  const capacity = ring.slots.length
  const wider = createWaiting(capacity * 2)
  for (; wider.count < ring.count; wider.count++) {
    const from = (ring.first + wider.count) & (capacity - 1)
    wider.through[wider.count] = ring.through[from]!
    wider.events[wider.count] = ring.events[from]!
    wider.slots[wider.count] = ring.slots[from]!
  }
  return wider
}

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
      let ring = (waiting[node] ??= createWaiting(capacityMin))
      const now = simulation.now()
      const mask = ring.slots.length - 1
      while (ring.count > 0 && ring.through[ring.first]! <= now) {
        ring.first = (ring.first + 1) & mask
        ring.count--
      }
      if (ring.count > mask) ring = waiting[node] = widened(ring)
      const at = (ring.first + ring.count++) & (ring.slots.length - 1)
      ring.through[at] = through
      ring.events[at] = event
      ring.slots[at] = slot
    },
    clear: (node, drop) => {
      const now = simulation.now()
      free[node] = now
      const ring = waiting[node]
      waiting[node] = undefined
      if (ring === undefined) return
      for (let index = 0; index < ring.count; index++) {
        const at = (ring.first + index) & (ring.slots.length - 1)
        if (ring.through[at]! <= now) continue
        if (simulation.cancel(ring.events[at]!)) drop(ring.slots[at]!)
      }
    },
  }
}

/** A column of rates out of optional ones. */
export const ratesOf = (rates: readonly (number | undefined)[]): Float64Array =>
  Float64Array.from(rates, (rate) => rate ?? 0)
