import { none } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { Core } from './core.ts'
import { viewWithin } from './epochs.ts'
import { type Certificate, certificateBytes, messageTypes } from './messages.ts'
import { termStart } from './terms.ts'
import { knownView } from './viewWindow.ts'

/** Sends a certificate to all, those who follow included. */
export function relay(core: Core, type: Certificate['type'], view: number, block: BlockId): void {
  if (core.votes) core.context.broadcast({ type, view, block }, certificateBytes(type))
}

/** Says again what others need to enter the view in which this replica is. */
export function relayEntry(core: Core): void {
  const { finalisation, notarisation, nullification } = messageTypes
  const { nullifiedFrom, settings, view, window } = core
  const end = core.ends.at(-1)
  if (viewWithin(view) === 1) {
    if (end !== undefined) relay(core, finalisation, end.view, end.block)
    return
  }
  const state = knownView(window, view - 1)
  if (state !== undefined && state.finalised !== none) {
    relay(core, finalisation, state.view, state.finalised)
  } else if (state?.nullified === true) relay(core, nullification, state.view, none)
  else if (state !== undefined && state.notarised !== none) {
    relay(core, notarisation, state.view, state.notarised)
  } else {
    // The term before was given up in one of its earlier views.
    const from = nullifiedFrom.get(termStart(view - 1, settings.termViews))
    if (from !== undefined) relay(core, nullification, from, none)
  }
}
