import { defineConsensus } from '@counterpoise/consensus'
import { ed25519Times, pauseAlone } from '@counterpoise/consensus/parts'
import { isOwnWord, type TendermintMessage } from './messages.ts'
import { tendermintParameters, type TendermintParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'
import { tendermintSignatures } from '../signatures.ts'

/**
 * Tendermint: rounds of a height with a proposer each, prevotes and precommits among all, a lock
 * on what a quorum has prevoted; three message delays to a decision, timeouts that grow.
 *
 * Source: Buchman, Kwon and Milosevic, arXiv 1807.04938, algorithm 1; defaults from CometBFT.
 */
export const tendermint = defineConsensus<TendermintParameters, TendermintMessage>({
  name: 'tendermint',
  parameters: tendermintParameters,
  finality: 'deterministic',
  dissemination: 'direct',
  faultLimit: (count) => Math.floor((count - 1) / 3),
  isOwnWord,
  signatures: tendermintSignatures,
  serviceTimes: ed25519Times,
  problems: pauseAlone('timeoutCommitMs'),
  createReplica: (parameters, context) => createReplica(context, toSettings(parameters)),
})
