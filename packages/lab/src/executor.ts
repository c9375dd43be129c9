import { availableParallelism } from 'node:os'
import type { ConsensusModel } from '@counterpoise/consensus'
import { BaseError, throttleProgress } from '@counterpoise/engine'
import type { Piscina } from 'piscina'
import {
  beginVariant,
  type VariantOutcome,
  type VariantRun,
  type VariantTask,
} from './runVariant.ts'

/** How far one world is. */
export type WorldProgress = {
  simulatedSeconds: number
  events: number
  /** Whether its run is over. */
  isDone: boolean
  /** Whether it was over before its time. */
  isCut: boolean
}

/** How far the worlds of a job are, in the order of its tasks. */
export type SeenProgress = readonly WorldProgress[]

export type ExecuteOptions = {
  /** Consensus models besides the built-in ones. */
  models?: readonly ConsensusModel[] | undefined
  onProgress?: ((seen: SeenProgress) => void) | undefined
  /** Ends the job early: worlds in progress where they are, and the others are not begun. */
  signal?: AbortSignal | undefined
}

/** Runs worlds and returns their outcomes in the order of the tasks. */
export type JobExecutor = {
  /** Where the signal came first, the outcomes of the worlds that had begun by then. */
  run: (tasks: readonly VariantTask[], options: ExecuteOptions) => Promise<VariantOutcome[]>
}

/** What a thread gets: a task, its number, and the memory of the job. */
export type SharedTask = { task: VariantTask; index: number; shared: SharedMemory }

/** Where threads write their progress and read whether to end, for all tasks of a job. */
export type SharedMemory = {
  /** 64-bit floats: `progressSlots.count` per task. */
  progress: SharedArrayBuffer
  /** 32-bit integers: one of `taskStates` per task. */
  states: SharedArrayBuffer
}

export const progressSlots = { simulatedSeconds: 0, events: 1, count: 2 } as const

/** A thread begins a task that waits, and ends one that is ending. */
export const taskStates = { waiting: 0, begun: 1, ending: 2 } as const

/** Wall time between two looks at the progress. */
const lookEveryMs = 200

/** Events between two looks at the clock, and wall time between two pauses. */
const eventsAtOnce = 8_192
const pauseEveryMs = 100

/**
 * One world after the other, in this thread. Now and then they pause, so that signals and timers
 * of the caller get through.
 */
export function inProcess(): JobExecutor {
  return {
    run: async (tasks, { models, onProgress, signal }) => {
      const outcomes: VariantOutcome[] = []
      const seen = tasks.map(() => notBegun)
      const isEnding = (): boolean => signal?.aborted === true
      for (const [index, task] of tasks.entries()) {
        if (isEnding()) break
        const look = (world: WorldProgress): void => {
          seen[index] = world
          onProgress?.([...seen])
        }
        const onEvents = throttleProgress({
          everyMs: lookEveryMs,
          wallClock: () => performance.now(),
          onProgress: (simulatedSeconds: number, events: number) =>
            look({ ...notBegun, simulatedSeconds, events }),
        })
        const run = beginVariant(task, { models, isEnding, onProgress: onEvents })
        await toItsEnd(run)
        const outcome = run.outcome()
        outcomes.push(outcome)
        look(endOf(outcome))
        await pause()
      }
      return outcomes
    },
  }
}

async function toItsEnd(run: VariantRun): Promise<void> {
  let last = performance.now()
  while (run.proceed(eventsAtOnce)) {
    if (performance.now() - last < pauseEveryMs) continue
    await pause()
    last = performance.now()
  }
}

/** Lets signals and timers of the caller through. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const notBegun: WorldProgress = { simulatedSeconds: 0, events: 0, isDone: false, isCut: false }

function endOf({ simulated_seconds, events, cutBy }: VariantOutcome): WorldProgress {
  return { simulatedSeconds: simulated_seconds, events, isDone: true, isCut: cutBy !== undefined }
}

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
      if (signal?.aborted === true) return []
      const shared = memoryFor(tasks.length)
      const slots = new Float64Array(shared.progress)
      const outcomes: (VariantOutcome | undefined)[] = tasks.map(() => undefined)
      const look = (): void =>
        onProgress?.(
          outcomes.map((outcome, task) =>
            outcome === undefined ? seenOf(slots, task) : endOf(outcome),
          ),
        )
      const size = Math.min(count, tasks.length)
      // Only who wants threads loads it.
      const { Piscina: Pool } = await import('piscina')
      const pool = new Pool({
        filename: new URL('./worker.mjs', import.meta.url).href,
        maxThreads: size,
        minThreads: size,
      })
      const waiting = tasks.map(() => new AbortController())
      const end = (): void => endTasks(shared, waiting)
      signal?.addEventListener('abort', end)
      const timer = setInterval(look, lookEveryMs)
      try {
        const work = longestFirst(tasks).map(async (index) => {
          const sharedTask: SharedTask = { task: tasks[index]!, index, shared }
          outcomes[index] = await unlessAborted(pool, sharedTask, waiting[index]!.signal)
          if (outcomes[index] !== undefined) look()
        })
        await Promise.race([Promise.all(work), breakdownOf(pool)])
        return outcomes.filter((outcome) => outcome !== undefined)
      } finally {
        clearInterval(timer)
        signal?.removeEventListener('abort', end)
        await pool.destroy()
      }
    },
  }
}

function memoryFor(tasks: number): SharedMemory {
  const { BYTES_PER_ELEMENT: width } = Float64Array
  return {
    progress: new SharedArrayBuffer(tasks * progressSlots.count * width),
    states: new SharedArrayBuffer(tasks * Int32Array.BYTES_PER_ELEMENT),
  }
}

function seenOf(slots: Float64Array, task: number): WorldProgress {
  const at = task * progressSlots.count
  return {
    ...notBegun,
    simulatedSeconds: slots[at + progressSlots.simulatedSeconds]!,
    events: slots[at + progressSlots.events]!,
  }
}

/** Lets what has begun come to an end by itself, and takes away what still waits. */
function endTasks({ states }: SharedMemory, waiting: readonly AbortController[]): void {
  const state = new Int32Array(states)
  for (const [task, controller] of waiting.entries()) {
    const before = Atomics.exchange(state, task, taskStates.ending)
    if (before === taskStates.waiting) controller.abort()
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

/** Rejects where a thread cannot even begin; no task would ever end then. */
function breakdownOf(pool: Piscina): Promise<never> {
  return new Promise((_, reject) => pool.on('error', reject))
}

/** Runs a task in a thread; undefined where the signal came before it could begin. */
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
