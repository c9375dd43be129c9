import { defineConsensus } from '@counterpoise/consensus'
import type { GasperMessage } from './messages.ts'
import { type GasperParameters, gasperParameters } from './parameters.ts'
import { createGasperReplica } from './replica.ts'

/**
 * Ethereum's proof of stake: LMD-GHOST chooses the head, Casper FFG justifies and finalises
 * checkpoints. A member's weight is its stake. At most a third of it may fail, less one unit.
 */
export const gasper = defineConsensus<GasperParameters, GasperMessage>({
  name: 'gasper',
  parameters: gasperParameters,
  finality: 'economic',
  dissemination: 'gossip',
  faultLimit: (count) => Math.floor((count - 1) / 3),
  createReplica: createGasperReplica,
})
