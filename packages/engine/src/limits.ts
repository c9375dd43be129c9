import { BaseError, EventTimeError } from './errors.ts'
import type { SimulationOptions } from './simulationOptions.ts'
import type { Time } from './time.ts'

/**
 * Checks how far a run is asked to go.
 *
 * @throws EventTimeError where the time is no number or a fraction.
 * @throws BaseError where the number of events is no whole number of at least 0.
 */
export function expectLimits(until: Time, eventsMax: number, now: Time): void {
  if (!isWhole(until)) throw new EventTimeError(until, now)
  if (eventsMax >= 0 && isWhole(eventsMax)) return
  throw new BaseError('A number of events must be a whole number of at least 0.', {
    metaMessages: [`Found: ${eventsMax}`],
  })
}

/** No limit is a limit too. */
const isWhole = (value: number): boolean => value % 1 === 0 || Math.abs(value) === Infinity

/** @throws BaseError for what plain JavaScript may hand over: it would run, as something else. */
export function expectOptions({ seed, replication = 0, ties = 'fifo' }: SimulationOptions): void {
  if (typeof seed !== 'string') {
    throw new BaseError('The `seed` of a simulation must be a text.', {
      metaMessages: [`Found: ${seed}`, 'Write a number as a text: `{ seed: String(7) }`.'],
    })
  }
  if (!(Number.isSafeInteger(replication) && replication >= 0)) {
    throw new BaseError('The `replication` must be a whole number of at least 0.', {
      metaMessages: [`Found: ${replication}`],
    })
  }
  if (ties === 'fifo' || ties === 'shuffle') return
  throw new BaseError("The order of `ties` must be 'fifo' or 'shuffle'.", {
    metaMessages: [`Found: ${String(ties)}`],
  })
}
