import type { Stream } from '@counterpoise/engine'
import { TopologyError } from '../errors.ts'
import type { NodeId } from '../places.ts'
import { checkCount, createLinkList, type Graph, graphOf, type LinkList } from './links.ts'

export type RegionalTopologyOptions = {
  /** The region of every node. */
  regions: readonly string[]
  /** Nodes of each region that carry its traffic, the first ones by number; 2 by default. */
  hubs?: number | undefined
  /** Hubs of its region that any other node links to; 2 by default. */
  linksToHubs?: number | undefined
  /** Links that any other node opens to random others like it in its region; 0 by default. */
  linksToPeers?: number | undefined
  /** Links between the hubs of any two regions; 1 by default. */
  linksBetween?: number | undefined
  stream: Stream
}

/**
 * Regions with hubs: the hubs of a region all know each other, other nodes link to random hubs of
 * their region and perhaps to peers, and the hubs of any two regions are linked; connected. Where a
 * region has fewer nodes than asked for, it has what there are.
 *
 * @throws TopologyError where a number is impossible.
 */
export function regionalTopology(options: RegionalTopologyOptions): Graph {
  const { regions, stream, hubs = 2, linksToHubs = 2, linksToPeers = 0, linksBetween = 1 } = options
  checkCount('hubs', hubs, 1)
  checkCount('linksToHubs', linksToHubs, 1)
  checkCount('linksToPeers', linksToPeers, 0)
  checkCount('linksBetween', linksBetween, 1)
  if (linksBetween > hubs * hubs) {
    throw new TopologyError(`Two regions of ${hubs} hubs cannot have ${linksBetween} links.`, {
      metaMessages: [`Expected: at most ${hubs * hubs}, or more hubs.`],
    })
  }
  const members = new Map<string, NodeId[]>()
  regions.forEach((region, node) => {
    const nodes = members.get(region)
    if (nodes === undefined) members.set(region, [node])
    else nodes.push(node)
  })
  const links = createLinkList(regions.length * (linksToHubs + linksToPeers))
  const hubsOf = [...members.values()].map((nodes) => nodes.slice(0, hubs))
  ;[...members.values()].forEach((nodes, region) => {
    const own = hubsOf[region]!
    own.forEach((hub, index) => own.slice(0, index).forEach((other) => links.add(hub, other)))
    const others = nodes.slice(hubs)
    for (const node of others) {
      linkToSome(links, node, own, { count: Math.min(linksToHubs, own.length), stream })
      const peers = Math.min(linksToPeers, others.length - 1)
      linkToSome(links, node, others, { count: peers, stream })
    }
  })
  hubsOf.forEach((one, region) => {
    for (const other of hubsOf.slice(0, region)) linkBetween(links, one, other, linksBetween)
  })
  return graphOf(regions.length, links.toLinks())
}

/** Links a node to random distinct others. */
function linkToSome(
  links: LinkList,
  node: NodeId,
  others: readonly NodeId[],
  { count, stream }: { count: number; stream: Stream },
): void {
  const chosen = new Set<NodeId>()
  while (chosen.size < count) {
    const other = others[stream.below(others.length)]!
    if (other !== node) chosen.add(other)
  }
  for (const other of chosen) links.add(node, other)
}

/** Links two regions' hubs, each hub in turn, so that no hub carries more than its part. */
function linkBetween(
  links: LinkList,
  one: readonly NodeId[],
  other: readonly NodeId[],
  count: number,
): void {
  const pairs = one.length * other.length
  for (let k = 0; k < Math.min(count, pairs); k++) {
    // Shifts by one after each full turn, so that no pair comes twice.
    const index = k % one.length
    const shift = Math.floor(k / one.length)
    links.add(one[index]!, other[(index + shift) % other.length]!)
  }
}
