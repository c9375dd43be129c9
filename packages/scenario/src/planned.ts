import { ms, type Time } from '@counterpoise/engine'
import type { SelectableSite } from '@counterpoise/faults'
import type { Place } from '@counterpoise/network'
import type { Member } from '@counterpoise/consensus'
import { isMinerLevel } from './minerLevel.ts'
import { councilOf } from './council.ts'
import { placeOf } from './placeOf.ts'
import { coordinatesOf, sixRegionTables } from './network/regions.ts'
import type { ChainConfig, RailConfig } from './schema/rails.ts'
import type { ScenarioData } from './schema/scenario.ts'
import { candidatesOf } from './validatorChanges.ts'

/** Where a chain's validators stand when the scenario gives only their number. */
export const defaultRegions = [
  'us-east-1',
  'us-west-2',
  'eu-central-1',
  'ap-southeast-1',
  'ap-northeast-1',
] as const

/** How many nodes a chain has, without making them. */
export function nodeCounts(rail: ChainConfig): { validators: number; followers: number } {
  const { validators, access, relays } = rail
  const first =
    typeof validators === 'number'
      ? validators
      : validators.reduce((sum, { nodes }) => sum + nodes, 0)
  return {
    validators: first + candidatesOf(rail).length,
    followers: access.nodes.length + (isMinerLevel(rail) ? 0 : (relays?.nodes ?? 0)),
  }
}

/** Mean time between blocks: as said, or as the chain's target or slots have it, if longer. */
export function intervalOf({ access, consensus }: ChainConfig): Time {
  const { targetIntervalMs = 0, slotMs = 0 } = consensus.parameters as Intervals
  return Math.max(access.typicalInterval, ms(targetIntervalMs), ms(slotMs))
}

type Intervals = { targetIntervalMs?: number; slotMs?: number }

/** The nodes that make a chain's blocks, or will, after what its association has decided. */
export function validatorsOf(rail: ChainConfig): Member[] {
  return [...firstValidatorsOf(rail), ...candidatesOf(rail)]
}

/** Those of them who have a vote from the start. */
export function firstValidatorsOf(rail: ChainConfig): Member[] {
  const founders = foundersOf(rail)
  return rail.association === undefined ? founders : councilOf(founders, rail.association).members
}

/** The validators as they are listed; entries of several nodes share their weight evenly. */
export function foundersOf(rail: ChainConfig): Member[] {
  if (typeof rail.validators === 'number') {
    const { validators: count, regions } = rail
    const table = regions === undefined ? tableOf(rail) : []
    const cycle = regions ?? defaultRegions
    const regionOf = (k: number): string =>
      table.length > 0 ? regionAt(table, (k + 0.5) / count) : cycle[k % cycle.length]!
    return Array.from({ length: count }, (_, k) => ({
      name: `validator-${k + 1}`,
      weight: 1,
      attributes: { region: regionOf(k), operator: `operator-${k + 1}` },
    }))
  }
  return rail.validators.flatMap(({ nodes, weight, stake, ...place }, entry) =>
    Array.from({ length: nodes }, (_, k) => ({
      ...placeOf(nodes === 1 ? place : { ...place, name: `${place.name}-${k + 1}` }),
      weight: weight / nodes,
      ...(stake !== undefined && { data: { ...shareOf(stake, k, nodes), entry } }),
    })),
  )
}

/** The part of an entry's stake on one of its nodes: as many validators as go evenly. */
function shareOf(stake: { validators?: number | undefined }, node: number, nodes: number): object {
  const { validators } = stake
  if (validators === undefined) return stake
  const upTo = (k: number): number => Math.floor((validators * k) / nodes)
  return { ...stake, validators: upTo(node + 1) - upTo(node) }
}

/** The nodes by which payers reach a chain, and after them those that only pass blocks on. */
export function followersOf(rail: ChainConfig): { access: Member[]; relays: Member[] } {
  const access = rail.access.nodes.map((node) => ({ ...placeOf(node), weight: 0 }))
  const { nodes = 0 } = (isMinerLevel(rail) ? undefined : rail.relays) ?? {}
  const known = relayRegionsOf(rail)
  const anywhere = defaultRegions.map((region) => ({ region, weight: 1 }))
  const regions = known.length === 0 ? anywhere : known
  const relays = Array.from({ length: nodes }, (_, k) => ({
    name: `relay-${k + 1}`,
    weight: 0,
    attributes: { region: regionAt(regions, (k + 0.5) / nodes), operator: `relay-${k + 1}` },
  }))
  return { access, relays }
}

/** Where relays stand: as the scenario says, or as its table of six regions does. */
export function relayRegionsOf(rail: ChainConfig): RegionShare[] {
  return rail.relays?.regions ?? tableOf(rail)
}

/** The shares of Bitcoin's nodes in the table of six regions that a chain goes by, if it does. */
function tableOf({ network }: ChainConfig): RegionShare[] {
  if (network.latency.kind !== 'sixRegions') return []
  const { latency, nodeShares } = sixRegionTables[network.latency.year]
  return latency.regions.map((region, k) => ({ region, weight: nodeShares[k]! }))
}

type RegionShare = { region: string; weight: number }

/** The region in whose share of the whole a number between 0 and 1 falls. */
function regionAt(regions: readonly RegionShare[], share: number): string {
  let left = share * regions.reduce((sum, { weight }) => sum + weight, 0)
  for (const { region, weight } of regions) {
    left -= weight
    if (left < 0) return region
  }
  return regions.at(-1)!.region
}

/** What may break in a scenario, as its faults can name it. */
export function plannedSites(data: ScenarioData): SelectableSite[] {
  return Object.entries(data.rails).flatMap(([rail, config]) =>
    sitesOf(config).map((site) => ({ ...site, rail })),
  )
}

function sitesOf(config: RailConfig): SelectableSite[] {
  const as = (role: string, places: readonly Place[]): SelectableSite[] =>
    places.map((place) => {
      const { name, attributes } = place
      return { name, role, attributes, coordinates: coordinatesOf(place) }
    })
  if (config.kind === 'card') {
    return [
      ...as('network', config.dataCentres.map(placeOf)),
      ...as('acquirer', config.acquirers.map(placeOf)),
      ...as('issuer', config.issuers.map(placeOf)),
    ]
  }
  const { access, relays } = followersOf(config)
  return [
    ...as('validator', validatorsOf(config)),
    ...as('access', access),
    ...as('relay', relays),
  ]
}
