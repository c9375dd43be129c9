import { toSeconds } from '@counterpoise/engine'
import type { Scenario } from '@counterpoise/scenario'
import type { SeenProgress, WorldProgress } from './executor.ts'

/** How far a job is, all its worlds together. */
export type Progress = {
  /** Worlds that are over, and all of them. */
  done: number
  total: number
  /** Share of the work that is done, estimated in events, 0 … 1; it never goes back. */
  share: number
  simulatedSeconds: number
  events: number
}

/**
 * Makes a function that says how far a job is. A world's events are extrapolated from how far it
 * has come; one that has not begun is taken for an average one.
 */
export function createProgressEstimate({ data }: Scenario): (seen: SeenProgress) => Progress {
  // Worlds usually end long before the drain does, so the offered window counts as the work.
  const window = toSeconds(Math.min(data.workload.for, data.until ?? data.workload.for))
  let share = 0

  const passed = ({ simulatedSeconds, isDone, isCut }: WorldProgress): number =>
    // One that drains is not done yet.
    isDone && !isCut ? 1 : Math.min(almostDone, simulatedSeconds / window)

  return (seen) => {
    const done = seen.filter(({ isDone }) => isDone).length
    const events = sum(seen.map((world) => world.events))
    const begun = seen.filter((world) => world.events > 0)
    const expected = sum(begun.map((world) => world.events / Math.max(passed(world), justBegun)))
    const all = (expected / Math.max(1, begun.length)) * seen.length
    if (seen.every(({ isDone, isCut }) => isDone && !isCut)) share = 1
    else if (all > 0) share = Math.max(share, Math.min(almostDone, events / all))
    return {
      done,
      total: seen.length,
      share,
      simulatedSeconds: sum(seen.map(({ simulatedSeconds }) => simulatedSeconds)),
      events,
    }
  }
}

const almostDone = 0.99
/** Below this, events so far say little about those to come. */
const justBegun = 0.001

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
