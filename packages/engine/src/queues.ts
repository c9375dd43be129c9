import { AdaptiveQueue } from './adaptiveQueue.ts'
import { EventQueue } from './eventQueue.ts'
import type { PendingEvents } from './pendingEvents.ts'
import { ShuffledQueue } from './shuffledQueue.ts'
import type { SimulationOptions } from './simulationOptions.ts'

/** The queue of a simulation. Of those that keep the order of ties, all give the same. */
export function createQueue(options: SimulationOptions): PendingEvents {
  const { seed, replication = 0, ties = 'fifo', queue = 'adaptive' } = options
  if (ties === 'shuffle') return new ShuffledQueue({ seed, replication })
  return queue === 'adaptive' ? new AdaptiveQueue() : new EventQueue()
}
