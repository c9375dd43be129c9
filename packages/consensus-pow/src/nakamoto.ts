import { defineConsensus } from '@counterpoise/consensus'
import { plannedAttacks } from './attacks/plannedAttacks.ts'
import { createCrowd } from './crowd.ts'
import type { WorkMessage } from './messages.ts'
import { type NakamotoParameters, nakamotoParameters } from './parameters.ts'
import { blockRelay } from './relay/blockRelay.ts'
import { problemsIn } from './problems.ts'
import { createReplica } from './replica.ts'
import { rewardsOf } from './rewards.ts'

/**
 * Nakamoto's consensus: proof of work, most work wins, of equal work the first seen. A member's
 * weight is its share of the hash rate; members of weight 0 follow without mining. Blocks are
 * never final: an observer counts confirmations.
 *
 * @see S. Nakamoto, Bitcoin: A Peer-to-Peer Electronic Cash System, 2008.
 */
export const nakamoto = defineConsensus<NakamotoParameters, WorkMessage>({
  name: 'nakamoto',
  parameters: nakamotoParameters,
  finality: 'probabilistic',
  dissemination: 'gossip',
  faultLimit: (count) => Math.floor((count - 1) / 2),
  problems: problemsIn,
  attacks: plannedAttacks,
  createReplica,
  createCrowd,
  rewards: rewardsOf,
  broadcast: ({ relay }, { committee, validate }) =>
    blockRelay({
      parameters: relay,
      miners: committee.voters,
      checkTime: (content) => {
        const message = content as WorkMessage
        const cost = message.type === 'block' ? validate(message.block, 0) : 0
        return typeof cost === 'number' ? cost : 0
      },
    }),
})
