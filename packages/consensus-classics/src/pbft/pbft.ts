import { defineConsensus } from '@counterpoise/consensus'
import { ed25519Times, pauseAlone } from '@counterpoise/consensus/parts'
import { messageTypes, type PbftMessage } from './messages.ts'
import { pbftParameters, type PbftParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'
import { pbftSignatures } from '../signatures.ts'

/**
 * PBFT: a primary that stays, two rounds of votes among all, three message delays to a decision.
 * Heights are decided one after the other, as blocks form a chain; a quorum's view changes elect
 * the next primary and bind it to what may have been decided.
 *
 * Source: Castro and Liskov, Practical Byzantine Fault Tolerance, OSDI 1999.
 */
export const pbft = defineConsensus<PbftParameters, PbftMessage>({
  name: 'pbft',
  parameters: pbftParameters,
  finality: 'deterministic',
  dissemination: 'direct',
  faultLimit: (count) => Math.floor((count - 1) / 3),
  isOwnWord: ({ type }) => type <= messageTypes.commit,
  signatures: pbftSignatures,
  serviceTimes: ed25519Times,
  problems: pauseAlone('pacingMs'),
  createReplica: (parameters, context) => createReplica(context, toSettings(parameters)),
})
