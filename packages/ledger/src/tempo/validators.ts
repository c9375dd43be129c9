import type { Time } from '@counterpoise/engine'
import { createSchedule, type Schedule } from './schedule.ts'

/** The owner of the validators' contract adds, removes or replaces a validator (TIP-1017). */
export type ValidatorChange = {
  /** When the transaction is in the pool. */
  at: Time
  /** By member: its votes from then on. */
  weights: readonly number[]
}

/** The votes that the chain has registered; who decides follows at the ends of epochs. */
export type TempoValidators = Schedule & {
  /** By member, after so many changes; undefined where there are none at all. */
  registered: (changes: number) => readonly number[] | undefined
}

/**
 * @param initial By member: its votes before the first change.
 * @param changes In the order of their times; blocks execute them in this order.
 */
export function createTempoValidators(
  initial: readonly number[],
  changes: readonly ValidatorChange[],
): TempoValidators {
  return {
    ...createSchedule(changes),
    registered: (count) => {
      if (changes.length === 0) return undefined
      return count === 0 ? initial : changes[count - 1]!.weights
    },
  }
}
