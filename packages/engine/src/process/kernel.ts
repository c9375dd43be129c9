import { BaseError, SnapshotError } from '../errors.ts'
import type { EventHandle } from '../eventQueue.ts'
import { priorities, type EventKind, type Simulation } from '../simulation.ts'
import type { Time } from '../time.ts'
import { ProcessError, type ProcessInterrupted, ProcessUsageError } from './errors.ts'
import { createTimers, type Numbers, type Timers } from './timers.ts'
import { isWait, type Steps, type Wait, type Waiter, type Withdraw } from './wait.ts'

/** What a simulation knows of one process. */
export type Cell = {
  id: number
  name: string
  steps: Steps<unknown>
  waiter: Waiter<unknown>
  state: 'alive' | 'returned' | 'failed' | 'dropped'
  /** What the process is given when it goes on, or what is thrown; in the end its outcome. */
  given: unknown
  throws: boolean
  /** Whether what was yielded last has come: then an event that lets the process go on is due. */
  settled: boolean
  /** Takes back what the process waits for; present while that has not come. */
  withdraw: Withdraw | undefined
  waitsFor: Wait<unknown> | undefined
  /** The event that ends its `hold`, and what cancels that. */
  alarm: EventHandle
  silence: Withdraw
  since: Time
  /** Those that came while something granted was on its way. */
  interrupts: ProcessInterrupted[] | undefined
  /** Who waits for its end. */
  joiners: Set<Waiter<unknown>> | undefined
}

/** The processes of one simulation. */
export type Kernel = {
  simulation: Simulation
  wake: EventKind
  /** As in SimPy, a new process begins before the others of its instant go on. */
  start: EventKind
  hold: EventKind
  timers: Timers
  /** By number; the numbers of ended processes are given out again, the last one first. */
  cells: (Cell | undefined)[]
  free: number[]
  live: Set<Cell>
}

const kernels = new WeakMap<Simulation, Kernel>()

/** The kernel of a simulation; the first call defines the kinds of events it needs. */
export function kernelOf(simulation: Simulation): Kernel {
  const known = kernels.get(simulation)
  if (known !== undefined) return known
  const goOn = (id: number): void => advance(kernel, kernel.cells[id]!)
  const wake = simulation.define('process.wake', goOn, priorities.protocol)
  const start = simulation.define('process.start', goOn, priorities.protocol - 1)
  const endHold = (id: number): void => {
    const cell = kernel.cells[id]!
    settle(cell, undefined, false)
    advance(kernel, cell)
  }
  const hold = simulation.define('process.hold', endHold, priorities.protocol)
  const timers = createTimers(simulation)
  const kernel: Kernel = {
    ...{ simulation, wake, start, hold, timers },
    ...{ cells: [], free: [], live: new Set() },
  }
  kernels.set(simulation, kernel)
  simulation.keep('processes', { save: () => saveNumbers(kernel), restore: restoreTo(kernel) })
  return kernel
}

/** Where a generator stands cannot be copied: a snapshot needs a moment without processes. */
function saveNumbers({ cells, free, live, timers }: Kernel): Record<'cells' | 'timers', Numbers> {
  if (live.size > 0) {
    throw new SnapshotError('A snapshot cannot hold processes, and some have not ended.', {
      docsPath: 'processes.md#limits',
      metaMessages: [...live]
        .slice(0, 5)
        .map(({ name, waitsFor }) => `${name}: ${waitsFor?.what() ?? 'about to go on'}`),
    })
  }
  return { cells: { count: cells.length, free: [...free] }, timers: timers.save() }
}

/** Drops the processes that were started after the snapshot. */
const restoreTo =
  ({ cells, free, live, timers }: Kernel) =>
  (saved: ReturnType<typeof saveNumbers>): void => {
    for (const cell of live) cell.state = 'dropped'
    live.clear()
    cells.length = 0
    cells.length = saved.cells.count
    free.splice(0, free.length, ...saved.cells.free)
    timers.restore(saved.timers)
  }

/** The processes that have not ended, in the order in which they were started. */
export const liveCells = (simulation: Simulation): readonly Cell[] => [
  ...(kernels.get(simulation)?.live ?? []),
]

/** Makes a process that takes its first step after a delay. */
export function startCell(
  kernel: Kernel,
  name: string,
  body: (cell: Cell) => Steps<unknown>,
  delay: Time,
): Cell {
  const { simulation, cells, free, live } = kernel
  const id = free.at(-1) ?? cells.length
  // Written out in full: objects made by spreading are slower to use.
  const cell: Cell = {
    id,
    name,
    steps: none,
    waiter: nobody,
    state: 'alive',
    given: undefined,
    throws: false,
    settled: true,
    withdraw: undefined,
    waitsFor: undefined,
    alarm: 0,
    silence: () => simulation.cancel(cell.alarm),
    since: simulation.now(),
    interrupts: undefined,
    joiners: undefined,
  }
  cell.waiter = waiterOf(kernel, cell)
  cell.steps = body(cell)
  simulation.after(delay, kernel.start, id)
  free.pop()
  cells[id] = cell
  live.add(cell)
  return cell
}

function waiterOf(kernel: Kernel, cell: Cell): Waiter<unknown> {
  return {
    simulation: kernel.simulation,
    name: cell.name,
    settle: (result, atOnce = false) => {
      settle(cell, result, false)
      if (atOnce) advance(kernel, cell)
      else kernel.simulation.after(0, kernel.wake, cell.id)
    },
    fail: (error) => {
      settle(cell, error, true)
      kernel.simulation.after(0, kernel.wake, cell.id)
    },
    after: kernel.timers.after,
    sleep: (delay) => {
      cell.alarm = kernel.simulation.after(delay, kernel.hold, cell.id)
      return cell.silence
    },
    interrupt: (interrupt) => {
      if (cell.state !== 'alive') return false
      const { withdraw } = cell
      if (withdraw === undefined) (cell.interrupts ??= []).push(interrupt)
      else {
        cell.waiter.fail(interrupt)
        withdraw()
      }
      return true
    },
  }
}

function settle(cell: Cell, given: unknown, throws: boolean): void {
  if (cell.settled) throw new BaseError(`A wait of the process '${cell.name}' was settled twice.`)
  cell.settled = true
  cell.given = given
  cell.throws = throws
  cell.withdraw = undefined
  cell.waitsFor = undefined
}

/** Lets a process run until it waits, or to its end. */
function advance(kernel: Kernel, cell: Cell): void {
  for (;;) {
    const { given, throws } = cell
    cell.given = undefined
    let step: IteratorResult<unknown, unknown>
    try {
      step = throws ? cell.steps.throw(given) : cell.steps.next(given)
    } catch (error) {
      return end(kernel, cell, 'failed', new ProcessError(cell.name, error))
    }
    if (step.done === true) return end(kernel, cell, 'returned', step.value)
    try {
      return begin(kernel, cell, step.value)
    } catch (error) {
      // What cannot be asked for is thrown where it was asked for.
      cell.given = error
      cell.throws = true
      cell.settled = true
    }
  }
}

/** Asks for what a process yielded. */
function begin(kernel: Kernel, cell: Cell, yielded: unknown): void {
  if (!isWait(yielded)) throw noWait(yielded)
  const { interrupts, waiter } = cell
  cell.settled = false
  cell.since = kernel.simulation.now()
  if (interrupts !== undefined && interrupts.length > 0) {
    waiter.fail(interrupts.shift()!)
    return
  }
  const withdraw = yielded.begin(waiter)
  if (!cell.settled) {
    cell.withdraw = withdraw
    cell.waitsFor = yielded
  }
}

function noWait(yielded: unknown): ProcessUsageError {
  const generator = typeof yielded === 'object' && yielded !== null && 'next' in yielded
  return new ProcessUsageError(
    'A process yielded something that cannot be waited for.',
    `Found: ${generator ? 'a generator' : String(yielded)}`,
    generator ? 'Call it with yield*, not yield.' : 'Yield a wait, such as hold(seconds(1)).',
  )
}

function end(kernel: Kernel, cell: Cell, state: 'returned' | 'failed', outcome: unknown): void {
  const { cells, free, live } = kernel
  cell.state = state
  cell.given = outcome
  cells[cell.id] = undefined
  free.push(cell.id)
  live.delete(cell)
  const { joiners } = cell
  if (joiners === undefined || joiners.size === 0) {
    if (state === 'failed') throw outcome
    return
  }
  // A branch of `anyOf` may take another one back on the way: a set skips it.
  for (const joiner of joiners) {
    if (state === 'failed') joiner.fail(outcome)
    else joiner.settle(outcome)
  }
  cell.joiners = undefined
}

/** What a new process has for the moment in which its handle is made. */
const none = undefined as unknown as Steps<unknown>
const nobody = undefined as unknown as Waiter<unknown>
