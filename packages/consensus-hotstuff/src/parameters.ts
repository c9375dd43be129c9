import { createTimeouts, fetchTimeoutMs } from '@counterpoise/consensus/parts'
import { ms, type Time } from '@counterpoise/engine'
import * as z from 'zod'

const diem = 'diem/diem 516b1d9'

export const hotStuffParameters = z.strictObject({
  roundTimeoutMs: z
    .number()
    .positive()
    .default(1_000)
    .describe(
      'ms that a round may last while blocks get final. ' +
        `Source: ${diem}, config/src/config/consensus_config.rs, round_initial_timeout_ms.`,
    ),
  timeoutGrowth: z
    .number()
    .min(1)
    .default(1.2)
    .describe(
      'What each round since the last final block multiplies the timeout with. ' +
        `Source: ${diem}, consensus/src/epoch_manager.rs.`,
    ),
  timeoutStepsMax: z
    .int()
    .nonnegative()
    .default(6)
    .describe(
      'After so many such rounds the timeout grows no more. ' +
        `Source: ${diem}, consensus/src/epoch_manager.rs.`,
    ),
  leaders: z
    .enum(['rotation', 'reputation'])
    .default('rotation')
    .describe(
      'Who leads a round: members in turn, or drawn by whether they took part in the last final ' +
        `blocks, 99 to 1. Source: ${diem}, consensus/src/liveness/leader_reputation.rs.`,
    ),
  contiguousRounds: z
    .int()
    .positive()
    .default(1)
    .describe(
      `Rounds in a row that a member leads in rotation. HotStuff: 1. ${diem} has 2.`,
    ),
  pacingMs: z
    .number()
    .nonnegative()
    .default(100)
    .describe('ms from entering a round to its proposal, in which payments gather. Assumed.'),
  fetchTimeoutMs,
  headerBytes: z
    .int()
    .nonnegative()
    .default(200)
    .describe('Bytes of a block on top of its payments and certificates. Assumed.'),
})

export type HotStuffParameters = z.output<typeof hotStuffParameters>

export type Settings = {
  /** How many certificates in a row, on rounds in a row, make a block final. */
  chainLength: 2 | 3
  /** By the number of rounds that have failed since the last final block, µs. */
  roundTimeout: (failures: number) => Time
  leaders: 'rotation' | 'reputation'
  contiguousRounds: number
  pacing: Time
  fetchTimeout: Time
  headerBytes: number
}

export function toSettings(parameters: HotStuffParameters, chainLength: 2 | 3): Settings {
  const { timeoutGrowth: factor, timeoutStepsMax: stepsMax } = parameters
  return {
    chainLength,
    roundTimeout: createTimeouts({ first: ms(parameters.roundTimeoutMs), factor, stepsMax }),
    leaders: parameters.leaders,
    contiguousRounds: parameters.contiguousRounds,
    pacing: ms(parameters.pacingMs),
    fetchTimeout: ms(parameters.fetchTimeoutMs),
    headerBytes: parameters.headerBytes,
  }
}
