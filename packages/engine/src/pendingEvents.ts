import type { EventQueue } from './eventQueue.ts'

type Method = 'push' | 'pushDue' | 'pushFanout' | 'cancel' | 'peek' | 'pop' | 'take' | 'size'
type Field = 'due' | 'time' | 'kind' | 'target' | 'a' | 'b' | 'c'

/** What a simulation asks of its queue, whatever is inside. */
export type PendingEvents = Pick<EventQueue, Method | Field>
