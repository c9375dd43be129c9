import { setMaxListeners } from 'node:events'
import { availableParallelism } from 'node:os'
import type { ConsensusModel } from '@counterpoise/consensus'
import { BaseError } from '@counterpoise/engine'
import { Piscina } from 'piscina'
import { runVariant, type VariantOutcome, type VariantTask } from './runVariant.ts'

/** How far one world is. */
export type WorldProgress = { simulatedSeconds: number; events: number; isDone: boolean }

/** How far the worlds of a job are, in the order of its tasks. */
export type SeenProgress = readonly WorldProgress[]

export type ExecuteOptions = {
  /** Consensus models besides the built-in ones. */
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

/** One world after the other, in this thread; a signal ends the job between two of them. */
export function inProcess(): JobExecutor {
  return {
    run: async (tasks, { models, onProgress, signal }) => {
      const outcomes: VariantOutcome[] = []
      const seen = tasks.map(() => ({ simulatedSeconds: 0, events: 0, isDone: false }))
      for (const [index, task] of tasks.entries()) {
        if (signal?.aborted === true) break
        const look = (simulatedSeconds: number, events: number, isDone = false): void => {
          seen[index] = { simulatedSeconds, events, isDone }
          onProgress?.([...seen])
        }
        const outcome = runVariant(task, { models, onProgress: look })
        outcomes.push(outcome)
        look(outcome.simulated_seconds, outcome.events, true)
        // Lets signals and timers of the caller through.
        await new Promise((resolve) => setImmediate(resolve))
      }
      return outcomes
    },
  }
}

const lookEveryMs = 200

/**
 * As many worlds at once as there are threads. A world does not notice where it runs. Consensus
 * models of a script's own cannot travel to a thread: they need the `inProcess` executor.
 */
export function threads(count: number): JobExecutor {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new BaseError(`The number of threads must be a whole number above 0, not ${count}.`)
  }
  return {
    run: async (tasks, { models = [], onProgress, signal }) => {
      if (models.length > 0) throw new BaseError('Models given by reference need inProcess().')
      const width = progressSlots.count * Float64Array.BYTES_PER_ELEMENT
      const shared = new SharedArrayBuffer(tasks.length * width)
      const slots = new Float64Array(shared)
      const outcomes: (VariantOutcome | undefined)[] = tasks.map(() => undefined)
      const look = (): void =>
        onProgress?.(outcomes.map((outcome, task) => seenOf(slots, task, outcome)))
      const size = Math.min(count, tasks.length)
      const pool = new Piscina({
        filename: new URL('./worker.mjs', import.meta.url).href,
        maxThreads: size,
        minThreads: size,
      })
      const ending = endingOf(signal)
      const timer = setInterval(look, lookEveryMs)
      try {
        const work = longestFirst(tasks).map(async (index) => {
          const sharedTask: SharedTask = { task: tasks[index]!, index, shared }
          outcomes[index] = await unlessAborted(pool, sharedTask, ending)
          if (outcomes[index] !== undefined) look()
        })
        await Promise.race([Promise.all(work), breakdownOf(pool)])
        return outcomes.filter((outcome) => outcome !== undefined)
      } finally {
        clearInterval(timer)
        await pool.destroy()
      }
    },
  }
}

function seenOf(
  slots: Float64Array,
  task: number,
  outcome: VariantOutcome | undefined,
): WorldProgress {
  const at = task * progressSlots.count
  return {
    simulatedSeconds: slots[at + progressSlots.simulatedSeconds]!,
    events: slots[at + progressSlots.events]!,
    isDone: outcome !== undefined,
  }
}

/**
 * One replication after the other, so that an interrupted job leaves whole ones; within one, the
 * world behind the router first, which has all rails to carry and would end last otherwise.
 */
function longestFirst(tasks: readonly VariantTask[]): number[] {
  const isAlone = ({ scenario, variant }: VariantTask): number =>
    Object.hasOwn(scenario.data.rails, variant) ? 1 : 0
  return [...tasks.keys()].sort((a, b) => {
    const [one, other] = [tasks[a]!, tasks[b]!]
    return one.replication - other.replication || isAlone(one) - isAlone(other) || a - b
  })
}

/** A signal of our own that follows the caller's, and that any number of tasks may listen to. */
function endingOf(signal: AbortSignal | undefined): AbortSignal {
  const ending = AbortSignal.any(signal === undefined ? [] : [signal])
  setMaxListeners(0, ending)
  return ending
}

/** Rejects where a thread cannot even begin; no task would ever end then. */
function breakdownOf(pool: Piscina): Promise<never> {
  return new Promise((_, reject) => pool.on('error', reject))
}

/** Runs a task in a thread; undefined where the signal came first. */
async function unlessAborted(
  pool: Piscina,
  task: SharedTask,
  signal: AbortSignal,
): Promise<VariantOutcome | undefined> {
  try {
    return await pool.run(task, { signal })
  } catch (cause) {
    if (signal.aborted) return undefined
    throw cause
  }
}

/** Threads where several worlds are to run and there is more than one core; else this thread. */
export function localExecutor(tasks: number): JobExecutor {
  const count = Math.min(tasks, availableParallelism())
  return count > 1 ? threads(count) : inProcess()
}
