import { defineConsensus } from '@counterpoise/consensus'
import { blsTimes, pauseAlone } from '@counterpoise/consensus/parts'
import { committeesOf } from './committees.ts'
import { messageTypes, type SimplexMessage } from './messages.ts'
import { simplexParameters, type SimplexParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'
import { simplexSignatures } from './signatures.ts'

/**
 * Simplex as Tempo runs it: a leader per view, votes to notarise, nullify and finalise among all,
 * a block notarised two and final three message delays after its proposal.
 *
 * Sources: Chan and Pass, eprint 2023/463; commonwarexyz/monorepo v2026.7.1, consensus/src/simplex;
 * tempoxyz/tempo d656ef5, crates/consensus.
 */
export const simplex = defineConsensus<SimplexParameters, SimplexMessage>({
  name: 'simplex',
  parameters: simplexParameters,
  finality: 'deterministic',
  dissemination: 'direct',
  faultLimit: (count) => Math.floor((count - 1) / 3),
  isOwnWord: ({ type }) =>
    type <= messageTypes.finalise ||
    type === messageTypes.block ||
    type === messageTypes.shard,
  signatures: simplexSignatures,
  serviceTimes: blsTimes,
  committees: ({ epochBlocks }, blocks, head) => committeesOf(epochBlocks, blocks, head),
  problems: pauseAlone('buildBudgetMs'),
  createReplica: (parameters, context) => createReplica(context, toSettings(parameters)),
})
