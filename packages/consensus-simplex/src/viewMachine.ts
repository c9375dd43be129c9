import { addVote, isQuorum, none } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import { type Core, toVoters } from './core.ts'
import { leaderOf } from './leaders.ts'
import { requestBlock, requestCertificates, requestNews } from './fetching.ts'
import { type Certificate, certificateBytes, messageTypes, voteBytes } from './messages.ts'
import { bring } from './execution.ts'
import { judgeProposal } from './parentRule.ts'
import { isCeremonyDataValid } from './ceremony.ts'
import { viewWithin } from './epochs.ts'
import { buildBlock, failed, pushBlock, startBuilding } from './proposing.ts'
import { awaitBlock, awaitFinality } from './settling.ts'
import { forgetShards, hasOwnShard, voteWithShard } from './shards.ts'
import { forgetBelow, knownView, openView, type ViewState } from './viewWindow.ts'
import { timers } from './timers.ts'

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
  if (state.notarised !== none || state.uncertified !== none) return
  const { view } = state
  const isInline = core.settings.dissemination === 'inline' || !core.votes
  if (isNews) relay(core, messageTypes.notarisation, view, block)
  if (isInline) {
    state.notarised = block
    castFinalise(core, state)
  } else state.uncertified = block
  awaitBlock(core, view, block)
  if (isInline) advance(core, view + 1)
  else {
    core.uncertified.push(view)
    certifyExecuted(core)
  }
}

/**
 * Certifies notarised blocks whose execution is done, and gives the view up where it has failed.
 * Only then is the next view entered. With `inline` dissemination every notarised block is
 * certified at once, as with Tempo's default.
 */
export function certifyExecuted(core: Core): void {
  const { chain, execution, uncertified, window } = core
  // What is certified may lead to further certificates: each is looked at once.
  for (const view of uncertified.splice(0)) {
    const state = knownView(window, view)
    if (state === undefined || state.uncertified === none) continue
    const block = state.uncertified
    if (chain.isReady(block)) {
      state.uncertified = none
      state.notarised = block
      castFinalise(core, state)
      advance(core, view + 1)
    } else {
      uncertified.push(view)
      if (execution.refused.has(block) && state === core.current && !state.ownNullify) timeOut(core)
    }
  }
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
    if (state.uncertified === none) awaitBlock(core, view, block)
    state.uncertified = none
  }
  if (view > core.finalisedView) {
    core.finalisedView = view
    core.finalisedBlock = block
    forgetBelow(core.window, view - core.settings.viewsToTrack)
    forgetShards(core)
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
  const { dissemination } = core.settings
  const isHere = dissemination === 'coded' ? hasOwnShard(core, block) : chain.isHeld(block)
  if (!isHere) return
  const verdict = judgeProposal(core, view, block)
  if (verdict === 'refused') {
    timeOut(core)
    return
  }
  if (verdict === 'missing') {
    requestCertificates(core, core.finalisedView, view, leader)
    return
  }
  if (verdict === 'uncertified') return
  const isAgain = context.blocks.round(block) < view
  if (dissemination === 'coded') {
    castNotarise(core, state, block)
    return
  }
  const parent = isAgain ? block : context.blocks.parent(block)
  const isDeferred = dissemination === 'deferred'
  const missing = isDeferred ? chain.missing(parent) : chain.bring(parent)
  if (missing !== none) requestBlock(core, missing)
  else if (!isAgain && !isCeremonyDataValid(core, block)) timeOut(core)
  else if (isDeferred || chain.isReady(block) || chain.validate(block)) {
    castNotarise(core, state, block)
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
}

/** Votes, and begins to execute the block where that comes after the vote. */
function castNotarise(core: Core, state: ViewState, block: BlockId): void {
  const { chain, context, settings } = core
  const { notarise } = messageTypes
  const { view } = state
  state.ownNotarise = block
  core.heard[context.self] = view
  // The last block of an epoch, proposed again, is with the others.
  if (settings.dissemination === 'coded' && context.blocks.round(block) === view) {
    voteWithShard(core, view, block)
  } else toVoters(core, { type: notarise, view, block }, voteBytes(notarise))
  if (settings.dissemination !== 'inline' && chain.isHeld(block)) bring(core, block)
  countNotarise(core, state, context.self, block)
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
