import type { Committee, ReplicaContext } from '@counterpoise/consensus'
import type { NodeId } from '@counterpoise/network'
import type { SimplexMessage } from './messages.ts'

/**
 * Who votes, and what a quorum is. It holds for one epoch: a change of members would replace it.
 */
export type Electorate = {
  /** By member; 0 for those who follow without a vote. */
  weights: Float64Array
  voters: readonly NodeId[]
  totalWeight: number
  /** Whether all members vote, so that a vote can go out as a broadcast. */
  everybodyVotes: boolean
}

export function createElectorate(committee: Committee): Electorate {
  const { weights, voters, totalWeight, size } = committee
  return {
    weights: Float64Array.from(weights),
    voters,
    totalWeight,
    everybodyVotes: voters.length === size,
  }
}

/**
 * Whether a weight is a quorum: more than two thirds of the total.
 *
 * For n members of weight 1 that is n − f with f = floor((n − 1) / 3), and for whole weights
 * W − floor((W − 1) / 3). Any two quorums share more than a third of the weight, so an honest
 * member as long as the faulty ones weigh less than that.
 */
export function isQuorum(electorate: Electorate, weight: number): boolean {
  return weight * 3 > electorate.totalWeight * 2
}

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
