import { clearVoteSet, createVoteSet, none, type VoteSet } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'

/** All that a replica knows and has done in one view. */
export type ViewState = {
  view: number
  notarise: VoteSet
  nullify: VoteSet
  finalise: VoteSet
  /** The block of the notarisation that the replica holds and has certified, or `none`. */
  notarised: BlockId
  /** The block of a notarisation that it holds but has not executed yet, or `none`. */
  uncertified: BlockId
  /** Whether it holds a nullification. */
  nullified: boolean
  /** The block of the finalisation that it holds, or `none`. */
  finalised: BlockId
  /** The block of its own notarise vote, or `none`. */
  ownNotarise: BlockId
  ownNullify: boolean
  ownFinalise: boolean
}

/**
 * The views that a replica tracks: a ring of states that are made when first needed and used again
 * when their view is forgotten. It widens where finality lags behind the views.
 */
export type ViewWindow = {
  /** The lowest view that is tracked. */
  base: number
  /** Votes for views above this one are not taken in. */
  limit: number
  slots: (ViewState | undefined)[]
  /** Length of the ring − 1; the length is a power of two. */
  mask: number
  spare: ViewState[]
  members: number
  /** All views of this stretch are nullified and none is notarised; empty where it ends below. */
  skipped: { from: number; to: number }
}

export function createViewWindow(members: number, viewsToTrack: number, base = 1): ViewWindow {
  let length = 16
  while (length < viewsToTrack * 2) length *= 2
  return {
    base,
    limit: base - 1 + viewsToTrack,
    slots: emptySlots(length),
    mask: length - 1,
    spare: [],
    members,
    skipped: { from: base, to: base - 1 },
  }
}

/** The state that takes in a vote, or `undefined` where the view is too old or too far ahead. */
export function viewForVote(window: ViewWindow, view: number): ViewState | undefined {
  return view > window.limit ? undefined : openView(window, view)
}

/** The state of a view of at least the base, made where it was not known. */
export function openView(window: ViewWindow, view: number): ViewState | undefined {
  if (view < window.base) return undefined
  if (view - window.base > window.mask) widen(window, view)
  const known = window.slots[view & window.mask]
  if (known !== undefined) return known
  const state = window.spare.pop() ?? createViewState(window.members)
  state.view = view
  window.slots[view & window.mask] = state
  return state
}

/** The state of a view, or `undefined` where nothing is known of it. */
export function knownView(window: ViewWindow, view: number): ViewState | undefined {
  if (view < window.base || view - window.base > window.mask) return undefined
  return window.slots[view & window.mask]
}

/** Notes the block of a notarisation that is held and certified. */
export function noteNotarised({ skipped }: ViewWindow, state: ViewState, block: BlockId): void {
  const { view } = state
  state.notarised = block
  // A view may have both certificates; what is above it stays skipped.
  if (view >= skipped.from && view <= skipped.to) skipped.from = view + 1
}

/** Forgets all views below the new base. */
export function forgetBelow(window: ViewWindow, base: number): void {
  const end = Math.min(base, window.base + window.mask + 1)
  for (let view = window.base; view < end; view++) {
    const state = window.slots[view & window.mask]
    if (state === undefined) continue
    window.slots[view & window.mask] = undefined
    clearViewState(state)
    window.spare.push(state)
  }
  if (base > window.base) window.base = base
}

function widen(window: ViewWindow, view: number): void {
  let length = window.slots.length
  while (view - window.base >= length) length *= 2
  const slots = emptySlots(length)
  for (const state of window.slots) {
    if (state !== undefined) slots[state.view & (length - 1)] = state
  }
  window.slots = slots
  window.mask = length - 1
}

function emptySlots(length: number): (ViewState | undefined)[] {
  return Array.from({ length }, () => undefined)
}

function createViewState(members: number): ViewState {
  return {
    view: 0,
    notarise: createVoteSet(members),
    nullify: createVoteSet(members),
    finalise: createVoteSet(members),
    notarised: none,
    uncertified: none,
    nullified: false,
    finalised: none,
    ownNotarise: none,
    ownNullify: false,
    ownFinalise: false,
  }
}

function clearViewState(state: ViewState): void {
  clearVoteSet(state.notarise)
  clearVoteSet(state.nullify)
  clearVoteSet(state.finalise)
  state.notarised = none
  state.uncertified = none
  state.nullified = false
  state.finalised = none
  state.ownNotarise = none
  state.ownNullify = false
  state.ownFinalise = false
}
