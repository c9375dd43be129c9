import type { Time } from '@counterpoise/engine'
import { matchSites, type PlannedFault } from '@counterpoise/faults'
import type { Rail } from '@counterpoise/rails'
import { selectorsOf } from './faultPlan.ts'
import { coordinatesOf } from './network/regions.ts'

/** What a fault hits on one rail, by the numbers of its sites, and when. */
export type FaultHit = { at: Time; until: Time; ofLinks: boolean; sites: readonly number[] }

/** What each fault hits on a rail, which may be nothing. */
export function hitsOn(rail: Rail, faults: readonly PlannedFault[]): FaultHit[] {
  const sites = rail.sites.map((site) => ({
    ...site,
    rail: rail.name,
    coordinates: coordinatesOf(site),
  }))
  return faults.map((fault) => {
    const found = selectorsOf(fault).flatMap((where) => {
      const match = matchSites(where, sites)
      return match.ok ? match.hits : []
    })
    const ofLinks = fault.what !== 'outage'
    const { at, duration } = fault
    // A card rail has no links.
    const hit = ofLinks && rail.links === undefined ? [] : found
    return { at, until: at + duration, ofLinks, sites: hit }
  })
}

/** The times at which hits begin and end, each once, in order. */
export const edgesOf = (hits: readonly FaultHit[]): Time[] =>
  [...new Set(hits.flatMap(({ at, until }) => [at, until]))].sort((a, b) => a - b)

/** What is hit at a time. */
export const activeAt = (hits: readonly FaultHit[], time: Time): FaultHit[] =>
  hits.filter(({ at, until }) => at <= time && time < until)
