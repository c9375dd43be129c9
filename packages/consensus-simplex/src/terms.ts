import { none } from '@counterpoise/consensus/parts'
import type { Core } from './core.ts'
import { viewWithin } from './epochs.ts'
import { knownView, type ViewState } from './viewWindow.ts'

/** The first view of the term to which a view belongs; one leader leads all views of a term. */
export function termStart(view: number, termViews: number): number {
  return view - ((viewWithin(view) - 1) % termViews)
}

/** The last view of the term to which a view belongs. */
export function termEnd(view: number, termViews: number): number {
  return termStart(view, termViews) + termViews - 1
}

export function isSameTerm({ settings }: Core, one: number, other: number): boolean {
  return termStart(one, settings.termViews) === termStart(other, settings.termViews)
}

/** How many views ahead of its own the leader proposes and, in the second case, others vote. */
export function viewsAhead({ settings }: Core): number {
  return settings.termViews === 1 ? 0 : Math.max(1, settings.optimisticViews)
}

/** Whether a nullification of the view, or of one before it in its term, is held. */
export function isNullified({ nullifiedFrom, settings, window }: Core, view: number): boolean {
  if (knownView(window, view)?.nullified === true) return true
  if (settings.termViews === 1) return false
  return (nullifiedFrom.get(termStart(view, settings.termViews)) ?? Number.MAX_VALUE) <= view
}

/** Notes a nullification, which covers the rest of its term. */
export function noteNullification(core: Core, view: number): void {
  noteFrom(core, core.nullifiedFrom, view)
}

/** Whether this replica has nullified the view, or one before it in its term. */
export function isGivenUp({ givenUpFrom, settings }: Core, state: ViewState): boolean {
  if (state.ownNullify || settings.termViews === 1) return state.ownNullify
  const from = givenUpFrom.get(termStart(state.view, settings.termViews))
  return from !== undefined && from <= state.view
}

/** Notes that this replica has given a view up, and with it the rest of its term. */
export function noteGivenUp(core: Core, view: number): void {
  noteFrom(core, core.givenUpFrom, view)
}

/** Forgets terms that end below the views that are tracked. */
export function forgetTerms({ givenUpFrom, nullifiedFrom, settings, window }: Core): void {
  for (const terms of [givenUpFrom, nullifiedFrom]) {
    for (const start of terms.keys()) {
      if (start + settings.termViews <= window.base) terms.delete(start)
    }
  }
}

/**
 * Whether the block of a notarisation stands on what is certified. Where votes are cast ahead, a
 * block may be notarised whose parent is not yet, or never will be.
 */
export function standsOnCertified(core: Core, state: ViewState): boolean {
  const { finalisedView, settings, window } = core
  const { view } = state
  if (settings.optimisticViews === 0 || view === termStart(view, settings.termViews)) return true
  if (view - 1 <= finalisedView) return true
  const before = knownView(window, view - 1)
  return before !== undefined && before.notarised !== none
}

function noteFrom({ settings }: Core, terms: Map<number, number>, view: number): void {
  if (settings.termViews === 1) return
  const start = termStart(view, settings.termViews)
  terms.set(start, Math.min(view, terms.get(start) ?? view))
}
