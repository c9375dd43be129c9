import type { Time } from '@counterpoise/engine'

export type TimeoutGrowth = {
  /** The first timeout, µs. */
  first: Time
  /** What each failure multiplies it with, at least 1. */
  factor: number
  /** After how many failures in a row it grows no more. */
  stepsMax: number
}

/**
 * Timeouts that grow with the failures in a row: first · factor^min(failures, stepsMax), in whole
 * µs. Made by multiplication, so that they are the same on every machine.
 *
 * @returns the timeout after a number of failures of at least 0.
 */
export function createTimeouts(growth: TimeoutGrowth): (failures: number) => Time {
  const { first, factor, stepsMax } = growth
  const table: Time[] = []
  let timeout = first
  for (let step = 0; step <= stepsMax; step++) {
    table.push(Math.round(timeout))
    timeout *= factor
  }
  return (failures) => table[Math.min(failures, stepsMax)]!
}
