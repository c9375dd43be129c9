import type { EventQueue } from './eventQueue.ts'

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
