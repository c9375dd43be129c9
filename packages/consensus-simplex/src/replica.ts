import type { Replica, ReplicaContext } from '@counterpoise/consensus'
import { addVote, isQuorum, none, voteOf } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { acknowledge, dealShares, receiveShare } from './ceremony.ts'
import { enterNextEpoch } from './epochChange.ts'
import { epochOfView } from './epochs.ts'
import { bring, finishExecution, resumeExecution } from './execution.ts'
import { MembershipError } from './errors.ts'
import { createCore, type Core } from './core.ts'
import {
  answerBlockRequest,
  answerCertificateRequest,
  forgetRequests,
  noteArrival,
  requestEnd,
  requestNews,
} from './fetching.ts'
import {
  type BlockMessage,
  type Certificate,
  type CertificateBundle,
  messageTypes,
  type ShardMessage,
  type SimplexMessage,
  type Vote,
} from './messages.ts'
import type { Settings } from './parameters.ts'
import { settle } from './settling.ts'
import { addShard } from './shards.ts'
import {
  certifyExecuted,
  countNotarise,
  enterView,
  holdFinalisation,
  holdNotarisation,
  holdNullification,
  retryView,
  timeOut,
  tryPropose,
  unblock,
} from './viewMachine.ts'
import { knownView, openView, viewForVote } from './viewWindow.ts'
import { isSameTerm, viewsAhead } from './terms.ts'
import { timers } from './timers.ts'

/** One member: a voter, or a follower where its weight is 0. */
export function createReplica(
  context: ReplicaContext<SimplexMessage>,
  settings: Settings,
): Replica<SimplexMessage> {
  const { size } = context.committee
  for (const { member } of settings.membership) {
    if (member >= size) throw new MembershipError(member, size)
  }
  const core = createCore(context, settings)
  return {
    start: () => {
      dealShares(core)
      enterView(core, 1)
    },
    receive: (from, message) => receive(core, from, message),
    isNews: (message) => isNews(core, message),
    ignores: (message) => isCertificate(message) && !isNews(core, message),
    expire: (timer) => expire(core, timer),
    recover: () => recover(core),
  }
}

function receive(core: Core, from: NodeId, message: SimplexMessage): void {
  if (message.type < messageTypes.block && !isOfThisEpoch(core, from, message as Vote)) return
  switch (message.type) {
    case messageTypes.notarise:
    case messageTypes.nullify:
    case messageTypes.finalise:
      receiveVote(core, from, message)
      break
    case messageTypes.notarisation:
    case messageTypes.nullification:
    case messageTypes.finalisation:
      if (isNews(core, message)) core.fetching.informant = from
      receiveCertificate(core, message, true)
      break
    case messageTypes.block:
      receiveBlock(core, from, message)
      break
    case messageTypes.blockRequest:
      answerBlockRequest(core, from, message)
      break
    case messageTypes.certificateRequest:
      answerCertificateRequest(core, from, message)
      break
    case messageTypes.certificates:
      receiveBundle(core, from, message)
      break
    case messageTypes.shard:
      receiveShard(core, from, message)
      break
    case messageTypes.share:
      if (message.epoch === core.epoch) receiveShare(core, from)
      break
    case messageTypes.acknowledgement:
      if (message.epoch === core.epoch) acknowledge(core, from)
  }
}

/** Votes tell besides that their voter is there; certificates tell nothing else. */
const isCertificate = ({ type }: SimplexMessage): boolean =>
  type >= messageTypes.notarisation && type <= messageTypes.finalisation

/** Votes and certificates for what the replica holds a certificate of are of no use to it. */
function isNews({ epoch, window }: Core, message: SimplexMessage): boolean {
  if (message.type >= messageTypes.block) return true
  const { type, view } = message as Vote | Certificate
  if (epochOfView(view) !== epoch) return true
  if (view < window.base) return false
  const state = knownView(window, view)
  if (state === undefined) return true
  if (type === messageTypes.nullify || type === messageTypes.nullification) return !state.nullified
  if (type === messageTypes.finalise || type === messageTypes.finalisation) {
    return state.finalised === none
  }
  return state.notarised === none && state.uncertified === none
}

/** What is of an epoch that is over is not taken in, nor what is of a later one. */
function isOfThisEpoch(core: Core, from: NodeId, { view }: Vote | Certificate): boolean {
  const epoch = epochOfView(view)
  if (epoch > core.epoch) requestEnd(core, from)
  return epoch === core.epoch
}

function receiveVote(core: Core, from: NodeId, vote: Vote): void {
  const weight = core.electorate.weights[from]!
  const state = viewForVote(core.window, vote.view)
  if (state === undefined || weight === 0) return
  if (vote.view > core.heard[from]!) core.heard[from] = vote.view
  if (vote.type === messageTypes.notarise) {
    // The shard first: what is notarised may be executed at once.
    if (vote.owner !== undefined) takeShard(core, vote.view, vote.block, from)
    countNotarise(core, state, from, vote.block)
  } else if (vote.type === messageTypes.finalise) {
    const sum = addVote(state.finalise, from, vote.block, weight)
    if (sum > 0 && isQuorum(core.electorate, sum)) holdFinalisation(core, state, vote.block, true)
  } else {
    const sum = addVote(state.nullify, from, 0, weight)
    if (sum <= 0) return
    if (from === core.leader && state === core.current && !state.ownNullify) timeOut(core)
    if (isQuorum(core.electorate, sum)) holdNullification(core, state, true)
  }
}

function receiveCertificate(core: Core, certificate: Certificate, isNews: boolean): void {
  const { type, view, block } = certificate
  const state = openView(core.window, view)
  if (state === undefined) return
  if (type === messageTypes.notarisation) holdNotarisation(core, state, block, isNews)
  else if (type === messageTypes.nullification) holdNullification(core, state, isNews)
  else holdFinalisation(core, state, block, isNews)
}

/** The highest view comes first, so that the views below are not entered on the way. */
function receiveBundle(core: Core, from: NodeId, { certificates }: CertificateBundle): void {
  core.fetching.informant = from
  core.fetching.catchingUp = false
  for (const certificate of certificates) {
    if (isOfThisEpoch(core, from, certificate)) receiveCertificate(core, certificate, false)
  }
}

function receiveBlock(core: Core, from: NodeId, { block }: BlockMessage): void {
  const { chain, context, settings } = core
  if (chain.isHeld(block)) return
  chain.hold(block)
  context.report.received(block)
  const wasMissing = noteArrival(core, block)
  if (wasMissing) settle(core)
  proposeItself(core, from, block)
  if (settings.dissemination !== 'inline') certifyExecuted(core)
  if (wasMissing || voteOf(core.current.notarise, core.leader) === block) unblock(core)
}

function receiveShard(core: Core, from: NodeId, { block, owner, view }: ShardMessage): void {
  if (epochOfView(view) !== core.epoch || owner !== core.context.self) return
  if (core.context.blocks.proposer(block) !== from) return
  takeShard(core, view, block, owner)
  proposeItself(core, from, block)
  if (voteOf(core.current.notarise, core.leader) === block) unblock(core)
}

/** A shard is here; with enough of them the block is, and is executed if it is notarised. */
function takeShard(core: Core, view: number, block: BlockId, owner: NodeId): void {
  if (!addShard(core, view, block, owner)) return
  noteArrival(core, block)
  bring(core, block)
  settle(core)
  certifyExecuted(core)
}

/** A block names its view and its leader: it proposes itself, before the leader's vote is here. */
function proposeItself(core: Core, from: NodeId, block: BlockId): void {
  const { context, leader, view } = core
  const round = context.blocks.round(block)
  if (from !== leader || round < view || round > view + viewsAhead(core)) return
  if (isSameTerm(core, round, view)) countNotarise(core, openView(core.window, round)!, from, block)
}

/** A block has been executed beside the work of consensus. */
function passExecution(core: Core): void {
  finishExecution(core)
  settle(core)
  certifyExecuted(core)
  unblock(core)
}

function expire(core: Core, timer: number): void {
  if (timer === timers.leader || timer === timers.certification) timeOut(core)
  else if (timer === timers.retry) retryView(core)
  else if (timer === timers.settle) settle(core)
  else if (timer === timers.fetch) fetchAgain(core)
  else if (timer === timers.epoch) enterNextEpoch(core)
  else if (timer === timers.execution) passExecution(core)
  else {
    core.isBuildDue = true
    tryPropose(core)
  }
}

/** Whatever is still missing is asked for again, from others. */
function fetchAgain(core: Core): void {
  const { fetching } = core
  forgetRequests(core)
  fetching.isRetrying = true
  if (fetching.catchingUp) requestNews(core)
  settle(core)
  unblock(core)
  fetching.isRetrying = false
}

/**
 * Back after an outage of unknown length. The view that it left is given up, as nobody may be
 * waiting in it any more, and a peer is asked for what has happened since.
 */
function recover(core: Core): void {
  const { fetching } = core
  core.followedSince = core.view
  forgetRequests(core)
  core.context.clearTimer(timers.fetch)
  fetching.catchingUp = true
  resumeExecution(core)
  timeOut(core)
  requestNews(core)
  settle(core)
}
