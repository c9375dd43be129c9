import { none } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { Core } from './core.ts'
import { knownView } from './viewWindow.ts'

/**
 * The parent for a block of a view: that of the highest view below with a notarisation or a
 * finalisation, where nullifications are held for all views between.
 *
 * @returns the parent, or `none` where a certificate is missing.
 */
export function findParent(core: Core, view: number): BlockId {
  for (let below = view - 1; below > core.finalisedView; below--) {
    const state = knownView(core.window, below)
    if (state === undefined) return none
    if (state.notarised !== none) return state.notarised
    if (!state.nullified) return none
  }
  return core.finalisedBlock
}

/** `missing`: certificates that others may hold. `refused`: no certificate can justify it. */
export type ParentVerdict = 'justified' | 'missing' | 'refused'

/** Whether certificates justify a proposal of a view on this parent. */
export function judgeParent(core: Core, view: number, parent: BlockId): ParentVerdict {
  const parentView = core.context.blocks.round(parent)
  // A block that skips a finalised one: no nullification of that view exists.
  if (parentView >= view || parentView < core.finalisedView) return 'refused'
  if (parentView === core.finalisedView) {
    if (parent !== core.finalisedBlock) return 'refused'
  } else {
    const state = knownView(core.window, parentView)
    if (state === undefined || state.notarised === none) return 'missing'
    if (state.notarised !== parent && state.finalised !== parent) return 'refused'
  }
  for (let skipped = parentView + 1; skipped < view; skipped++) {
    if (knownView(core.window, skipped)?.nullified !== true) return 'missing'
  }
  return 'justified'
}
