import type { Time } from '@counterpoise/engine'
import { liarsOf } from './behavioursOf.ts'
import { activeAt, edgesOf, hitsOn } from './faultHits.ts'
import { committeesOf, isWithinShare, votesLost, type VotesLost } from './faultyVotes.ts'
import type { PremiseOptions } from './premise.ts'

/** A span in which the same validators of a rail are down; with those that lie, they are lost. */
export type Downtime = VotesLost & {
  from: Time
  to: Time
  /** Those of the lost that are down. */
  down: number
  /** Whether more are lost than the protocol survives. */
  isTooMany: boolean
}

/**
 * When outages take down validators with votes, and how many at a time, in the committee where it
 * is worst. Of proof of work nothing is told: with less hash rate it is slower, as it promises.
 */
export function downtimesOf({ rail, config, faults, models }: PremiseOptions): Downtime[] {
  if (config.kind === 'card') return []
  const model = models.find(({ name }) => name === config.consensus.kind)!
  if (model.finality === 'probabilistic') return []
  const outages = hitsOn(rail, faults).filter(({ ofLinks, sites }) => !ofLinks && sites.length > 0)
  const liars = liarsOf(rail.name, config)
  const committees = committeesOf(config)
  const edges = edgesOf(outages)
  return edges.slice(1).flatMap((to, k): Downtime[] => {
    const from = edges[k]!
    const down = new Set(activeAt(outages, from).flatMap(({ sites }) => sites))
    const [worst] = committees
      .map((weights) => ({
        ...votesLost(model, config, weights, new Set([...down, ...liars])),
        down: weights.filter((weight, member) => weight > 0 && down.has(member)).length,
      }))
      .filter((found) => found.down > 0)
      .toSorted((one, other) => other.lost - other.survivable - one.lost + one.survivable)
    if (worst === undefined) return []
    return [{ ...worst, from, to, isTooMany: !isWithinShare(worst.lost, worst.survivable) }]
  })
}
