import type { ReplicaContext } from '@counterpoise/consensus'
import type { NodeId } from '@counterpoise/network'
import type { SimplexMessage } from './messages.ts'

/** The only epoch so far; the next one would begin again at view 1 with a new electorate. */
export const firstEpoch = 0

/**
 * The leader of a view. From view 2 on the certificate of the view before reveals it, so only who
 * holds one may ask; view 1 of an epoch takes its turn by the epoch's number.
 *
 * Source: commonwarexyz/monorepo dc41a89, consensus/src/simplex/elector.rs. Every view elects anew;
 * terms of a stable leader would map several views to one election here.
 */
export function leaderOf(
  context: ReplicaContext<SimplexMessage>,
  epoch: number,
  view: number,
): NodeId {
  const { voters } = context.committee
  const draw = view === 1 ? epoch + 1 : context.beacon(view)
  return voters[draw % voters.length]!
}
