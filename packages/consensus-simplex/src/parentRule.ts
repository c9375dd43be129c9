import { none } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { Core } from './core.ts'
import { baseView, lastHeight } from './epochs.ts'
import { lastUnskipped } from './skippedViews.ts'
import { isNullified } from './terms.ts'
import { knownView, type ViewState } from './viewWindow.ts'

/**
 * The parent for a block of a view: that of the highest view below with a notarisation or a
 * finalisation, where nullifications are held for all views between.
 *
 * @returns the parent, or `none` where a certificate is missing.
 */
export function findParent(core: Core, view: number): BlockId {
  const below = lastUnskipped(core, view, core.finalisedView)
  if (below === core.finalisedView) return core.finalisedBlock
  return knownView(core.window, below)?.notarised ?? none
}

/**
 * `missing`: certificates that others may hold. `refused`: no certificate can justify it.
 * `uncertified`: this replica has not executed the parent, or refuses it.
 */
export type ParentVerdict = 'justified' | 'missing' | 'refused' | 'uncertified'

/** Whether certificates justify a proposal of a view on this parent. */
export function judgeParent(core: Core, view: number, parent: BlockId): ParentVerdict {
  const parentView = viewOfParent(core, parent)
  // A block that skips a finalised one: no nullification of that view exists.
  if (parentView >= view || parentView < core.finalisedView) return 'refused'
  if (parentView === core.finalisedView) {
    if (parent !== core.finalisedBlock) return 'refused'
  } else {
    const state = knownView(core.window, parentView)
    if (state === undefined) return 'missing'
    if (state.notarised === none) return state.uncertified === parent ? 'uncertified' : 'missing'
    if (state.notarised !== parent && state.finalised !== parent) return 'refused'
  }
  let between = lastUnskipped(core, view, parentView)
  while (between > parentView && isNullified(core, between)) {
    between = lastUnskipped(core, between, parentView)
  }
  return between === parentView ? 'justified' : 'missing'
}

/** Whether the time of a block is later than this member's clock allows. */
export const isOfFuture = ({ context, settings }: Core, block: BlockId): boolean =>
  context.blocks.time(block) > context.now() + settings.futureTolerance

/**
 * Whether a leader may propose a block in a view: a new one on a justified parent, or the last one
 * of its epoch again, as long as that is not final.
 *
 * Source: tempoxyz/tempo d656ef5, crates/consensus/src/consensus/application/actor.rs.
 */
export function judgeProposal(core: Core, view: number, block: BlockId): ParentVerdict {
  const { blocks } = core.context
  if (blocks.round(block) < view) return judgeAgain(core, view, block)
  const parent = blocks.parent(block)
  const isNew =
    blocks.round(block) === view &&
    blocks.proposer(block) === core.leader &&
    !isOfFuture(core, block)
  return isNew && !isEndOfEpoch(core, parent) ? judgeParent(core, view, parent) : 'refused'
}

/**
 * Whether a leader's block of a view ahead of this replica's own follows the one that it has voted
 * for in the view before, in the same term.
 */
export function followsOwnVote(core: Core, state: ViewState, block: BlockId): boolean {
  const { blocks } = core.context
  const { view } = state
  if (blocks.round(block) !== view || blocks.proposer(block) !== core.leader) return false
  const parent = blocks.parent(block)
  return (
    !isEndOfEpoch(core, parent) &&
    !isNullified(core, view) &&
    knownView(core.window, view - 1)?.ownNotarise === parent
  )
}

/** Whether a block is the last one of the epoch in which the replica is. */
export function isEndOfEpoch({ context, epoch, settings }: Core, block: BlockId): boolean {
  return context.blocks.height(block) === lastHeight(settings.epochBlocks, epoch)
}

function judgeAgain(core: Core, view: number, block: BlockId): ParentVerdict {
  if (!isEndOfEpoch(core, block)) return 'refused'
  const parent = findParent(core, view)
  if (parent === none) return 'missing'
  return parent === block ? 'justified' : 'refused'
}

/** The view of a block that is a parent: for the block on which an epoch stands, view 0 of it. */
function viewOfParent({ context, epoch, finalisedBlock, finalisedView }: Core, parent: BlockId) {
  const base = baseView(epoch)
  const stand = finalisedView === base && parent === finalisedBlock
  return stand ? base : context.blocks.round(parent)
}
