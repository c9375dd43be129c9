import type { Simulation } from '../simulation.ts'
import { formatDuration, type Time } from '../time.ts'
import { ProcessInterrupted, ProcessUsageError } from './errors.ts'
import { type Cell, kernelOf, liveCells, startCell } from './kernel.ts'
import { ask, createWait, type Steps, type Wait, type Waiter, type Withdraw } from './wait.ts'

/** A running process. Yielding it waits for its end and gives what it returned. */
export type Process<result = void> = Wait<result> & {
  name: string
  isAlive: () => boolean
  /**
   * Throws `ProcessInterrupted` where the process waits, and takes back what it waited for. What it
   * has been granted it gets first: then the interrupt meets its next wait.
   *
   * @returns false where the process has ended.
   */
  interrupt: (cause?: unknown) => boolean
}

export type ProcessOptions = {
  /** How long from now the process begins; default 0. */
  delay?: Time | undefined
}

/** A process that has not ended, for people who look for a deadlock. */
export type LiveProcess = {
  name: string
  /** What it waits for, such as `acquire 'counter'`; `undefined` where it is about to go on. */
  waitingFor: string | undefined
  /** Since when. */
  since: Time
}

/**
 * Starts a process: a generator that waits by yielding. It takes its first step in an event of its
 * own, at the present time and before other processes go on; every wake-up is an event like any
 * other.
 *
 * An error that it does not catch goes to the processes that wait for its end; where there are none
 * it ends the run as an `EventError`.
 *
 * @example
 * import { createSimulation, hold, minutes, process } from '@counterpoise/engine'
 *
 * const simulation = createSimulation({ seed: 'cars' })
 * process(simulation, 'car', function* () {
 *   yield* hold(minutes(5))
 *   console.log('parked at', simulation.now())
 * })
 * simulation.run()
 */
export function process<result>(
  simulation: Simulation,
  name: string,
  body: (self: Process<unknown>) => Steps<result>,
  options: ProcessOptions = {},
): Process<result> {
  let self: Process<unknown> | undefined
  const run = (cell: Cell): Steps<unknown> => {
    const steps: unknown = body((self = processOf(simulation, cell)))
    if (typeof (steps as Partial<Steps<unknown>> | undefined)?.next === 'function') {
      return steps as Steps<unknown>
    }
    throw new ProcessUsageError(
      `The body of the process '${name}' is no generator.`,
      `Found: a function that returns ${steps instanceof Promise ? 'a promise' : String(steps)}`,
      'Write `function* () { … }`, and `yield*` where an async function would `await`.',
    )
  }
  startCell(kernelOf(simulation), name, run, options.delay ?? 0)
  return self as Process<result>
}

/** The processes that have not ended, in the order in which they were started. */
export const liveProcesses = (simulation: Simulation): LiveProcess[] =>
  liveCells(simulation).map(({ name, waitsFor, since }) => ({
    ...{ name, since },
    waitingFor: waitsFor?.what(),
  }))

function processOf(simulation: Simulation, cell: Cell): Process<unknown> {
  const { name } = cell
  const join = createWait<unknown>(() => `end of '${name}'`, (waiter) => {
    requireSame(simulation, waiter, `the process '${name}'`)
    if (cell.waiter === waiter) {
      throw new ProcessUsageError(`The process '${name}' waits for its own end.`)
    }
    if (cell.state === 'returned') waiter.settle(cell.given)
    else if (cell.state === 'failed') waiter.fail(cell.given)
    else (cell.joiners ??= new Set()).add(waiter)
    return () => cell.joiners?.delete(waiter)
  })
  return {
    ...join,
    name,
    isAlive: () => cell.state === 'alive',
    interrupt: (cause) => cell.waiter.interrupt(new ProcessInterrupted(cause)),
  }
}

/** Waits for a span of virtual time. */
export function hold(delay: Time): Wait {
  if (!(delay >= 0) || !Number.isSafeInteger(delay)) {
    throw new ProcessUsageError(
      'A process holds for a whole number of microseconds of at least 0.',
      `Found: ${delay}`,
      'Round what was drawn: hold(microseconds(draw)).',
    )
  }
  const wait: Hold = { delay, what: whatHold, begin: beginHold, [Symbol.iterator]: ask as never }
  return wait
}

/** The most frequent wait is one small object; what it does is shared by all. */
type Hold = Wait & { delay: Time }

function whatHold(this: Hold): string {
  return `hold ${formatDuration(this.delay)}`
}

function beginHold(this: Hold, waiter: Waiter<void>): Withdraw {
  return waiter.sleep(this.delay)
}

/** Throws where a process of one simulation waits for a thing of another. */
export function requireSame(simulation: Simulation, waiter: Waiter<never>, thing: string): void {
  if (waiter.simulation === simulation) return
  throw new ProcessUsageError(
    `The process '${waiter.name}' waits for ${thing} of another simulation.`,
    'Pass both the same simulation when making them.',
  )
}
