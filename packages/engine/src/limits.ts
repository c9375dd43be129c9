import { BaseError, EventTimeError, StreamError } from './errors.ts'
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
export function expectOptions(options: SimulationOptions): void {
  const { seed, replication = 0, ties = 'fifo', queue = 'adaptive', instantEventsMax = 1 } = options
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
  if (!(instantEventsMax >= 1)) {
    throw new BaseError('`instantEventsMax` must be a number of events of at least 1.', {
      metaMessages: [`Found: ${instantEventsMax}`, 'Write `Infinity` for no limit.'],
    })
  }
  if (ties !== 'fifo' && ties !== 'shuffle') {
    throw new BaseError("The order of `ties` must be 'fifo' or 'shuffle'.", {
      metaMessages: [`Found: ${String(ties)}`],
    })
  }
  if (queue === 'adaptive' || queue === 'javascript') return
  throw new BaseError("The `queue` must be 'adaptive' or 'javascript'.", {
    metaMessages: [`Found: ${String(queue)}`],
  })
}

/** @throws BaseError where a kind of event has no name, no handler or an impossible priority. */
export function expectKind(name: string, handler: unknown, priority: number): void {
  if (typeof name !== 'string' || name === '') {
    throw new BaseError('A kind of event needs a name.', {
      metaMessages: [`Found: ${String(name)}`, "As in `define('block arrives', handler)`."],
    })
  }
  if (typeof handler !== 'function') {
    throw new BaseError(`The kind '${name}' needs a function that handles its events.`, {
      metaMessages: [`Found: ${String(handler)}`],
    })
  }
  if (!Number.isInteger(priority) || priority < -128 || priority > 127) {
    throw new BaseError(`The priority of '${name}' must be an integer from −128 to 127.`, {
      metaMessages: [`Found: ${priority}`],
    })
  }
}

/** @throws StreamError where the streams were declared and the purpose is none of them. */
export function expectDeclared(purpose: string, declared: readonly string[] | undefined): void {
  if (declared === undefined || declared.includes(purpose)) return
  throw new StreamError(`No random stream is declared as '${purpose}'.`, {
    metaMessages: [
      `Declared: ${declared.join(', ') || 'none'}`,
      'Add it to `streams` of `createSimulation`, or leave that out to open any.',
    ],
  })
}
