import type { Simulation } from '../simulation.ts'

/** A number that changes at points in time: how many are in use, how long a queue is. */
export type Level = {
  /** Says what the number is from now on. */
  set: (value: number) => void
  /** Its mean over time since the last reset, weighted by how long each value lasted. */
  mean: () => number
  /** The largest value since the last reset. */
  max: () => number
  /** Forgets the past, not the value. */
  reset: () => void
}

/** Watches a number over virtual time. */
export function createLevel(simulation: Simulation, initial: number): Level {
  let value = initial
  let max = initial
  let area = 0
  let since = simulation.now()
  let changed = since

  const settle = (): number => {
    const now = simulation.now()
    area += value * (now - changed)
    changed = now
    return now
  }

  return {
    set: (next) => {
      settle()
      value = next
      if (next > max) max = next
    },
    mean: () => {
      const now = settle()
      return now > since ? area / (now - since) : value
    },
    max: () => max,
    reset: () => {
      since = settle()
      area = 0
      max = value
    },
  }
}
