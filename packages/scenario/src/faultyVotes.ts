import type { ConsensusModel } from '@counterpoise/consensus'
import { liarsOf } from './behavioursOf.ts'
import { validatorsOf } from './planned.ts'
import type { ChainConfig } from './schema/rails.ts'
import { registrationsOf } from './validatorChanges.ts'

/** The votes of all committees that a scenario registers, the first one included, by validator. */
export function committeesOf(config: ChainConfig): (readonly number[])[] {
  const validators = validatorsOf(config)
  return [
    validators.map(({ weight }) => weight),
    ...registrationsOf(config, validators).map(({ weights }) => weights),
  ]
}

/** What part of a committee's votes some have, and what part the model promises to survive. */
export type VotesLost = {
  /** Those who have votes, those of them who are lost, and how many the model survives. */
  voters: number
  lostVoters: number
  limit: number
  /** Parts of all votes. */
  lost: number
  survivable: number
}

/** The votes of those who fail, by their numbers: validators come first among the sites. */
export function votesLost(
  model: ConsensusModel,
  { consensus }: ChainConfig,
  weights: readonly number[],
  failing: ReadonlySet<number>,
): VotesLost {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const voters = weights.filter((weight) => weight > 0).length
  const lost = weights.map((weight, k) => (failing.has(k) ? weight : 0))
  const limit = consensus.faultTolerance ?? model.faultLimit(voters)
  return {
    ...{ voters, limit, lostVoters: lost.filter((weight) => weight > 0).length },
    lost: lost.reduce((sum, weight) => sum + weight, 0) / total,
    survivable: limit / voters,
  }
}

/** Shares are fractions, and their sums are rounded. */
export const isWithinShare = (lost: number, survivable: number): boolean =>
  lost <= survivable * (1 + roundingMargin)

const roundingMargin = 1e-9

/** Validators of a rail that depart from the protocol all through a run. */
export type Liars = VotesLost & {
  /** Whether they are more than it survives, in some committee: then it promises nothing. */
  isTooMany: boolean
}

/** The liars of a rail in the committee where they have most; undefined where there are none. */
export function countLiars(
  name: string,
  config: ChainConfig,
  models: readonly ConsensusModel[],
): Liars | undefined {
  const liars = new Set(liarsOf(name, config))
  if (liars.size === 0) return undefined
  const model = models.find(({ name: kind }) => kind === config.consensus.kind)!
  const [worst] = committeesOf(config)
    .map((weights) => votesLost(model, config, weights, liars))
    .toSorted((one, other) => other.lost - other.survivable - one.lost + one.survivable)
  return { ...worst!, isTooMany: !isWithinShare(worst!.lost, worst!.survivable) }
}
