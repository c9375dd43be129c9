import { availableParallelism } from 'node:os'
import type { ConsensusModel } from '@counterpoise/consensus'
import { Piscina } from 'piscina'
import { runVariant, type VariantOutcome, type VariantTask } from './runVariant.ts'

/** How far the worlds of a job are. */
export type SeenProgress = {
  done: number
  /** Simulated seconds so far, by world. */
  simulatedSeconds: readonly number[]
  /** Events so far, over all worlds. */
  events: number
}

export type ExecuteOptions = {
  models?: readonly ConsensusModel[] | undefined
  onProgress?: ((seen: SeenProgress) => void) | undefined
  /** Ends the job early. */
  signal?: AbortSignal | undefined
}

/** Runs worlds and returns their outcomes in the order of the tasks. */
export type JobExecutor = {
  /** Where the signal came first, the outcomes of the worlds that were done by then. */
  run: (tasks: readonly VariantTask[], options: ExecuteOptions) => Promise<VariantOutcome[]>
}

/** What a thread gets: a task, its number, and memory to write its progress into. */
export type SharedTask = { task: VariantTask; index: number; shared: SharedArrayBuffer }

/** What a thread writes into the memory that it shares: two numbers per task. */
export const progressSlots = { simulatedSeconds: 0, events: 1, count: 2 } as const

/** One world after the other, in this thread. Progress is seen between two slices of a world. */
export function inProcess(): JobExecutor {
  return {
    run: async (tasks, { models, onProgress, signal }) => {
      const outcomes: VariantOutcome[] = []
      const simulatedSeconds = tasks.map(() => 0)
      let events = 0
      for (const [index, task] of tasks.entries()) {
        if (signal?.aborted === true) break
        const before = events
        const outcome = runVariant(task, {
          models,
          onProgress: (now, count) => {
            simulatedSeconds[index] = now
            events = before + count
            onProgress?.({ done: index, simulatedSeconds, events })
          },
        })
        outcomes.push(outcome)
        onProgress?.({ done: outcomes.length, simulatedSeconds, events })
        // Lets signals and timers of the caller through.
        await new Promise((resolve) => setImmediate(resolve))
      }
      return outcomes
    },
  }
}

/** As many worlds at once as there are threads. A world does not notice where it runs. */
export function threads(count: number): JobExecutor {
  return {
    run: async (tasks, { onProgress, signal }) => {
      const width = progressSlots.count * Float64Array.BYTES_PER_ELEMENT
      const shared = new SharedArrayBuffer(tasks.length * width)
      const pool = new Piscina({
        filename: new URL('./worker.mjs', import.meta.url).href,
        maxThreads: count,
        minThreads: Math.min(count, tasks.length),
      })
      let done = 0
      const numbers = new Float64Array(shared)
      const slotsOf = (slot: number): number[] =>
        tasks.map((_, task) => numbers[task * progressSlots.count + slot]!)
      const look = (): void =>
        onProgress?.({
          done,
          simulatedSeconds: slotsOf(progressSlots.simulatedSeconds),
          events: slotsOf(progressSlots.events).reduce((sum, count) => sum + count, 0),
        })
      const timer = onProgress && setInterval(look, 200)
      try {
        const outcomes = await Promise.all(
          tasks.map(async (task, index) => {
            const outcome = await unlessAborted(pool, { task, index, shared }, signal)
            done++
            return outcome
          }),
        )
        look()
        return outcomes.filter((outcome) => outcome !== undefined)
      } finally {
        clearInterval(timer)
        await pool.destroy()
      }
    },
  }
}

/** Runs a task in a thread; undefined where the signal came first. */
async function unlessAborted(
  pool: Piscina,
  task: SharedTask,
  signal: AbortSignal | undefined,
): Promise<VariantOutcome | undefined> {
  try {
    return await pool.run(task, signal === undefined ? {} : { signal })
  } catch (cause) {
    if (signal?.aborted === true) return undefined
    throw cause
  }
}

/** Threads where several worlds are to run and there is more than one core; else this thread. */
export function localExecutor(tasks: number): JobExecutor {
  const count = Math.min(tasks, availableParallelism())
  return count > 1 ? threads(count) : inProcess()
}
