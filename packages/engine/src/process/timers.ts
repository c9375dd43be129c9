import { priorities, type EventKind, type Simulation } from '../simulation.ts'
import type { Time } from '../time.ts'
import type { Withdraw } from './wait.ts'

/** Calls back after a delay; every timer is one event, named by a small integer. */
export type Timers = {
  after: (delay: Time, expire: () => void) => Withdraw
  /** What decides about the numbers of the next timers; there must be none pending. */
  save: () => Numbers
  restore: (numbers: Numbers) => void
}

/** How many numbers have been given out, and those of them that are free again. */
export type Numbers = { count: number; free: readonly number[] }

export function createTimers(simulation: Simulation): Timers {
  const callbacks: ((() => void) | undefined)[] = []
  const free: number[] = []

  const take = (id: number): (() => void) => {
    const expire = callbacks[id]!
    callbacks[id] = undefined
    free.push(id)
    return expire
  }
  const kind: EventKind = simulation.define(
    'process.timer',
    (id) => take(id)(),
    priorities.protocol,
  )

  return {
    after: (delay, expire) => {
      const id = free.length > 0 ? free.pop()! : callbacks.length
      const handle = simulation.after(delay, kind, id)
      callbacks[id] = expire
      return () => {
        // False after the timer has expired: then its number may belong to another one.
        if (simulation.cancel(handle)) take(id)
      }
    },
    save: () => ({ count: callbacks.length, free: [...free] }),
    restore: (numbers) => {
      callbacks.length = 0
      callbacks.length = numbers.count
      free.splice(0, free.length, ...numbers.free)
    },
  }
}
