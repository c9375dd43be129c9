import {
  type Behaviour,
  censoringLeader,
  type ConsensusModel,
  doubleVoter,
  equivocatingLeader,
  replayer,
  selectiveSender,
  silent,
  skewedClock,
  slow,
  twin,
  voteWithholder,
} from '@counterpoise/consensus'
import { ms, type Simulation } from '@counterpoise/engine'
import { matchSites, type SelectableSite, type Selector } from '@counterpoise/faults'
import type { NodeId } from '@counterpoise/network'
import { followersOf, validatorsOf } from './planned.ts'
import { coordinatesOf } from './network/regions.ts'
import type { BehaviourConfig } from './schema/behaviours.ts'
import type { ChainConfig } from './schema/rails.ts'

/** The nodes of a chain as selectors see them, and how many of the first ones are validators. */
export function membersOf(
  rail: string,
  config: ChainConfig,
): { sites: SelectableSite[]; validators: number } {
  const { access, relays } = followersOf(config)
  const validators = validatorsOf(config)
  const sites = [validators, access, relays].flatMap((places, part) =>
    places.map((place): SelectableSite => {
      const { name, attributes } = place
      const role = (['validator', 'access', 'relay'] as const)[part]!
      return { name, role, rail, attributes, coordinates: coordinatesOf(place) }
    }),
  )
  return { sites, validators: validators.length }
}

/** The validators that depart from the protocol, ascending. */
export function liarsOf(rail: string, config: ChainConfig): NodeId[] {
  const { behaviours = [] } = config
  if (behaviours.length === 0) return []
  const { sites, validators } = membersOf(rail, config)
  const all = behaviours.flatMap(({ where }) => hitsOf(where, sites.slice(0, validators)))
  return [...new Set(all)].sort((one, other) => one - other)
}

const hitsOf = (where: Selector, sites: readonly SelectableSite[]): readonly NodeId[] => {
  const match = matchSites(where, sites)
  return match.ok ? match.hits : []
}

export type BehavioursContext = {
  simulation: Pick<Simulation, 'detachedStream'>
  name: string
  model: ConsensusModel
  /** How many accounts there are. */
  accounts: number
}

/** How validators of a chain behave, by their numbers; `undefined` where all are honest. */
export function behavioursOf(
  config: ChainConfig,
  context: BehavioursContext,
): ReadonlyMap<NodeId, Behaviour> | undefined {
  const { behaviours = [] } = config
  if (behaviours.length === 0) return undefined
  const { sites, validators } = membersOf(context.name, config)
  return new Map(
    behaviours.flatMap((entry) => {
      const behaviour = behaviourOf(entry, sites, context)
      const hits = hitsOf(entry.where, sites.slice(0, validators))
      return hits.map((node) => [node, behaviour] as const)
    }),
  )
}

/** One behaviour for all that an entry hits: those that share a twin conspire. */
function behaviourOf(
  entry: BehaviourConfig,
  sites: readonly SelectableSite[],
  { simulation, name, model, accounts }: BehavioursContext,
): Behaviour {
  const isOwnWord = model.isOwnWord ?? (() => false)
  switch (entry.what) {
    case 'silent':
      return silent()
    case 'slow':
      return slow(ms(entry.delayMs))
    case 'equivocatingLeader':
      return equivocatingLeader(isOwnWord)
    case 'doubleVoting':
      return doubleVoter(isOwnWord)
    case 'voteWithholding':
      return voteWithholder(isOwnWord)
    case 'selectiveSending':
      return selectiveSender(hitsOf(entry.to, sites))
    case 'twin':
      return twin(hitsOf(entry.side, sites))
    case 'replay':
      return replayer(entry.age)
    case 'clock':
      return skewedClock(ms(entry.offsetMs))
    case 'censoringLeader': {
      const censored = Array.from({ length: accounts }, (_, account) => account).filter((account) =>
        simulation.detachedStream(`${name}/censored`, account).chance(entry.accounts),
      )
      return censoringLeader(new Set(censored))
    }
  }
}
