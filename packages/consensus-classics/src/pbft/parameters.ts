import { createTimeouts, fetchTimeoutMs } from '@counterpoise/consensus/parts'
import { ms, type Time } from '@counterpoise/engine'
import * as z from 'zod'

/** Whose values they are: Castro and Liskov (OSDI 1999) leave the timeouts to the operator. */
export const pbftParameters = z.strictObject({
  delayBoundMs: z
    .number()
    .positive()
    .default(1_000)
    .describe(
      'ms that a message is thought to take at most. A view change begins three of them after ' +
        'the last decision (pre-prepare, prepare, commit), and is given up after two of them ' +
        '(view change, new view). Assumed.',
    ),
  timeoutGrowth: z
    .number()
    .min(1)
    .default(2)
    .describe('What each view change in a row multiplies the timeouts with. Source: OSDI 1999.'),
  timeoutStepsMax: z
    .int()
    .nonnegative()
    .default(8)
    .describe('After so many view changes in a row the timeouts grow no more. Assumed.'),
  pacingMs: z
    .number()
    .nonnegative()
    .default(100)
    .describe('ms from a decision to the next proposal, in which requests gather. Assumed.'),
  fetchTimeoutMs,
  headerBytes: z
    .int()
    .nonnegative()
    .default(200)
    .describe('Bytes of a block on top of its payments. Assumed.'),
})

export type PbftParameters = z.output<typeof pbftParameters>

export type Settings = {
  /** After so many view changes in a row: from a decision to giving the view up, µs. */
  decisionTimeout: (failures: number) => Time
  /** After so many view changes in a row: from asking for a view to asking for the next, µs. */
  viewTimeout: (failures: number) => Time
  pacing: Time
  fetchTimeout: Time
  headerBytes: number
}

export function toSettings(parameters: PbftParameters): Settings {
  const { delayBoundMs, timeoutGrowth: factor, timeoutStepsMax: stepsMax } = parameters
  return {
    decisionTimeout: createTimeouts({ first: ms(3 * delayBoundMs), factor, stepsMax }),
    viewTimeout: createTimeouts({ first: ms(2 * delayBoundMs), factor, stepsMax }),
    pacing: ms(parameters.pacingMs),
    fetchTimeout: ms(parameters.fetchTimeoutMs),
    headerBytes: parameters.headerBytes,
  }
}
