import type { Simulation } from '../simulation.ts'
import { ProcessUsageError } from './errors.ts'
import { requireSame } from './process.ts'
import { createWait, type Wait, type Waiter } from './wait.ts'

/** Wakes, every time it fires, all that wait for it at that moment. */
export type Signal<value = void> = {
  wait: () => Wait<value>
  /** Wakes them in the order in which they came, and returns how many there were. */
  fire: (value: value) => number
  waiting: () => number
}

/** Something that happens once: who waits before it and who asks after it get the same value. */
export type Latch<value = void> = {
  wait: () => Wait<value>
  /** @throws ProcessUsageError where it has been set or failed already. */
  set: (value: value) => void
  /** Throws the error into all that wait now or later. */
  fail: (error: unknown) => void
  isSet: () => boolean
}

/**
 * Makes a signal; handlers of events may fire it as well as processes.
 *
 * @example
 * const opening = createSignal(simulation, 'opening')
 * // In a process: yield* opening.wait()
 */
export function createSignal<value = void>(simulation: Simulation, name: string): Signal<value> {
  const waiters = new Set<Waiter<value>>()
  return {
    wait: () =>
      createWait(
        () => `signal '${name}'`,
        (waiter) => {
          requireSame(simulation, waiter, `the signal '${name}'`)
          waiters.add(waiter)
          return () => waiters.delete(waiter)
        },
      ),
    fire: (value) => {
      // No process runs in here, so nobody joins; a branch of `anyOf` may take another one back.
      let count = 0
      for (const waiter of waiters) {
        waiters.delete(waiter)
        waiter.settle(value)
        count++
      }
      return count
    },
    waiting: () => waiters.size,
  }
}

/** Makes a latch, which has not been set. */
export function createLatch<value = void>(simulation: Simulation, name: string): Latch<value> {
  const waiters = new Set<Waiter<value>>()
  let finish: ((waiter: Waiter<value>) => void) | undefined

  const close = (next: (waiter: Waiter<value>) => void): void => {
    if (finish !== undefined) {
      throw new ProcessUsageError(`The latch '${name}' can be set only once.`)
    }
    finish = next
    for (const waiter of waiters) {
      waiters.delete(waiter)
      next(waiter)
    }
  }

  return {
    wait: () =>
      createWait(
        () => `latch '${name}'`,
        (waiter) => {
          requireSame(simulation, waiter, `the latch '${name}'`)
          if (finish === undefined) waiters.add(waiter)
          else finish(waiter)
          return () => waiters.delete(waiter)
        },
      ),
    set: (value) => close((waiter) => waiter.settle(value)),
    fail: (error) => close((waiter) => waiter.fail(error)),
    isSet: () => finish !== undefined,
  }
}
