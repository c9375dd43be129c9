import type { DigestLanes } from './digest.ts'
import type { EventQueue } from './eventQueue.ts'
import type { Fanouts } from './fanouts.ts'

type Method = 'push' | 'pushDue' | 'pushFanout' | 'cancel' | 'peek' | 'pop' | 'take' | 'size'
type Field = 'due' | 'time' | 'kind' | 'target' | 'a' | 'b' | 'c'

/** What a simulation asks of its queue, whatever is inside. */
export type PendingEvents = Pick<EventQueue, Method | Field> & {
  /** The digest of all events that were taken, sixteen hexadecimal digits. */
  digest: () => string
  /** What is pending, and the digest, as they are now. */
  save: () => SavedEvents
  /** Goes on from what a queue of the same class has saved. */
  restore: (saved: SavedEvents) => void
}

/** What a queue held at a moment; every call opens a queue of its own that goes on from there. */
export type SavedEvents = { open: () => PendingEvents }

/**
 * All that one queue needs to go on for another, which is of no use afterwards. Both keep events as
 * records of eight words of 32 bits, and what has happened as bits in blocks of 65,536.
 */
export type Handover = {
  /** The event taken last. */
  last: Pick<EventQueue, 'time' | 'priority' | 'kind' | 'target' | 'a' | 'b' | 'c'>
  digest: DigestLanes
  fanouts: Fanouts
  /** The next sequence is block · 65,536 + bit. */
  block: number
  bit: number
  /** How many sequences of a block are still open, and the bits of those that are not. */
  openIn: (block: number) => number
  bitsOf: (block: number) => Int32Array
  /** Takes the next event, in the order of all, into a record. False where there is none. */
  next: (record: Int32Array) => boolean
}
