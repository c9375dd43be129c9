import type { EventQueue } from './eventQueue.ts'

type Method = 'push' | 'pushFanout' | 'cancel' | 'peek' | 'pop' | 'take' | 'size'
type Field = 'time' | 'kind' | 'target' | 'a' | 'b' | 'c'

/** What a simulation asks of its queue, whatever is inside. */
export type PendingEvents = Pick<EventQueue, Method | Field>
