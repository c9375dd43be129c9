import type { Replica, ReplicaContext } from '@counterpoise/consensus'
import { createFinality, quorumOf } from '@counterpoise/consensus/parts'
import { genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { type Core, timers } from './core.ts'
import { createLeaders } from './leaders.ts'
import { certificateBytes, type HotStuffMessage, messageTypes } from './messages.ts'
import type { Settings } from './parameters.ts'
import { receiveProposal, receiveVote, tryPropose, tryVote } from './proposing.ts'
import {
  enterRound,
  giveUp,
  holdCertificate,
  holdTimeout,
  receiveTimeout,
  tryDecide,
} from './rounds.ts'

/** One member: a voter, or a follower where its weight is 0. */
export function createReplica(
  context: ReplicaContext<HotStuffMessage>,
  settings: Settings,
): Replica<HotStuffMessage> {
  const { committee, self } = context
  const quorumSize = quorumOf(committee.voters.length)
  const finality = createFinality({
    context,
    fetchTimeout: settings.fetchTimeout,
    certificateBytes: certificateBytes(quorumSize),
    onDecided: () => {},
    onArrival: () => resume(core),
  })
  const core: Core = {
    context,
    settings,
    finality,
    quorumSize,
    leaders: createLeaders(context, finality, settings),
    votes: committee.weights[self]! > 0,
    round: 0,
    lastVoted: 0,
    lockedRound: 0,
    high: { round: 0, block: genesis },
    timeout: undefined,
    proposal: undefined,
    isProposalDue: false,
    proposedRound: 0,
    rounds: [],
  }
  return {
    start: () => enterRound(core, Math.max(1, core.round)),
    receive: (from, message) => receive(core, from, message),
    expire: (timer) => {
      if (timer === timers.round) giveUp(core)
      else if (timer === timers.propose) {
        core.isProposalDue = true
        tryPropose(core)
      } else finality.expire(timer)
    },
    recover: () => {
      finality.recover()
      // Those who have moved on meanwhile answer with what made them do so.
      giveUp(core)
    },
  }
}

function receive(core: Core, from: NodeId, message: HotStuffMessage): void {
  switch (message.type) {
    case messageTypes.proposal:
      receiveProposal(core, from, message)
      break
    case messageTypes.vote:
      receiveVote(core, from, message)
      break
    case messageTypes.timeout:
      receiveTimeout(core, from, message)
      break
    case messageTypes.sync:
      holdCertificate(core, message.high, from)
      holdTimeout(core, message.timeout)
      break
    default:
      core.finality.receive(from, message)
  }
}

/** Takes up what has waited for a block. */
function resume(core: Core): void {
  tryDecide(core, -1)
  tryPropose(core)
  tryVote(core)
}
