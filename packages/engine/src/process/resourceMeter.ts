import type { Simulation } from '../simulation.ts'
import type { Time } from '../time.ts'
import { createLevel } from './level.ts'

/** What happened at a resource since the last reset. Spans are in µs. */
export type ResourceStatistics = {
  /** Share of the slots in use, from 0 to 1, over time. */
  utilisation: number
  meanInUse: number
  /** Mean length of the queue over time. */
  meanQueue: number
  queueMax: number
  /** Requests that got a slot, at once or later. */
  granted: number
  /** Requests taken back before they got one: time-outs, interrupts. */
  withdrawn: number
  preempted: number
  /** From request to slot, over those that got one. */
  meanWait: number
  waitMax: number
}

/** Counts what happens at a resource. */
export type ResourceMeter = {
  /** Says how many slots are in use and how many requests wait from now on. */
  note: (inUse: number, waiting: number) => void
  granted: (wait: Time) => void
  withdrawn: () => void
  preempted: () => void
  read: () => ResourceStatistics
  reset: () => void
}

export function createResourceMeter(simulation: Simulation, capacity: number): ResourceMeter {
  const inUse = createLevel(simulation, 0)
  const queue = createLevel(simulation, 0)
  let [granted, withdrawn, preempted, waited, waitMax] = [0, 0, 0, 0, 0]

  return {
    note: (slots, waiting) => {
      inUse.set(slots)
      queue.set(waiting)
    },
    granted: (wait) => {
      granted++
      waited += wait
      if (wait > waitMax) waitMax = wait
    },
    withdrawn: () => {
      withdrawn++
    },
    preempted: () => {
      preempted++
    },
    read: () => ({
      utilisation: inUse.mean() / capacity,
      meanInUse: inUse.mean(),
      meanQueue: queue.mean(),
      queueMax: queue.max(),
      granted,
      withdrawn,
      preempted,
      meanWait: granted > 0 ? waited / granted : 0,
      waitMax,
    }),
    reset: () => {
      inUse.reset()
      queue.reset()
      ;[granted, withdrawn, preempted, waited, waitMax] = [0, 0, 0, 0, 0]
    },
  }
}
