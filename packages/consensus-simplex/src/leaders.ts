import type { ReplicaContext } from '@counterpoise/consensus'
import type { NodeId } from '@counterpoise/network'
import { epochOfView, viewWithin } from './epochs.ts'

/**
 * The leader of a view. From view 2 on the certificate of the view before reveals it, so only who
 * holds one may ask; view 1 of an epoch takes its turn by the epoch's number.
 *
 * Source: commonwarexyz/monorepo dc41a89, consensus/src/simplex/elector.rs.
 *
 * @param voters the committee of the view's epoch.
 */
export function leaderOf(
  context: ReplicaContext<any>,
  voters: readonly NodeId[],
  view: number,
): NodeId {
  const draw = viewWithin(view) === 1 ? epochOfView(view) + 1 : context.beacon(view)
  return voters[draw % voters.length]!
}
