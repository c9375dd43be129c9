import { none } from '@counterpoise/consensus/parts'
import type { Core } from './core.ts'
import { isNullified } from './terms.ts'
import { knownView } from './viewWindow.ts'

/**
 * The highest view below another one that is notarised or is not nullified, or the floor where all
 * views above that are skipped. What has been walked over once is not walked over again, however
 * many views go by in which nothing gets final.
 */
export function lastUnskipped(core: Core, view: number, floor: number): number {
  const { window } = core
  const { skipped } = window
  const top = view - 1
  let below = top
  while (below > floor) {
    if (below >= skipped.from && below <= skipped.to) below = skipped.from - 1
    else if (isNotarised(core, below) || !isNullified(core, below)) break
    else below--
  }
  if (top > skipped.to) {
    if (below < top) {
      skipped.from = below + 1
      skipped.to = top
    }
  } else if (top >= skipped.from) skipped.from = Math.min(skipped.from, below + 1)
  return Math.max(below, floor)
}

/** Whether a notarisation of the view is held whose block is certified. */
export const isNotarised = ({ window }: Core, view: number): boolean =>
  (knownView(window, view)?.notarised ?? none) !== none
