import { progressSlots, type SharedTask, taskStates } from './executor.ts'
import { runVariant, type VariantOutcome } from './runVariant.ts'

/** Runs one world in a thread; undefined where the job was ended before it could begin. */
export function runShared({ task, index, shared }: SharedTask): VariantOutcome | undefined {
  const { waiting, begun, ending } = taskStates
  const states = new Int32Array(shared.states)
  if (Atomics.compareExchange(states, index, waiting, begun) !== waiting) return undefined
  const progress = new Float64Array(shared.progress)
  const at = index * progressSlots.count
  return runVariant(task, {
    isEnding: () => Atomics.load(states, index) === ending,
    onProgress: (simulatedSeconds, events) => {
      progress[at + progressSlots.simulatedSeconds] = simulatedSeconds
      progress[at + progressSlots.events] = events
    },
  })
}
