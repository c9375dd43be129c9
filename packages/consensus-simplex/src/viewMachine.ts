import { addVote, isQuorum, none } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import { type Core, timers, toVoters } from './core.ts'
import { leaderOf } from './leaders.ts'
import { requestBlock, requestCertificates, requestNews } from './fetching.ts'
import { type Certificate, certificateBytes, messageTypes, voteBytes } from './messages.ts'
import { judgeProposal } from './parentRule.ts'
import { isCeremonyDataValid } from './ceremony.ts'
import { viewWithin } from './epochs.ts'
import { buildBlock, failed, pushBlock, startBuilding } from './proposing.ts'
import { awaitBlock, awaitFinality } from './settling.ts'
import { forgetBelow, knownView, openView, type ViewState } from './viewWindow.ts'

/** Enters a view; a certificate of the view before is held. */
export function enterView(core: Core, view: number): void {
  const { context, settings, window } = core
  if (view - core.view > settings.skipViews) core.followedSince = view
  core.view = view
  core.current = openView(window, view)!
  core.leader = leaderOf(context, core.electorate.voters, view)
  core.isBuildDue = false
  window.limit = view + settings.viewsToTrack
  if (!core.votes) {
    context.setTimer(timers.retry, settings.nullifyRetry)
    return
  }
  context.clearTimer(timers.retry)
  context.clearTimer(timers.build)
  if (core.leader === context.self) startBuilding(core)
  else if (core.current.nullify.blocks[core.leader] !== none || isLeaderSilent(core)) {
    timeOut(core)
    return
  }
  if (core.current.notarise.blocks[core.leader] !== none) context.clearTimer(timers.leader)
  else context.setTimer(timers.leader, settings.leaderTimeout)
  context.setTimer(timers.certification, settings.certificationTimeout)
  tryVote(core)
}

/** No vote of the leader in the last views, and those views were followed. */
function isLeaderSilent({ followedSince, heard, leader, settings, view }: Core): boolean {
  return view - followedSince >= settings.skipViews && view - heard[leader]! > settings.skipViews
}

/** Gives the current view up: nullifies it, again if need be, and waits for a quorum to agree. */
export function timeOut(core: Core): void {
  const { context, current: state } = core
  if (!core.votes || state.ownFinalise) return
  const isFirst = !state.ownNullify
  state.ownNullify = true
  context.clearTimer(timers.leader)
  context.clearTimer(timers.certification)
  context.clearTimer(timers.build)
  context.setTimer(timers.retry, core.settings.nullifyRetry)
  const { nullify } = messageTypes
  toVoters(core, { type: nullify, view: state.view, block: none }, voteBytes(nullify))
  if (!isFirst) return
  core.heard[context.self] = state.view
  const weight = addVote(state.nullify, context.self, 0, core.electorate.weights[context.self]!)
  if (isQuorum(core.electorate, weight)) holdNullification(core, state, true)
}

/** The view has lasted too long: says again what others need to leave it or to enter it. */
export function retryView(core: Core): void {
  if (!core.votes) core.context.setTimer(timers.retry, core.settings.nullifyRetry)
  else {
    timeOut(core)
    const state = knownView(core.window, core.view - 1)
    const end = core.ends.at(-1)
    if (state !== undefined) relayBestCertificate(core, state)
    else if (end !== undefined && viewWithin(core.view) === 1) {
      relay(core, messageTypes.finalisation, end.view, end.block)
    }
  }
  requestNews(core)
}

function relayBestCertificate(core: Core, state: ViewState): void {
  const { finalisation, notarisation, nullification } = messageTypes
  if (state.finalised !== none) relay(core, finalisation, state.view, state.finalised)
  else if (state.nullified) relay(core, nullification, state.view, none)
  else if (state.notarised !== none) relay(core, notarisation, state.view, state.notarised)
}

/** Sends a certificate to all, those who follow included. */
function relay(core: Core, type: Certificate['type'], view: number, block: BlockId): void {
  if (core.votes) core.context.broadcast({ type, view, block }, certificateBytes(type))
}

/** Holds a notarisation from now on; one that is `news` is passed on. */
export function holdNotarisation(
  core: Core,
  state: ViewState,
  block: BlockId,
  isNews: boolean,
): void {
  if (state.notarised !== none) return
  state.notarised = block
  const { view } = state
  if (isNews) relay(core, messageTypes.notarisation, view, block)
  // Certification would stand here; as with Tempo's default, every notarised block is certified.
  castFinalise(core, state)
  awaitBlock(core, view, block)
  advance(core, view + 1)
}

/** Holds a nullification from now on. */
export function holdNullification(core: Core, state: ViewState, isNews: boolean): void {
  if (state.nullified) return
  state.nullified = true
  if (isNews) relay(core, messageTypes.nullification, state.view, none)
  advance(core, state.view + 1)
}

/** Holds a finalisation from now on, however far the views have moved on. */
export function holdFinalisation(
  core: Core,
  state: ViewState,
  block: BlockId,
  isNews: boolean,
): void {
  if (state.finalised !== none) return
  state.finalised = block
  const { view } = state
  if (isNews) relay(core, messageTypes.finalisation, view, block)
  if (state.notarised === none) {
    state.notarised = block
    awaitBlock(core, view, block)
  }
  if (view > core.finalisedView) {
    core.finalisedView = view
    core.finalisedBlock = block
    forgetBelow(core.window, view - core.settings.viewsToTrack)
    awaitFinality(core)
  }
  advance(core, view + 1)
}

function advance(core: Core, view: number): void {
  if (view > core.view) enterView(core, view)
  else unblock(core)
}

/** Takes up what has waited for a certificate or a block. */
export function unblock(core: Core): void {
  if (core.isBuildDue) tryPropose(core)
  else tryVote(core)
}

/** Votes for the leader's proposal, if it is there, justified, valid, and the vote still open. */
export function tryVote(core: Core): void {
  const { chain, context, current: state, leader, view } = core
  const block = state.notarise.blocks[leader]!
  if (block < 0 || state.ownNotarise !== none || state.ownNullify || !core.votes) return
  if (!chain.isHeld(block)) return
  const verdict = judgeProposal(core, view, block)
  if (verdict === 'refused') {
    timeOut(core)
    return
  }
  if (verdict === 'missing') {
    requestCertificates(core, core.finalisedView, view, leader)
    return
  }
  const isAgain = context.blocks.round(block) < view
  const missing = chain.bring(isAgain ? block : context.blocks.parent(block))
  if (missing !== none) requestBlock(core, missing)
  else if (!isAgain && !isCeremonyDataValid(core, block)) timeOut(core)
  else if (chain.isReady(block) || chain.validate(block)) {
    castNotarise(core, state, block)
    countNotarise(core, state, context.self, block)
  } else timeOut(core)
}

/** As the leader: builds on the parent and proposes, as soon as time and certificates allow. */
export function tryPropose(core: Core): void {
  const { context, current: state } = core
  if (core.leader !== context.self || state.ownNotarise !== none || state.ownNullify) return
  const block = buildBlock(core)
  if (block === failed) timeOut(core)
  if (block < 0) return
  core.isBuildDue = false
  context.clearTimer(timers.leader)
  // The last block of an epoch, proposed again: the others have it, or fetch it.
  if (context.blocks.round(block) === core.view) pushBlock(core, block)
  castNotarise(core, state, block)
  countNotarise(core, state, context.self, block)
}

function castNotarise(core: Core, state: ViewState, block: BlockId): void {
  const { notarise } = messageTypes
  state.ownNotarise = block
  core.heard[core.context.self] = state.view
  toVoters(core, { type: notarise, view: state.view, block }, voteBytes(notarise))
}

/** Counts a notarise vote, this replica's own included. */
export function countNotarise(core: Core, state: ViewState, from: number, block: BlockId): void {
  const weight = addVote(state.notarise, from, block, core.electorate.weights[from]!)
  if (weight < 0) core.context.report.equivocated(from)
  if (weight <= 0) return
  if (from === core.leader && state === core.current && core.votes) {
    core.context.clearTimer(timers.leader)
    tryVote(core)
  }
  if (isQuorum(core.electorate, weight)) holdNotarisation(core, state, block, true)
}

/** Votes to finalise what is notarised, unless it has voted to nullify the view. */
function castFinalise(core: Core, state: ViewState): void {
  const { context, electorate } = core
  const { notarised: block, view } = state
  if (!core.votes || state.ownNullify || state.ownFinalise || view <= core.finalisedView) return
  // Its own vote was for another block: the leader contradicted itself.
  if (state.ownNotarise !== none && state.ownNotarise !== block) return
  const { finalise } = messageTypes
  state.ownFinalise = true
  core.heard[context.self] = view
  toVoters(core, { type: finalise, view, block }, voteBytes(finalise))
  const weight = addVote(state.finalise, context.self, block, electorate.weights[context.self]!)
  if (isQuorum(electorate, weight)) holdFinalisation(core, state, block, true)
}
