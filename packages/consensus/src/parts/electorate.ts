import type { Committee } from '../contract.ts'
import type { NodeId } from '@counterpoise/network'

/** Who votes, and with which weight; for one epoch. */
export type Electorate = {
  /** By member; 0 for those who follow without a vote. */
  weights: Float64Array
  voters: readonly NodeId[]
  /** Those without a vote. */
  followers: readonly NodeId[]
  totalWeight: number
  /** Whether all members vote, so that a vote can go out as a broadcast. */
  everybodyVotes: boolean
}

export function createElectorate(committee: Committee): Electorate {
  const { weights, voters, totalWeight, size } = committee
  const followers: NodeId[] = []
  for (let member = 0; member < size; member++) if (!(weights[member]! > 0)) followers.push(member)
  return {
    weights: Float64Array.from(weights),
    voters,
    followers,
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

/** The least quorum among so many members of equal weight: the signatures of a certificate. */
export const quorumOf = (voters: number): number => Math.floor((voters * 2) / 3) + 1

/**
 * Whether a weight cannot be all faulty: at least a third of the total, f + 1 members of weight 1.
 */
export function hasHonest(electorate: Electorate, weight: number): boolean {
  return weight * 3 >= electorate.totalWeight
}

/**
 * Whether a weight moves a view on where less than a fifth is faulty: more than two fifths of the
 * total, 2f + 1 among 5f + 1 members of weight 1.
 */
export function isMinorQuorum(electorate: Electorate, weight: number): boolean {
  return weight * 5 > electorate.totalWeight * 2
}

/**
 * Whether a weight decides at once where less than a fifth is faulty: more than four fifths of the
 * total, n − f with f = floor((n − 1) / 5) members of weight 1.
 */
export function isMajorQuorum(electorate: Electorate, weight: number): boolean {
  return weight * 5 > electorate.totalWeight * 4
}
