import type { Simulation } from '@counterpoise/engine'
import {
  faultLinksOf,
  type FaultSite,
  type PlannedFault,
  scheduleFaults,
} from '@counterpoise/faults'
import { churnOf, scheduleChurn } from '@counterpoise/network'
import type { Rail, Site } from '@counterpoise/rails'
import { endOf, faultPlanOf, hitting } from './faultPlan.ts'
import { coordinatesOf } from './network/regions.ts'
import type { ScenarioData } from './schema/scenario.ts'

/** Schedules the faults that have something to hit in this world, and the churn of its chains. */
export function scheduleWhatBreaks(
  simulation: Simulation,
  data: ScenarioData,
  rails: readonly Rail[],
): PlannedFault[] {
  let next = 0
  const networks = rails.flatMap(({ links, sites }) => {
    const places = sites.map(() => next++)
    return links === undefined ? [] : [{ network: links, sites: places }]
  })
  const sites = rails.flatMap((rail) => rail.sites.map((site) => counted(site, rail.name)))
  const linked = networks.flatMap((network) => network.sites.map((place) => sites[place]!))
  const faults = faultPlanOf(data, simulation.detachedStream).flatMap(
    (fault) => hitting(fault, sites, linked) ?? [],
  )
  scheduleFaults(simulation, faults, sites, faultLinksOf(networks))
  for (const rail of rails) startChurn(simulation, data, rail.name, sites)
  return faults
}

/** A site that comes back with the last of what took it down, be it a fault or churn. */
function counted(site: Site, rail: string): FaultSite {
  let depth = 0
  return {
    ...site,
    rail,
    coordinates: coordinatesOf(site),
    takeDown: () => {
      depth++
      if (depth === 1) site.takeDown()
    },
    bringUp: () => {
      depth--
      if (depth === 0) site.bringUp()
    },
  }
}

function startChurn(
  simulation: Simulation,
  data: ScenarioData,
  rail: string,
  sites: readonly FaultSite[],
): void {
  const config = data.rails[rail]!
  if (config.kind !== 'chain' || config.network.churn === undefined) return
  const { of, ...lifetimes } = config.network.churn
  const own = sites.filter((site) => site.rail === rail)
  const roles: readonly string[] = of
  const nodes = own.flatMap((site, node) => (roles.includes(site.role) ? [node] : []))
  const absences = churnOf({
    ...lifetimes,
    nodes: nodes.length,
    until: endOf(data),
    stream: (index) => simulation.detachedStream(`${rail}/churn`, nodes[index]!),
  })
  scheduleChurn(simulation, `${rail}/churn`, absences, {
    takeDown: (index) => own[nodes[index]!]!.takeDown(),
    bringUp: (index) => own[nodes[index]!]!.bringUp(),
  })
}
