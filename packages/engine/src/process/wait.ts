import type { Simulation } from '../simulation.ts'
import type { Time } from '../time.ts'
import type { ProcessInterrupted } from './errors.ts'

/**
 * Something that a process can wait for. It is a description: nothing is asked for before a process
 * yields it, and yielded twice it is asked for twice.
 *
 * `yield* wait` has the type of the result; `yield wait` waits just as well, but TypeScript gives
 * every plain `yield` of a generator one type, here `unknown`.
 */
export type Wait<result = void> = {
  /** For people: `hold 5s`, `acquire 'counter'`. */
  what: () => string
  /** Asks for it. For authors of new kinds of waits; processes yield. */
  begin: (waiter: Waiter<result>) => Withdraw
  [Symbol.iterator]: () => Iterator<Wait<unknown>, result, unknown>
}

/** What the body of a process, or a part of one that is called with `yield*`, returns. */
export type Steps<result = void> = Generator<Wait<unknown>, result, unknown>

/** Who waits. Exactly one of `settle` and `fail` is called, once, and neither after `Withdraw`. */
export type Waiter<result> = {
  simulation: Simulation
  /** Name of the process. */
  name: string
  /**
   * The wait is over; the process goes on in an event of its own at the same time. `atOnce` is for
   * the event of a timer, which nothing else happens in.
   */
  settle: (result: result, atOnce?: boolean) => void
  /** The wait is over: the error is thrown where the process yielded. */
  fail: (error: unknown) => void
  /** Calls back after a delay, unless it is withdrawn. */
  after: (delay: Time, expire: () => void) => Withdraw
  /** Settles with `undefined` after a delay. */
  sleep: (delay: Time) => Withdraw
  /** Throws an interrupt into the process. False where it has ended. */
  interrupt: (interrupt: ProcessInterrupted) => boolean
}

/**
 * Takes a request back: because another branch of `anyOf` came first, or on an interrupt. After the
 * wait is settled it gives back what was granted (`allOf` asks for that), where that is possible.
 */
export type Withdraw = () => void

/** Makes a wait of what asks for it. */
export function createWait<result>(
  what: () => string,
  begin: (waiter: Waiter<result>) => Withdraw,
): Wait<result> {
  return { what, begin, [Symbol.iterator]: ask as () => Iterator<Wait<unknown>, result, unknown> }
}

/** A wait's one step, for `yield*`: a generator would be three times as large. */
export function ask(this: Wait<unknown>): Iterator<Wait<unknown>, unknown, unknown> {
  return { wait: this, next: askOnce, throw: raise } as Asking
}

type Asking = Iterator<Wait<unknown>, unknown, unknown> & { wait: Wait<unknown> | undefined }

/** The first call yields the wait; the second is given what came of it. */
function askOnce(this: Asking, given: unknown): IteratorResult<Wait<unknown>, unknown> {
  const { wait } = this
  if (wait === undefined) return { done: true, value: given }
  this.wait = undefined
  return { done: false, value: wait }
}

function raise(error: unknown): never {
  throw error
}

/** Whether a value that a process yielded can be waited for. */
export const isWait = (value: unknown): value is Wait<unknown> =>
  typeof value === 'object' && value !== null && 'begin' in value && 'what' in value

/** Waits on behalf of another waiter: for waits that are made of other waits. */
export function createBranch<result>(
  waiter: Waiter<never>,
  settle: Waiter<result>['settle'],
  fail: Waiter<result>['fail'],
): Waiter<result> {
  const { simulation, name, after, interrupt } = waiter
  const sleep = (delay: Time): Withdraw =>
    after(delay, () => settle(undefined as result, true))
  return { simulation, name, settle, fail, after, sleep, interrupt }
}
