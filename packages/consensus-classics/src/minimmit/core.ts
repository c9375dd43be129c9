import type { ReplicaContext } from '@counterpoise/consensus'
import {
  createVoteSet,
  type Finality,
  none,
  toVoters,
  type VoteSet,
} from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { certificateBytes, type Certificate, type MinimmitMessage } from './messages.ts'
import type { Settings } from './parameters.ts'

export const timers = { view: 0, propose: 1, retry: 2 } as const

/** All that a replica knows and has done in one view. */
export type View = {
  view: number
  /** The leader's block, or `none`. */
  proposal: BlockId
  notarise: VoteSet
  nullify: VoteSet
  /** The blocks that enough have voted for; two may be, where the leader lies. */
  notarised: BlockId[]
  nullified: boolean
  finalised: BlockId
  ownNotarise: BlockId
  ownNullify: boolean
}

/** A replica's whole state; all of it survives an outage. */
export type Core = {
  context: ReplicaContext<MinimmitMessage>
  settings: Settings
  finality: Finality
  votes: boolean
  /** The view that it is in; it holds a certificate of the view before. */
  view: number
  views: Map<number, View>
  /** The view of the final block. */
  finalView: number
  isProposalDue: boolean
  /** The certificates from this view on are under way; 0 where none are. */
  requestedFrom: number
}

/** Views this far ahead of one's own are not taken in, but for certificates. */
export const aheadMax = 256

export function viewOf(core: Core, view: number): View {
  const known = core.views.get(view)
  if (known !== undefined) return known
  const { size } = core.context.committee
  const state: View = {
    view,
    proposal: none,
    finalised: none,
    ownNotarise: none,
    notarise: createVoteSet(size),
    nullify: createVoteSet(size),
    notarised: [],
    nullified: false,
    ownNullify: false,
  }
  core.views.set(view, state)
  return state
}

/** Members lead in turn. */
export const leaderOf = (core: Core, view: number): NodeId => {
  const { voters } = core.context.committee
  return voters[(view - 1) % voters.length]!
}

/** Sends a certificate to all, those who follow included. */
export function relay(core: Core, type: Certificate['type'], view: number, block: BlockId): void {
  if (core.votes) core.context.broadcast({ type, view, block }, certificateBytes(type))
}

export function say(core: Core, message: MinimmitMessage, bytes: number): void {
  toVoters(core.context, core.finality.electorate, message, bytes)
}

/**
 * The parent for a block of a view: one that is notarised in the highest view below that has one,
 * where all views between are nullified; `none` where a certificate is missing.
 */
export function findParent(core: Core, view: number): BlockId {
  for (let below = view - 1; below > core.finalView; below--) {
    const state = core.views.get(below)
    if (state === undefined) return none
    if (state.notarised.length > 0) return state.notarised[0]!
    if (!state.nullified) return none
  }
  return core.finality.final()
}

/** Whether certificates justify a proposal of a view on this parent. */
export function judgeParent(
  core: Core,
  view: number,
  parent: BlockId,
): 'justified' | 'missing' | 'refused' {
  const parentView = core.context.blocks.round(parent)
  if (parentView >= view || parentView < core.finalView) return 'refused'
  if (parentView === core.finalView) {
    if (parent !== core.finality.final()) return 'refused'
  } else if (core.views.get(parentView)?.notarised.includes(parent) !== true) return 'missing'
  for (let skipped = parentView + 1; skipped < view; skipped++) {
    if (core.views.get(skipped)?.nullified !== true) return 'missing'
  }
  return 'justified'
}
