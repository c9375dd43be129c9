import { progressSlots } from './executor.ts'
import { runVariant, type VariantOutcome, type VariantTask } from './runVariant.ts'

/** What a thread gets: a task, its number, and memory to write its progress into. */
export type SharedTask = { task: VariantTask; index: number; shared: SharedArrayBuffer }

/** Runs one world in a thread. */
export function runShared({ task, index, shared }: SharedTask): VariantOutcome {
  const progress = new Float64Array(shared)
  const at = index * progressSlots.count
  return runVariant(task, {
    onProgress: (simulatedSeconds, events) => {
      progress[at + progressSlots.simulatedSeconds] = simulatedSeconds
      progress[at + progressSlots.events] = events
    },
  })
}
