import type { LinkEffect, LinkFault, Network, NodeId } from '@counterpoise/network'
import { FaultPlanError } from './errors.ts'
import type { Delay, LinkFaultEntry, Loss, Partition, Throttle } from './plan.ts'
import type { SelectableSite } from './selector.ts'
import { selected } from './sitesHit.ts'

/** The links between sites. A network whose nodes are the sites, in their order, is one. */
export type FaultLinks = {
  /** Makes links faulty until the function that it returns is called. */
  addLinkFault: (fault: LinkFault) => () => void
}

/** A network and the sites that its nodes are, by their places in the list of all sites. */
export type SiteNetwork = {
  network: Pick<Network<unknown>, 'addLinkFault'>
  /** By node. */
  sites: readonly number[]
}

/** The links of several networks; sites of different networks have none between them. */
export function faultLinksOf(networks: readonly SiteNetwork[]): FaultLinks {
  return {
    addLinkFault: (fault) => {
      const ends = networks.map(({ network, sites }) =>
        network.addLinkFault(translated(fault, sites)),
      )
      return () => {
        for (const end of ends) end()
      }
    },
  }
}

/** The same fault, with the nodes of a network in the place of sites. */
function translated(fault: LinkFault, sites: readonly number[]): LinkFault {
  const nodesOf = (places: readonly number[]): NodeId[] => {
    const wanted = new Set(places)
    return sites.flatMap((site, node) => (wanted.has(site) ? [node] : []))
  }
  if (fault.between !== undefined) return { ...fault, between: fault.between.map(nodesOf) }
  return { ...fault, from: fault.from && nodesOf(fault.from), to: fault.to && nodesOf(fault.to) }
}

/** What an entry of a plan does to links, sites named by their places in the list. */
export function linkFaultOf(
  entry: LinkFaultEntry,
  fault: number,
  sites: readonly SelectableSite[],
): LinkFault {
  if (entry.what === 'partition') return partitionOf(entry, fault, sites)
  const from = selected(entry.where, fault, sites)
  const effect = effectOf(entry, fault)
  if (entry.to === undefined) return { ...effect, from, bothWays: true }
  return { ...effect, from, to: selected(entry.to, fault, sites) }
}

function effectOf(entry: Delay | Loss | Throttle, fault: number): LinkEffect {
  if (entry.what === 'delay') return { delay: entry.delay }
  if (entry.what === 'loss') {
    const { probability } = entry
    if (probability >= 0 && probability <= 1) return { loss: probability }
    throw new FaultPlanError(fault, 'its probability must be from 0 to 1.', [
      `probability: ${probability}`,
    ])
  }
  if (entry.share > 0 && entry.share <= 1) return { throttle: entry.share }
  throw new FaultPlanError(fault, 'its share must be above 0 and at most 1.', [
    `share: ${entry.share}`,
  ])
}

function partitionOf(
  { sides, mode = 'drop' }: Partition,
  fault: number,
  sites: readonly SelectableSite[],
): LinkFault {
  const between = sides.map((side) => [...selected(side, fault, sites)])
  const sideOf = new Map<number, number>()
  between.forEach((places, side) => {
    for (const place of places) {
      if (sideOf.has(place)) {
        throw new FaultPlanError(fault, `'${sites[place]!.name}' is on two of its sides.`)
      }
      sideOf.set(place, side)
    }
  })
  if (sides.length === 1) {
    between.push(sites.flatMap((_, place) => (sideOf.has(place) ? [] : [place])))
  }
  if (typeof mode === 'string') return { between, cut: mode }
  if (!(Number.isSafeInteger(mode.slow) && mode.slow >= 0)) {
    throw new FaultPlanError(fault, 'it must be slow by an integer number of µs, at least 0.', [
      `slow: ${mode.slow} µs`,
    ])
  }
  return { between, delay: { kind: 'constant', value: mode.slow / 1_000 } }
}
