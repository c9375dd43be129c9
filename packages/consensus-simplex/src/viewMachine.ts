import { addVote, hasVoted, isQuorum, none, voteOf } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import { judgeBallot } from './ballot.ts'
import { type Core, toVoters } from './core.ts'
import { bring } from './execution.ts'
import { requestNews } from './fetching.ts'
import { isLeaderSilent, leaderOf } from './leaders.ts'
import { messageTypes, voteBytes } from './messages.ts'
import { buildBlock, failed, pushBlock, startBuilding, stopBuilding } from './proposing.ts'
import { relay, relayEntry } from './relaying.ts'
import { awaitBlock, awaitFinality } from './settling.ts'
import { forgetShards, voteWithShard } from './shards.ts'
import {
  forgetTerms,
  isGivenUp,
  isNullified,
  isSameTerm,
  noteGivenUp,
  noteNullification,
  standsOnCertified,
  termEnd,
} from './terms.ts'
import { timers } from './timers.ts'
import {
  forgetBelow,
  knownView,
  noteNotarised,
  openView,
  type ViewState,
} from './viewWindow.ts'

/** Enters a view; a certificate of the view before is held. */
export function enterView(core: Core, view: number): void {
  const { context, settings, window } = core
  if (view - core.view > settings.skipViews) core.followedSince = view
  const isSame = isSameTerm(core, core.view, view)
  core.view = view
  core.current = openView(window, view)!
  core.leader = leaderOf(context, core.electorate.voters, view, settings.termViews)
  if (!isSame || core.buildView < view) stopBuilding(core)
  window.limit = view + settings.viewsToTrack
  if (!core.votes) {
    context.setTimer(timers.retry, settings.nullifyRetry)
    return
  }
  context.clearTimer(timers.retry)
  if (isGivenUp(core, core.current)) {
    timeOut(core)
    return
  }
  if (core.leader === context.self) startBuilding(core)
  else if (hasVoted(core.current.nullify, core.leader) || isLeaderSilent(core)) {
    timeOut(core)
    return
  }
  if (hasVoted(core.current.notarise, core.leader)) context.clearTimer(timers.leader)
  else context.setTimer(timers.leader, settings.leaderTimeout)
  context.setTimer(timers.certification, settings.certificationTimeout)
  tryVote(core)
}

/** Gives the current view up: nullifies it, again if need be, and waits for a quorum to agree. */
export function timeOut(core: Core): void {
  const { context, current: state } = core
  if (!core.votes || state.ownFinalise) return
  const isFirst = !state.ownNullify
  state.ownNullify = true
  noteGivenUp(core, state.view)
  stopBuilding(core)
  context.clearTimer(timers.leader)
  context.clearTimer(timers.certification)
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
    relayEntry(core)
  }
  requestNews(core)
}

/** Holds a notarisation from now on; one that is `news` is passed on. */
export function holdNotarisation(
  core: Core,
  state: ViewState,
  block: BlockId,
  isNews: boolean,
): void {
  if (state.notarised !== none || state.uncertified !== none) return
  const { settings, votes } = core
  const { view } = state
  if (isNews) relay(core, messageTypes.notarisation, view, block)
  const isCertified = settings.dissemination === 'inline' && settings.optimisticViews === 0
  if (isCertified || !votes) {
    certify(core, state, block)
    return
  }
  state.uncertified = block
  core.uncertified.push(view)
  awaitBlock(core, view, block)
  certifyExecuted(core)
}

/** The notarised block of a view may be finalised and built on; the next view is entered. */
function certify(core: Core, state: ViewState, block: BlockId): void {
  const { view } = state
  const isAwaited = state.uncertified !== none
  state.uncertified = none
  noteNotarised(core.window, state, block)
  castFinalise(core, state)
  if (!isAwaited) awaitBlock(core, view, block)
  advance(core, view + 1)
}

/**
 * Certifies notarised blocks that stand on certified ones and, where the vote comes before the
 * execution, are executed. Where that has refused one, its view is given up.
 */
export function certifyExecuted(core: Core): void {
  const { chain, execution, settings, uncertified, window } = core
  if (uncertified.length === 0) return
  const isExecutedFirst = settings.dissemination === 'inline'
  for (const view of uncertified.sort((one, other) => one - other).slice()) {
    const state = knownView(window, view)
    const block = state?.uncertified ?? none
    if (state === undefined || block === none) continue
    if (!isExecutedFirst && execution.refused.has(block)) {
      if (state === core.current && !state.ownNullify) timeOut(core)
    } else if ((isExecutedFirst || chain.isReady(block)) && standsOnCertified(core, state)) {
      certify(core, state, block)
    }
  }
  core.uncertified = core.uncertified.filter(
    (view) => (knownView(core.window, view)?.uncertified ?? none) !== none,
  )
}

/** Holds a nullification from now on. */
export function holdNullification(core: Core, state: ViewState, isNews: boolean): void {
  if (isNullified(core, state.view)) return
  state.nullified = true
  noteNullification(core, state.view)
  if (isNews) relay(core, messageTypes.nullification, state.view, none)
  advance(core, termEnd(state.view, core.settings.termViews) + 1)
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
    noteNotarised(core.window, state, block)
    if (state.uncertified === none) awaitBlock(core, view, block)
    state.uncertified = none
  }
  if (view > core.finalisedView) {
    core.finalisedView = view
    core.finalisedBlock = block
    forgetBelow(core.window, view - core.settings.viewsToTrack)
    forgetShards(core)
    forgetTerms(core)
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

/** Votes for the leader's proposal in the current view, and ahead of it as far as it may. */
export function tryVote(core: Core): void {
  const { current, settings, view } = core
  tryVoteIn(core, current)
  const last = Math.min(view + settings.optimisticViews, termEnd(view, settings.termViews))
  for (let ahead = view + 1; ahead <= last && core.view === view; ahead++) {
    const state = knownView(core.window, ahead)
    if (state === undefined || isGivenUp(core, state)) return
    if (state.ownNotarise === none) tryVoteIn(core, state)
  }
}

function tryVoteIn(core: Core, state: ViewState): void {
  const ballot = judgeBallot(core, state)
  if (ballot === 'approve') castNotarise(core, state, voteOf(state.notarise, core.leader))
  else if (ballot === 'refuse' && state === core.current) timeOut(core)
}

/** As the leader: builds on the parent and proposes, as soon as time and certificates allow. */
export function tryPropose(core: Core): void {
  const { buildView, context } = core
  if (core.leader !== context.self || buildView < core.view) return
  const state = openView(core.window, buildView)!
  if (state.ownNotarise !== none || isGivenUp(core, state)) return
  const block = buildBlock(core)
  if (block === failed) {
    if (state === core.current) timeOut(core)
    return
  }
  if (block < 0) return
  if (state === core.current) context.clearTimer(timers.leader)
  // The last block of an epoch, proposed again: the others have it, or fetch it.
  if (context.blocks.round(block) === buildView) pushBlock(core, block)
  core.proposedView = buildView
  stopBuilding(core)
  castNotarise(core, state, block)
  if (core.leader === context.self && !isGivenUp(core, core.current)) startBuilding(core)
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
  if (from === core.leader && core.votes) {
    if (state === core.current) core.context.clearTimer(timers.leader)
    if (state.view >= core.view) tryVote(core)
  }
  if (isQuorum(core.electorate, weight)) holdNotarisation(core, state, block, true)
}

/** Votes to finalise what is notarised, unless it has voted to nullify the view. */
function castFinalise(core: Core, state: ViewState): void {
  const { context, electorate } = core
  const { notarised: block, view } = state
  if (!core.votes || state.ownFinalise || view <= core.finalisedView) return
  if (isGivenUp(core, state)) return
  // Its own vote was for another block: the leader contradicted itself.
  if (state.ownNotarise !== none && state.ownNotarise !== block) return
  const { finalise } = messageTypes
  state.ownFinalise = true
  core.heard[context.self] = view
  toVoters(core, { type: finalise, view, block }, voteBytes(finalise))
  const weight = addVote(state.finalise, context.self, block, electorate.weights[context.self]!)
  if (isQuorum(electorate, weight)) holdFinalisation(core, state, block, true)
}
