import type { ConsensusModel } from '@counterpoise/consensus'
import { longestRow } from '@counterpoise/consensus/parts'
import type { Time } from '@counterpoise/engine'
import type { PlannedFault } from '@counterpoise/faults'
import type { Rail, Site } from '@counterpoise/rails'
import { liarsOf } from './behavioursOf.ts'
import { activeAt, edgesOf, hitsOn } from './faultHits.ts'
import { committeesOf, isWithinShare, votesLost } from './faultyVotes.ts'
import type { ChainConfig, RailConfig } from './schema/rails.ts'

/** When a rail may be expected to go on. */
export type Premise = {
  /**
   * Since when the premise has held without a break, at a time of the run; undefined where it does
   * not hold then.
   */
  heldSince: (now: Time) => Time | undefined
}

export type PremiseOptions = {
  rail: Rail
  config: RailConfig
  faults: readonly PlannedFault[]
  models: readonly ConsensusModel[]
}

/**
 * The premise of liveness: at any time, the outages together leave an access node up, hit at most a
 * third of the nodes, and take down validators of no more weight than the model promises to
 * survive, where those that depart from the protocol count as taken down, so that leaders in turn
 * still come to decisions; and nothing is wrong with the links. A chain of proof of work promises
 * nothing as to time once hash rate is missing, and one whose nodes come and go nothing at all.
 */
export function livenessPremise(options: PremiseOptions): Premise {
  const { rail, config, faults } = options
  if (config.kind === 'chain' && config.network.churn !== undefined) {
    return { heldSince: () => undefined }
  }
  const tolerates = toleranceOf(options)
  const hits = hitsOn(rail, faults)
  // Who lies fails all the time.
  const liars = config.kind === 'chain' ? liarsOf(rail.name, config) : []
  const lies = { at: 0, until: Number.POSITIVE_INFINITY, ofLinks: false, sites: liars }
  const hitting = [lies, ...hits].filter(({ sites }) => sites.length > 0)
  const edges = edgesOf(hitting)
  /** Whether it holds from each edge to the next one; before the first, nothing is down. */
  const holds = edges.map((edge) => {
    const active = activeAt(hitting, edge)
    if (active.some(({ ofLinks }) => ofLinks)) return false
    return tolerates(new Set(active.flatMap((hit) => hit.sites)))
  })
  return {
    heldSince: (now) => {
      let last = edges.length - 1
      while (last >= 0 && edges[last]! > now) last--
      if (last >= 0 && !holds[last]) return undefined
      while (last >= 0 && holds[last]) last--
      return last < 0 ? 0 : edges[last + 1]!
    },
  }
}

/** Says whether a rail promises to go on while the sites of the given places are down. */
function toleranceOf(options: PremiseOptions): (down: ReadonlySet<number>) => boolean {
  const { rail, config, models } = options
  if (config.kind === 'card') return () => true
  const model = models.find(({ name }) => name === config.consensus.kind)!
  // Which of the registered committees decides hangs on ceremonies: all have to go on.
  const committees = committeesOf(config)
  const isAccess = ({ role }: Site): boolean => role === 'access'
  const isWithin = (weights: readonly number[], down: ReadonlySet<number>): boolean => {
    const { lost, survivable } = votesLost(model, config, weights, down)
    const promised = model.finality === 'probabilistic' ? 0 : survivable
    return isWithinShare(lost, promised) && turnsSuffice(model, config, weights, down)
  }
  return (down) => {
    const reachable = rail.sites.some((site, k) => isAccess(site) && !down.has(k))
    const areWithin = committees.every((weights) => isWithin(weights, down))
    return reachable && areWithin && down.size * 3 <= rail.sites.length
  }
}

/** Whether enough leaders in a row are up at some point of their rotation. */
function turnsSuffice(
  model: ConsensusModel,
  { consensus }: ChainConfig,
  weights: readonly number[],
  down: ReadonlySet<number>,
): boolean {
  const turns = model.leadersInTurn?.(consensus.parameters)
  if (turns === undefined || turns.onlyAtFirst) return true
  const leaders = weights.flatMap((weight, member) => (weight > 0 ? [member] : []))
  return longestRow(leaders.map((member) => !down.has(member))) * turns.each >= turns.needed
}
