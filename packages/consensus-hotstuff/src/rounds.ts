import {
  addVote,
  hasHonest,
  hasVoted,
  isQuorum,
  none,
  toVoters,
} from '@counterpoise/consensus/parts'
import type { NodeId } from '@counterpoise/network'
import { aheadMax, type Core, roundOf, timers } from './core.ts'
import {
  certificateBytes,
  type Certificate,
  messageTypes,
  type Sync,
  type Timeout,
  type TimeoutCertificate,
  timeoutCertificateBytes,
  voteBytes,
} from './messages.ts'

/** Enters a round; a certificate or a timeout certificate of the round before is held. */
export function enterRound(core: Core, round: number): void {
  const { context, settings } = core
  core.round = round
  forgetBelow(core, round - 1)
  core.isProposalDue = false
  if (core.proposal !== undefined && core.proposal.round < round) core.proposal = undefined
  if (!core.votes) return
  context.clearTimer(timers.propose)
  setRoundTimer(core)
  if (core.leaders.leaderOf(round) === context.self) {
    context.setTimer(timers.propose, settings.pacing)
    // What the parent needs is asked for while the leader waits for payments.
    core.finality.bring(core.high.block, none)
  }
}

/** Forgets earlier rounds, in place: this happens once a round to every member. */
function forgetBelow({ rounds }: Core, first: number): void {
  let kept = 0
  for (const known of rounds) if (known.round >= first) rounds[kept++] = known
  rounds.length = kept
}

function setRoundTimer(core: Core): void {
  const { context, finality, settings, round } = core
  const finalRound = context.blocks.round(finality.final())
  const failures = Math.max(0, round - finalRound - settings.chainLength)
  context.setTimer(timers.round, settings.roundTimeout(failures))
}

/** Takes in a certificate: it may raise the highest one, make blocks final, end the round. */
export function holdCertificate(core: Core, certificate: Certificate, from: NodeId): void {
  if (certificate.round <= core.high.round) return
  core.high = certificate
  core.finality.notarise(certificate.block, from)
  tryDecide(core, from)
  if (certificate.round >= core.round) enterRound(core, certificate.round + 1)
}

/** Takes in a timeout certificate. */
export function holdTimeout(core: Core, timeout: TimeoutCertificate | undefined): void {
  if (timeout === undefined || timeout.round <= (core.timeout?.round ?? 0)) return
  core.timeout = timeout
  if (timeout.round >= core.round) enterRound(core, timeout.round + 1)
}

/**
 * The first of as many certified blocks on rounds in a row as the chain must be long is final: the
 * parent of the highest certified block, or its parent's parent.
 */
export function tryDecide(core: Core, from: NodeId): void {
  const { context, finality, high, settings } = core
  const { blocks } = context
  let block = high.block
  for (let link = 1; link < settings.chainLength; link++) {
    if (!finality.chain.isHeld(block)) return
    const parent = blocks.parent(block)
    if (parent === none || blocks.round(parent) !== blocks.round(block) - 1) return
    block = parent
  }
  finality.decide(block, from)
}

/** Gives the current round up, again if need be. */
export function giveUp(core: Core): void {
  const { context, finality, high, quorumSize, round } = core
  if (!core.votes) return
  core.lastVoted = Math.max(core.lastVoted, round)
  const entry = core.timeout?.round === round - 1 ? core.timeout : undefined
  const message: Timeout = { type: messageTypes.timeout, round, high, entry }
  const bytes = voteBytes + certificateBytes(quorumSize) + entryBytes(core, entry)
  toVoters(context, finality.electorate, message, bytes)
  setRoundTimer(core)
  countTimeout(core, context.self, message)
}

export const entryBytes = (core: Core, entry: TimeoutCertificate | undefined): number =>
  entry === undefined ? 0 : timeoutCertificateBytes(core.quorumSize)

export function receiveTimeout(core: Core, from: NodeId, message: Timeout): void {
  holdCertificate(core, message.high, from)
  holdTimeout(core, message.entry)
  if (message.round >= core.round) {
    countTimeout(core, from, message)
    return
  }
  // Its sender is behind: what made this member move on will move it on too.
  const { context, high, timeout } = core
  const sync: Sync = { type: messageTypes.sync, high, timeout }
  const bytes = voteBytes + certificateBytes(core.quorumSize) + entryBytes(core, timeout)
  context.send(from, sync, bytes)
}

function countTimeout(core: Core, from: NodeId, { high, round }: Timeout): void {
  const { electorate } = core.finality
  if (!core.votes || round > core.round + aheadMax) return
  const known = roundOf(core, round)
  known.highRound = Math.max(known.highRound, high.round)
  const weight = addVote(known.timeouts, from, 0, electorate.weights[from]!)
  if (weight <= 0) return
  if (isQuorum(electorate, weight)) holdTimeout(core, { round, highRound: known.highRound })
  else if (round === core.round && hasHonest(electorate, weight)) {
    // Some honest member has waited long enough: so has this one.
    if (!hasVoted(known.timeouts, core.context.self)) giveUp(core)
  }
}
