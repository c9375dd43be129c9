import {
  addVote,
  framingBytes,
  hasVoted,
  isMajorQuorum,
  isMinorQuorum,
  none,
  voteOf,
} from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import {
  type Core,
  findParent,
  judgeParent,
  leaderOf,
  relay,
  say,
  timers,
  type View,
  viewOf,
} from './core.ts'
import { messageTypes, voteBytes } from './messages.ts'

/** Enters a view; a certificate of the view before is held. */
export function enterView(core: Core, view: number): void {
  const { context, settings } = core
  core.view = view
  core.isProposalDue = false
  for (const timer of [timers.propose, timers.view]) context.clearTimer(timer)
  context.setTimer(timers.retry, settings.retry)
  if (!core.votes) return
  context.setTimer(timers.view, settings.viewTimeout)
  if (leaderOf(core, view) === context.self) {
    context.setTimer(timers.propose, settings.pacing)
    const parent = findParent(core, view)
    if (parent !== none) core.finality.bring(parent, none)
  }
  tryVote(core)
}

/** As the leader: proposes on the highest notarised block, once it is executed. */
export function tryPropose(core: Core): void {
  const { context, finality, settings, view } = core
  const state = viewOf(core, view)
  if (!core.isProposalDue || leaderOf(core, view) !== context.self) return
  if (state.ownNotarise !== none || state.ownNullify) return
  const parent = findParent(core, view)
  if (parent === none) {
    askForViews(core, leaderOf(core, view - 1))
    return
  }
  if (!finality.bring(parent, none)) return
  const block = context.build(parent, { round: view, bytes: settings.headerBytes })
  if (block < 0) return
  core.isProposalDue = false
  finality.chain.adopt(block)
  context.report.proposed(block)
  state.proposal = block
  const bytes = context.blocks.bytes(block) + framingBytes
  say(core, { type: messageTypes.proposal, view, block }, bytes)
  castNotarise(core, state, block)
}

/** Votes for the leader's proposal: the one vote that it has in this view. */
export function tryVote(core: Core): void {
  const { context, finality, view } = core
  const { blocks } = context
  const state = viewOf(core, view)
  const { proposal } = state
  if (!core.votes || proposal === none || state.ownNotarise !== none || state.ownNullify) return
  const leader = leaderOf(core, view)
  const parent = blocks.parent(proposal)
  const isWellFormed = blocks.round(proposal) === view && blocks.proposer(proposal) === leader
  const verdict = isWellFormed ? judgeParent(core, view, parent) : 'refused'
  if (verdict === 'refused') giveUp(core)
  else if (verdict === 'missing') askForViews(core, leader)
  else if (finality.bring(parent, leader)) {
    const { chain } = finality
    if (!chain.isHeld(proposal)) finality.bring(proposal, leader)
    else if (chain.isReady(proposal) || chain.validate(proposal)) {
      castNotarise(core, state, proposal)
    } else giveUp(core)
  }
}

function castNotarise(core: Core, state: View, block: BlockId): void {
  const { notarise } = messageTypes
  state.ownNotarise = block
  if (state.view === core.view) core.context.clearTimer(timers.view)
  say(core, { type: notarise, view: state.view, block }, voteBytes(notarise))
  countNotarise(core, core.context.self, state, block)
}

/** Gives the current view up, again if need be. Only who has not voted may do so of itself. */
export function giveUp(core: Core): void {
  const state = viewOf(core, core.view)
  if (state.ownNotarise === none || state.ownNullify) castNullify(core, state)
}

function castNullify(core: Core, state: View): void {
  const { context } = core
  if (!core.votes) return
  const { nullify } = messageTypes
  state.ownNullify = true
  say(core, { type: nullify, view: state.view, block: none }, voteBytes(nullify))
  countNullify(core, context.self, state)
}

/** Counts a vote for a block, this replica's own included. */
export function countNotarise(core: Core, from: NodeId, state: View, block: BlockId): void {
  const { electorate } = core.finality
  const weight = addVote(state.notarise, from, block, electorate.weights[from]!)
  if (weight < 0) core.context.report.equivocated(from)
  if (weight <= 0) return
  if (isMinorQuorum(electorate, weight)) holdNotarisation(core, state, block, from)
  if (isMajorQuorum(electorate, weight)) holdFinalisation(core, state, block, from)
  considerContradiction(core, state)
}

export function countNullify(core: Core, from: NodeId, state: View): void {
  const { electorate } = core.finality
  const weight = addVote(state.nullify, from, 0, electorate.weights[from]!)
  if (weight <= 0) return
  if (isMinorQuorum(electorate, weight)) holdNullification(core, state)
  considerContradiction(core, state)
}

/**
 * Who has voted for a block gives the view up once so many have not that the block can never be
 * final: more than two fifths, of whom less than one fifth lie.
 */
function considerContradiction(core: Core, state: View): void {
  const { ownNotarise, ownNullify, notarise, nullify } = state
  if (ownNotarise === none || ownNullify || state.view !== core.view) return
  const { electorate } = core.finality
  const isClear = notarise.rivals === undefined && nullify.weight === 0
  if (isClear) return
  let against = 0
  for (const voter of electorate.voters) {
    const vote = voteOf(notarise, voter)
    const isAgainst = (vote !== none && vote !== ownNotarise) || hasVoted(nullify, voter)
    if (isAgainst) against += electorate.weights[voter]!
  }
  if (isMinorQuorum(electorate, against)) castNullify(core, state)
}

/** Enough have voted for a block to build on it; who has not voted joins them. */
export function holdNotarisation(core: Core, state: View, block: BlockId, from: NodeId): void {
  if (state.notarised.includes(block)) return
  state.notarised.push(block)
  const { view } = state
  relay(core, messageTypes.notarisation, view, block)
  core.finality.notarise(block, from)
  const isOpen = state.ownNotarise === none && !state.ownNullify && core.votes
  if (isOpen && core.finality.chain.isReady(block)) castNotarise(core, state, block)
  advance(core, view + 1)
}

export function holdNullification(core: Core, state: View): void {
  if (state.nullified) return
  state.nullified = true
  relay(core, messageTypes.nullification, state.view, none)
  advance(core, state.view + 1)
}

export function holdFinalisation(core: Core, state: View, block: BlockId, from: NodeId): void {
  if (state.finalised !== none) return
  state.finalised = block
  const { view } = state
  if (!state.notarised.includes(block)) state.notarised.push(block)
  relay(core, messageTypes.finalisation, view, block)
  if (view > core.finalView) {
    core.finalView = view
    core.finality.decide(block, from)
    // Who is behind is told of the final block: nobody asks for what is below it.
    for (const old of core.views.keys()) if (old < view) core.views.delete(old)
  }
  advance(core, view + 1)
}

function advance(core: Core, view: number): void {
  if (view > core.view) enterView(core, view)
  else resume(core)
}

/** Takes up what has waited for a certificate or a block. */
export function resume(core: Core): void {
  tryPropose(core)
  tryVote(core)
}

/** Asks a peer for the certificates since the final view, unless they are under way. */
export function askForViews(core: Core, peer: NodeId): void {
  const from = core.finalView
  if (core.requestedFrom === core.view || peer === core.context.self) return
  core.requestedFrom = core.view
  core.context.send(peer, { type: messageTypes.request, from }, framingBytes + 8)
}
