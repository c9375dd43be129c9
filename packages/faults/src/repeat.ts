import { exponential, type Stream, type Time } from '@counterpoise/engine'
import type { PlannedFault } from './plan.ts'

export type Repetition = {
  /** From one beginning to the next, µs, above 0; in the mean where they come at random. */
  every: Time
  /** How often it happens in all; as often as there is time for where left out. */
  times?: number | undefined
  /** No repetition begins at or after this time, µs. */
  until: Time
  /** Where it comes at random: what the times between beginnings are drawn from, exponentially. */
  stream?: Stream | undefined
}

/**
 * A fault and its repetitions, as entries of a plan: at equal distances, or, with a stream, as a
 * Poisson process that begins with the fault itself. Repetitions may overlap.
 */
export function repeated<fault extends PlannedFault>(
  fault: fault,
  { every, times = Number.POSITIVE_INFINITY, until, stream }: Repetition,
): fault[] {
  const faults: fault[] = []
  let at = fault.at
  while (at < until && faults.length < times) {
    faults.push({ ...fault, at })
    at += stream === undefined ? every : Math.max(1, Math.round(exponential(stream, every)))
  }
  return faults
}
