import { availableParallelism } from 'node:os'
import type { ConsensusModel } from '@counterpoise/consensus'
import { Piscina } from 'piscina'
import { runVariant, type VariantOutcome, type VariantTask } from './runVariant.ts'

export type ExecuteOptions = {
  models?: readonly ConsensusModel[] | undefined
  /** Worlds done, simulated seconds and events so far, over all worlds. */
  onProgress?: ((done: number, simulatedSeconds: number, events: number) => void) | undefined
  /** Ends the job early. */
  signal?: AbortSignal | undefined
}

/** Runs worlds and returns their outcomes in the order of the tasks. */
export type Executor = {
  /** Where the signal came first, the outcomes of the worlds that were done by then. */
  run: (tasks: readonly VariantTask[], options: ExecuteOptions) => Promise<VariantOutcome[]>
}

/** What a thread gets: a task, its number, and memory to write its progress into. */
export type SharedTask = { task: VariantTask; index: number; shared: SharedArrayBuffer }

/** What a thread writes into the memory that it shares: two numbers per task. */
export const progressSlots = { simulatedSeconds: 0, events: 1, count: 2 } as const

/** One world after the other, in this thread. Progress is seen between two slices of a world. */
export function inProcess(): Executor {
  return {
    run: async (tasks, { models, onProgress, signal }) => {
      const outcomes: VariantOutcome[] = []
      let [seconds, events] = [0, 0]
      for (const task of tasks) {
        if (signal?.aborted === true) break
        const outcome = runVariant(task, {
          models,
          onProgress: (now, count) => onProgress?.(outcomes.length, seconds + now, events + count),
        })
        outcomes.push(outcome)
        seconds += outcome.simulated_seconds
        events += outcome.events
        onProgress?.(outcomes.length, seconds, events)
        // Lets signals and timers of the caller through.
        await new Promise((resolve) => setImmediate(resolve))
      }
      return outcomes
    },
  }
}

/** As many worlds at once as there are threads. A world does not notice where it runs. */
export function threads(count: number): Executor {
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
      const look = (): void => {
        const numbers = new Float64Array(shared)
        let [seconds, events] = [0, 0]
        for (let task = 0; task < tasks.length; task++) {
          seconds += numbers[task * progressSlots.count]!
          events += numbers[task * progressSlots.count + progressSlots.events]!
        }
        onProgress?.(done, seconds, events)
      }
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
export function localExecutor(tasks: number): Executor {
  const count = Math.min(tasks, availableParallelism())
  return count > 1 ? threads(count) : inProcess()
}
