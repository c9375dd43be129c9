import type { ReplicaContext } from '@counterpoise/consensus'
import {
  addVote,
  createVoteSet,
  type Finality,
  none,
  toVoters,
  type VoteSet,
} from '@counterpoise/consensus/parts'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { NewView, PbftMessage, ViewChange } from './messages.ts'
import type { Settings } from './parameters.ts'

export const timers = { propose: 0, progress: 1, nudge: 2 } as const

/** What is known of one height in one view. */
export type Slot = {
  view: number
  height: number
  /** The primary's proposal, or `none`. */
  proposal: BlockId
  prepare: VoteSet
  commit: VoteSet
  /** The block of its own prepare vote (the primary's proposal is one), or `none`. */
  ownPrepare: BlockId
  ownCommit: BlockId
}

/** A replica's whole state; all of it survives an outage. */
export type Core = {
  context: ReplicaContext<PbftMessage>
  settings: Settings
  finality: Finality
  votes: boolean
  view: number
  /** The view that it has asked for; it takes part in none while that is above `view`. */
  wanted: number
  /** View changes since the last decision. */
  failures: number
  slots: Slot[]
  /** What each member has asked for last. */
  changes: (ViewChange | undefined)[]
  /** How the current view began, for those who missed it. */
  newView: NewView | undefined
  /** The block above the final one that it has prepared, or `none`. */
  prepared: BlockId
  preparedView: number
  /** As the primary: the time for the next proposal has come. */
  isProposalDue: boolean
}

/** The height that is being decided. */
export const heightOf = (core: Core): number =>
  core.context.blocks.height(core.finality.final()) + 1

export const primaryOf = (core: Core, view: number): NodeId => {
  const { voters } = core.context.committee
  return voters[view % voters.length]!
}

/** What is known of a height in a view, made where nothing was. */
export function slotOf(core: Core, view: number, height: number): Slot {
  const { slots } = core
  for (const slot of slots) if (slot.view === view && slot.height === height) return slot
  const { size } = core.context.committee
  const slot: Slot = {
    view,
    height,
    proposal: none,
    ownPrepare: none,
    ownCommit: none,
    prepare: createVoteSet(size),
    commit: createVoteSet(size),
  }
  slots.push(slot)
  return slot
}

/** Forgets what is below the height that is being decided, and old views of it. */
export function forgetSlots(core: Core): void {
  const height = heightOf(core)
  const isNeeded = (slot: Slot): boolean => slot.height >= height && slot.view >= core.view
  core.slots = core.slots.filter(isNeeded)
}

/** Counts a vote; `none` below where it proves a contradiction. */
export function count(core: Core, votes: VoteSet, from: NodeId, block: BlockId): number {
  const weight = addVote(votes, from, block, core.finality.electorate.weights[from]!)
  if (weight < 0) core.context.report.equivocated(from)
  return weight
}

export function send(core: Core, message: PbftMessage, bytes: number): void {
  toVoters(core.context, core.finality.electorate, message, bytes)
}

export const noBlock = { prepared: none, preparedView: none, final: genesis } as const
