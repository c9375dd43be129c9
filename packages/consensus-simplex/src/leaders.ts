import type { ReplicaContext } from '@counterpoise/consensus'
import type { NodeId } from '@counterpoise/network'
import type { Core } from './core.ts'
import { epochOfView, viewWithin } from './epochs.ts'
import { termStart } from './terms.ts'

/**
 * The leader of a view: that of the first view of its term. From the second term on, a certificate
 * of the view before the term reveals it, so only who holds one may ask; the first term of an epoch
 * takes its turn by the epoch's number.
 *
 * Source: commonwarexyz/monorepo dc41a89, consensus/src/simplex/elector.rs.
 *
 * @param voters the committee of the view's epoch.
 */
export function leaderOf(
  context: ReplicaContext<any>,
  voters: readonly NodeId[],
  view: number,
  termViews: number,
): NodeId {
  const first = termStart(view, termViews)
  const draw = viewWithin(first) === 1 ? epochOfView(view) + 1 : context.beacon(first)
  return voters[draw % voters.length]!
}

/** No vote of the leader in the last views, and those views were followed. */
export function isLeaderSilent(core: Core): boolean {
  const { followedSince, heard, leader, settings, view } = core
  return view - followedSince >= settings.skipViews && view - heard[leader]! > settings.skipViews
}
