import { EventQueue } from './eventQueue.ts'
import type { PendingEvents } from './pendingEvents.ts'
import { ShuffledQueue } from './shuffledQueue.ts'
import type { SimulationOptions } from './simulationOptions.ts'
import { WasmQueue } from './wasmQueue.ts'

/** The queue of a simulation. Of the two that keep the order of ties, both give the same. */
export function createQueue(options: SimulationOptions): PendingEvents {
  const { seed, replication = 0, ties = 'fifo', queue = 'wasm' } = options
  if (ties === 'shuffle') return new ShuffledQueue({ seed, replication })
  return (queue === 'wasm' ? openWasmQueue() : undefined) ?? new EventQueue()
}

function openWasmQueue(): WasmQueue | undefined {
  try {
    return new WasmQueue()
  } catch {
    // No WebAssembly, or no address space for another memory: the other queue does the same.
    return undefined
  }
}
