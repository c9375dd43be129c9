import type { Replica, ReplicaContext } from '@counterpoise/consensus'
import { createFinality, none, quorumOf } from '@counterpoise/consensus/parts'
import type { NodeId } from '@counterpoise/network'
import { type Core, count, proposerOf, roundOf, sayVote, timers } from './core.ts'
import {
  certificateBytes,
  messageTypes,
  nil,
  type Proposal,
  type TendermintMessage,
  type Vote,
  voteBytes,
} from './messages.ts'
import type { Settings } from './parameters.ts'
import {
  castPrecommit,
  castPrevote,
  consider,
  considerAll,
  startRound,
  tryPropose,
} from './rounds.ts'

/** Heights and rounds this far ahead of one's own are not taken in. */
const aheadMax = 100

/** One member: a voter, or a follower where its weight is 0. */
export function createReplica(
  context: ReplicaContext<TendermintMessage>,
  settings: Settings,
): Replica<TendermintMessage> {
  const { committee, self } = context
  const quorumSize = quorumOf(committee.voters.length)
  const finality = createFinality({
    context,
    fetchTimeout: settings.fetchTimeout,
    certificateBytes: certificateBytes(quorumSize),
    onDecided: () => decided(core),
    onArrival: () => {
      tryPropose(core)
      considerAll(core)
    },
  })
  const core: Core = {
    context,
    settings,
    finality,
    quorumSize,
    votes: committee.weights[self]! > 0,
    height: 1,
    round: 0,
    step: 'wait' as const,
    lockedBlock: none,
    lockedRound: -1,
    validBlock: none,
    validRound: -1,
    rounds: [],
    isProposalDue: false,
  }
  return {
    start: () => startRound(core, 0),
    receive: (from, message) => receive(core, from, message),
    expire: (timer) => expire(core, timer),
    recover: () => {
      finality.recover()
      if (core.step !== 'wait') sayAgain(core)
    },
  }
}

function receive(core: Core, from: NodeId, message: TendermintMessage): void {
  if (message.type === messageTypes.proposal) receiveProposal(core, from, message)
  else if (message.type === messageTypes.prevote || message.type === messageTypes.precommit) {
    receiveVote(core, from, message)
  } else core.finality.receive(from, message)
}

const isNear = (core: Core, height: number, round: number): boolean =>
  height >= core.height && height <= core.height + aheadMax && round <= core.round + aheadMax

function receiveProposal(core: Core, from: NodeId, proposal: Proposal): void {
  const { block, height, round } = proposal
  core.finality.hold(block)
  if (!isNear(core, height, round) || from !== proposerOf(core, height, round)) return
  const known = roundOf(core, height, round)
  if (known.proposal !== undefined) return
  known.proposal = proposal
  // A proposal may complete what votes have said of it before, in any round.
  considerAll(core)
}

function receiveVote(core: Core, from: NodeId, vote: Vote): void {
  const { block, height, isRepeat, round, type } = vote
  if (isRepeat) answer(core, from, vote)
  if (!isNear(core, height, round) || core.finality.electorate.weights[from] === 0) return
  const known = roundOf(core, height, round)
  const votes = type === messageTypes.prevote ? known.prevotes : known.precommits
  if (!count(core, votes, from, block)) return
  consider(core, known)
}

/**
 * What a member that says a vote again may have missed: a decision, or votes of its round. Who has
 * left that round without a vote votes for none: without the gossip of everybody's votes, those who
 * are still there may need the vote of all who are honest to leave it as well.
 */
function answer(core: Core, to: NodeId, { height, round }: Vote): void {
  const { context, finality } = core
  if (height < core.height) finality.tell(to)
  if (height !== core.height || round >= core.round) return
  const known = roundOf(core, height, round)
  const say = (type: Vote['type'], block: number): void => {
    context.send(to, { type, height, round, block, isRepeat: false }, voteBytes)
  }
  if (!core.votes) return
  if (known.ownPrevote === none) {
    known.ownPrevote = nil
    count(core, known.prevotes, context.self, nil)
  }
  if (known.ownPrecommit === none) {
    known.ownPrecommit = nil
    count(core, known.precommits, context.self, nil)
  }
  say(messageTypes.prevote, known.ownPrevote)
  say(messageTypes.precommit, known.ownPrecommit)
}

function expire(core: Core, timer: number): void {
  const known = roundOf(core, core.height, core.round)
  if (timer === timers.height) startRound(core, 0)
  else if (timer === timers.propose) {
    if (core.step === 'propose') castPrevote(core, known, nil)
  } else if (timer === timers.prevote) {
    if (core.step === 'prevote') castPrecommit(core, known, nil)
  } else if (timer === timers.precommit) {
    if (core.step !== 'wait') startRound(core, core.round + 1)
  } else if (timer === timers.retry) sayAgain(core)
  else core.finality.expire(timer)
}

/** Nothing has happened for long: says its votes again and asks what it has missed. */
function sayAgain(core: Core): void {
  const { context, finality, settings } = core
  context.setTimer(timers.retry, settings.retry)
  finality.askForNews()
  const known = roundOf(core, core.height, core.round)
  const { proposal } = known
  if (proposal !== undefined && proposerOf(core, core.height, core.round) === context.self) {
    const bytes = context.blocks.bytes(proposal.block) + voteBytes
    for (const to of finality.electorate.voters) {
      if (to !== context.self) context.send(to, proposal, bytes)
    }
  }
  for (const each of core.rounds) {
    if (each.height !== core.height || each.round < core.round - 1) continue
    sayVote(core, messageTypes.prevote, each, true)
    sayVote(core, messageTypes.precommit, each, true)
  }
}

/** A height is over: the next one begins after a while, in which late votes come in. */
function decided(core: Core): void {
  const { context, finality, settings } = core
  core.height = context.blocks.height(finality.final()) + 1
  core.round = 0
  core.step = 'wait'
  core.lockedBlock = none
  core.lockedRound = -1
  core.validBlock = none
  core.validRound = -1
  core.isProposalDue = false
  core.rounds = core.rounds.filter(({ height }) => height >= core.height)
  if (!core.votes) return
  const { precommit, prevote, propose, retry } = timers
  for (const timer of [propose, prevote, precommit, retry]) context.clearTimer(timer)
  context.setTimer(timers.height, settings.commitTimeout)
}
