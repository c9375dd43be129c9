import { progressSlots, type SharedTask } from './executor.ts'
import { runVariant, type VariantOutcome } from './runVariant.ts'

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
