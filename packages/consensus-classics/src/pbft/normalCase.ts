import { framingBytes, isQuorum, none, weightBehind } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { type Core, count, heightOf, primaryOf, send, type Slot, slotOf, timers } from './core.ts'
import { messageTypes, type PrePrepare, type Vote, voteBytes } from './messages.ts'

/** Views and heights this far ahead of one's own are not taken in. */
const aheadMax = 16

/** A height begins, or a view in which it is tried again. */
export function startHeight(core: Core): void {
  const { context, settings } = core
  if (!core.votes || core.wanted > core.view) return
  const timeout = settings.decisionTimeout(core.failures)
  core.isProposalDue = false
  context.setTimer(timers.progress, timeout)
  context.setTimer(timers.nudge, Math.ceil(timeout / 2))
  if (primaryOf(core, core.view) === context.self) context.setTimer(timers.propose, settings.pacing)
  else tryPrepare(core)
}

/** As the primary: proposes a new block, once the block below it is executed. */
export function tryPropose(core: Core): void {
  const { context, finality, settings } = core
  core.isProposalDue = true
  if (core.wanted > core.view || primaryOf(core, core.view) !== context.self) return
  const slot = slotOf(core, core.view, heightOf(core))
  if (slot.proposal !== none) return
  const parent = finality.final()
  if (!finality.bring(parent, none)) return
  // One attempt for each height, and one more for each view that was given up.
  const round = heightOf(core) + core.view
  const block = context.build(parent, { round, bytes: settings.headerBytes })
  if (block < 0) return
  finality.chain.adopt(block)
  context.report.proposed(block)
  propose(core, block)
}

/** As the primary: proposes a block, its own or the one that the view began with. */
export function propose(core: Core, block: BlockId): void {
  const { context } = core
  const slot = slotOf(core, core.view, heightOf(core))
  context.clearTimer(timers.propose)
  slot.proposal = block
  const message: PrePrepare = { type: messageTypes.prePrepare, view: core.view, block }
  send(core, message, voteBytes + context.blocks.bytes(block) + framingBytes)
  slot.ownPrepare = block
  notePrepare(core, slot, context.self, block)
}

export function receivePrePrepare(core: Core, from: NodeId, message: PrePrepare): void {
  const { context, finality } = core
  const { view, block } = message
  if (from !== primaryOf(core, view)) return
  finality.hold(block)
  const height = context.blocks.height(block)
  if (!isNear(core, view, height)) return
  acceptProposal(core, slotOf(core, view, height), block, from)
}

/** Takes in what the primary proposes; the first proposal counts, a second one is a lie. */
export function acceptProposal(core: Core, slot: Slot, block: BlockId, from: NodeId): void {
  if (slot.proposal === none) slot.proposal = block
  notePrepare(core, slot, from, block)
  tryPrepare(core)
}

const isNear = (core: Core, view: number, height: number): boolean =>
  view >= core.view &&
  view <= core.view + aheadMax &&
  height >= heightOf(core) &&
  height <= heightOf(core) + aheadMax

/** As a backup: votes for the proposal of the current height, if it stands on the final block. */
export function tryPrepare(core: Core): void {
  const { context, finality } = core
  const { blocks, self } = context
  if (!core.votes || core.wanted > core.view) return
  const primary = primaryOf(core, core.view)
  const height = heightOf(core)
  const slot = slotOf(core, core.view, height)
  const { proposal } = slot
  if (proposal === none || slot.ownPrepare !== none || primary === self) return
  if (blocks.parent(proposal) !== finality.final()) return
  if (!finality.bring(finality.final(), primary)) return
  if (!finality.chain.isHeld(proposal)) {
    finality.bring(proposal, primary)
    return
  }
  if (!finality.chain.isReady(proposal) && !finality.chain.validate(proposal)) return
  slot.ownPrepare = proposal
  const message: Vote = { type: messageTypes.prepare, view: core.view, height, block: proposal }
  send(core, message, voteBytes)
  notePrepare(core, slot, self, proposal)
}

export function receiveVote(core: Core, from: NodeId, vote: Vote): void {
  const { view, height, block } = vote
  if (core.finality.electorate.weights[from] === 0 || !isNear(core, view, height)) return
  const slot = slotOf(core, view, height)
  if (vote.type === messageTypes.prepare) notePrepare(core, slot, from, block)
  else noteCommit(core, slot, from, block)
}

function notePrepare(core: Core, slot: Slot, from: NodeId, block: BlockId): void {
  const weight = count(core, slot.prepare, from, block)
  if (weight <= 0 || !isQuorum(core.finality.electorate, weight)) return
  tryCommit(core)
}

/** Commits to what a quorum has prepared in the current view, this member included. */
export function tryCommit(core: Core): void {
  const { context, finality } = core
  if (core.wanted > core.view) return
  const height = heightOf(core)
  const slot = slotOf(core, core.view, height)
  const { ownPrepare: block, prepare } = slot
  const weight = weightBehind(prepare, block)
  if (block === none || slot.ownCommit !== none) return
  if (!isQuorum(finality.electorate, weight)) return
  core.prepared = block
  core.preparedView = core.view
  slot.ownCommit = block
  finality.notarise(block, primaryOf(core, core.view))
  const message: Vote = { type: messageTypes.commit, view: core.view, height, block }
  send(core, message, voteBytes)
  noteCommit(core, slot, context.self, block)
}

function noteCommit(core: Core, slot: Slot, from: NodeId, block: BlockId): void {
  const { electorate } = core.finality
  const weight = count(core, slot.commit, from, block)
  // A quorum's commits are a certificate, whether this member has prepared the block or not.
  if (weight > 0 && isQuorum(electorate, weight)) core.finality.decide(block, from)
}
