import { fetchTimeoutMs } from '@counterpoise/consensus/parts'
import { ms, type Time } from '@counterpoise/engine'
import * as z from 'zod'

const source = 'Source: CometBFT 1.0, config/config.go, DefaultConsensusConfig'

export const tendermintParameters = z.strictObject({
  timeoutProposeMs: z
    .number()
    .positive()
    .default(3_000)
    .describe(`ms that the first round waits for a proposal. ${source}.`),
  timeoutVoteMs: z
    .number()
    .positive()
    .default(1_000)
    .describe(`ms that the first round waits for more votes, once a quorum has voted. ${source}.`),
  timeoutDeltaMs: z
    .number()
    .nonnegative()
    .default(500)
    .describe(`ms that each further round of a height waits longer. ${source}.`),
  timeoutCommitMs: z
    .number()
    .nonnegative()
    .default(1_000)
    .describe(`ms from a decision to the next height. ${source}.`),
  retryMs: z
    .number()
    .positive()
    .default(2_000)
    .describe('ms without progress after which votes are said again and peers are asked. Assumed.'),
  fetchTimeoutMs,
  headerBytes: z
    .int()
    .nonnegative()
    .default(500)
    .describe('Bytes of a block on top of its payments. Assumed.'),
})

export type TendermintParameters = z.output<typeof tendermintParameters>

/** The parameters with spans in µs. */
export type Settings = {
  proposeTimeout: (round: number) => Time
  voteTimeout: (round: number) => Time
  commitTimeout: Time
  retry: Time
  fetchTimeout: Time
  headerBytes: number
}

export function toSettings(parameters: TendermintParameters): Settings {
  const { timeoutDeltaMs, timeoutProposeMs, timeoutVoteMs } = parameters
  return {
    proposeTimeout: (round) => ms(timeoutProposeMs + round * timeoutDeltaMs),
    voteTimeout: (round) => ms(timeoutVoteMs + round * timeoutDeltaMs),
    commitTimeout: ms(parameters.timeoutCommitMs),
    retry: ms(parameters.retryMs),
    fetchTimeout: ms(parameters.fetchTimeoutMs),
    headerBytes: parameters.headerBytes,
  }
}
