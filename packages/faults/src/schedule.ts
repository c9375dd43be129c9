import { type Simulation } from '@counterpoise/engine'
import { FaultPlanError } from './errors.ts'
import { type FaultLinks, linkFaultOf } from './links.ts'
import type { FaultPlan } from './plan.ts'
import type { SelectableSite } from './selector.ts'
import { sitesHit } from './sitesHit.ts'

/** Something that can break. It is told once when it goes down and once when it comes back. */
export type FaultSite = SelectableSite & {
  takeDown: () => void
  bringUp: () => void
}

/** What a fault of the plan hits. */
export type FaultHit = {
  /** Place of the fault in the plan, from 0. */
  fault: number
  /**
   * Places of the sites in the given list, ascending: those that are down, on a side, or at an end
   * of a link that is named.
   */
  sites: readonly number[]
}

/** A plan under way. */
export type FaultSchedule = {
  /** One entry per fault, in the order of the plan. */
  hits: readonly FaultHit[]
  /** Whether a site is down at this moment of the run; faults of links take none down. */
  isDown: (site: number) => boolean
}

/**
 * The phases of an instant at which faults happen: before any message of that instant, and what
 * begins before what ends, so that of two outages back to back the site sees one.
 */
export const faultPriorities = { begin: -20, end: -19 } as const

/**
 * Schedules a plan, once per run. A site that several faults hit goes down with the first and
 * comes back with the last of them; within one fault, sites go down and come back in the order of
 * the list.
 *
 * Faults of links begin and end on `links`, where sites are named by their places in the list; see
 * `faultLinksOf`. Those that overlap add up.
 *
 * @throws FaultPlanError where a fault hits nothing, its times or numbers are impossible, or it is
 * one of links and there are none; then nothing is scheduled.
 */
export function scheduleFaults(
  simulation: Simulation,
  plan: FaultPlan,
  sites: readonly FaultSite[],
  links?: FaultLinks | undefined,
): FaultSchedule {
  const hits = plan.map((_, fault) => ({ fault, sites: hitBy(plan, fault, sites, simulation) }))
  const linkFaults = plan.map((entry, fault) => {
    if (entry.what === 'outage') return undefined
    if (links !== undefined) return linkFaultOf(entry, fault, sites)
    throw new FaultPlanError(fault, `it is a ${entry.what} of links, and there are none here.`)
  })
  const ends: ((() => void) | undefined)[] = []
  const depth = new Int32Array(sites.length)

  const begin = simulation.define(
    'fault begins',
    (fault) => {
      const linkFault = linkFaults[fault]
      if (linkFault !== undefined) {
        ends[fault] = links!.addLinkFault(linkFault)
        return
      }
      for (const site of hits[fault]!.sites) {
        depth[site] = depth[site]! + 1
        if (depth[site] === 1) sites[site]!.takeDown()
      }
    },
    faultPriorities.begin,
  )
  const end = simulation.define(
    'fault ends',
    (fault) => {
      if (linkFaults[fault] !== undefined) {
        ends[fault]?.()
        return
      }
      for (const site of hits[fault]!.sites) {
        depth[site] = depth[site]! - 1
        if (depth[site] === 0) sites[site]!.bringUp()
      }
    },
    faultPriorities.end,
  )

  for (const [fault, { at, duration }] of plan.entries()) {
    simulation.at(at, begin, fault)
    simulation.at(at + duration, end, fault)
  }
  return { hits, isDown: (site) => depth[site]! > 0 }
}

function hitBy(
  plan: FaultPlan,
  fault: number,
  sites: readonly FaultSite[],
  simulation: Simulation,
): readonly number[] {
  const { at, duration } = plan[fault]!
  if (!Number.isSafeInteger(at) || at < simulation.now()) {
    throw new FaultPlanError(fault, 'it must begin at an integer number of µs, not in the past.', [
      `at:    ${at} µs`,
      `Clock: ${simulation.now()} µs`,
    ])
  }
  if (!(duration >= 0) || !Number.isSafeInteger(at + duration)) {
    throw new FaultPlanError(fault, 'it must last an integer number of µs, at least 0.', [
      `duration: ${duration} µs`,
    ])
  }
  return sitesHit(plan[fault]!, fault, sites)
}
