import type { Stream } from '@counterpoise/engine'
import { TopologyError } from '../errors.ts'
import type { NodeId } from '../places.ts'
import { connectLinks } from './connect.ts'
import { createFreeSlots } from './freeSlots.ts'
import { checkCount, createLinkList, type Graph, graphOf, type Links } from './links.ts'
import { shuffle } from './pairing.ts'
import { regularTopology } from './regular.ts'

/** Degrees of a topic's mesh in Ethereum (consensus-specs, phase0/p2p-interface.md). */
export const ethereumMesh = { degree: 8, low: 6, high: 12 } as const

export type MeshTopologyOptions = {
  size: number
  stream: Stream
  /** Links that a node grafts up to, D; 8 by default. */
  degree?: number | undefined
  /** Links below which a node grafts new ones, D_low; 6 by default. */
  low?: number | undefined
  /** Links above which no node goes, D_high; 12 by default. */
  high?: number | undefined
}

/**
 * The mesh of a gossip topic as heartbeats leave it: in random order, a node with fewer than `low`
 * links grafts random others until it has `degree`, and one that has `high` accepts no more.
 * Every degree lies from `low` to `high`, or is that of everybody with everybody where there are
 * fewer others; connected.
 *
 * @throws TopologyError where the bounds contradict each other or leave nodes apart.
 */
export function meshTopology(options: MeshTopologyOptions): Graph {
  const { size, stream } = options
  checkCount('size', size, 1)
  const { degree, low, high } = boundsOf(options)
  if (low === high) return regularTopology({ size, degree, stream })
  const mesh = createMesh(size, high)
  const free = createFreeSlots(new Int32Array(size).fill(high))
  const link = (one: NodeId, other: NodeId): void => {
    mesh.link(one, other)
    free.take(one)
    free.take(other)
  }
  const order = Int32Array.from({ length: size }, (_, node) => node)
  shuffle(order, stream)
  for (const node of order) {
    if (mesh.count(node) >= low) continue
    while (mesh.count(node) < degree) {
      const other = free.draw(stream, (each) => each !== node && !mesh.areLinked(node, each))
      if (other === undefined) break
      link(node, other)
    }
    while (mesh.count(node) < low) {
      insert(mesh, node, stream)
      free.take(node)
      free.take(node)
    }
  }
  const links = mesh.toLinks()
  connectLinks(size, links)
  return graphOf(size, links)
}

type Bounds = { degree: number; low: number; high: number }

function boundsOf({ size, ...options }: MeshTopologyOptions): Bounds {
  const { degree = ethereumMesh.degree } = options
  const { low = Math.min(degree, ethereumMesh.low) } = options
  const { high = Math.max(degree, ethereumMesh.high) } = options
  checkCount('low', low, 1)
  const areWhole = Number.isSafeInteger(degree) && Number.isSafeInteger(high)
  if (!areWhole || low > degree || degree > high) {
    throw new TopologyError('A mesh expects whole degrees with low ≤ degree ≤ high.', {
      metaMessages: [`Found: low ${low}, degree ${degree}, high ${high}`],
    })
  }
  if (size > 2 && low < 2) {
    throw new TopologyError('Nodes content with one link may stay apart from the rest.', {
      metaMessages: [`Found: low ${low}. Raise it to at least 2.`],
    })
  }
  const most = size - 1
  return { degree: Math.min(degree, most), low: Math.min(low, most), high: Math.min(high, most) }
}

/** Rows of at most `width` neighbours. */
type Mesh = {
  count: (node: NodeId) => number
  areLinked: (one: NodeId, other: NodeId) => boolean
  neighbour: (node: NodeId, index: number) => NodeId
  link: (one: NodeId, other: NodeId) => void
  unlink: (one: NodeId, other: NodeId) => void
  size: number
  toLinks: () => Links
}

function createMesh(size: number, width: number): Mesh {
  const rows = new Int32Array(size * width)
  const counts = new Int32Array(size)
  const slotOf = (node: NodeId, other: NodeId): number => {
    for (let slot = node * width; slot < node * width + counts[node]!; slot++) {
      if (rows[slot] === other) return slot
    }
    return -1
  }
  const append = (node: NodeId, other: NodeId): void => {
    rows[node * width + counts[node]!] = other
    counts[node] = counts[node]! + 1
  }
  const remove = (node: NodeId, other: NodeId): void => {
    const slot = slotOf(node, other)
    counts[node] = counts[node]! - 1
    rows[slot] = rows[node * width + counts[node]!]!
  }
  return {
    size,
    count: (node) => counts[node]!,
    areLinked: (one, other) => slotOf(one, other) >= 0,
    neighbour: (node, index) => rows[node * width + index]!,
    link: (one, other) => {
      append(one, other)
      append(other, one)
    },
    unlink: (one, other) => {
      remove(one, other)
      remove(other, one)
    },
    toLinks: () => {
      const links = createLinkList(size * width)
      for (let node = 0; node < size; node++) {
        for (let slot = node * width; slot < node * width + counts[node]!; slot++) {
          if (node < rows[slot]!) links.add(node, rows[slot]!)
        }
      }
      return links.toLinks()
    },
  }
}

/**
 * Gives a node two links where all others are full: it steps into a link between two of them that
 * it does not know, so that their degrees stay.
 */
function insert(mesh: Mesh, node: NodeId, stream: Stream): void {
  const isFree = (other: NodeId): boolean => other !== node && !mesh.areLinked(node, other)
  const start = stream.below(mesh.size)
  for (let step = 0; step < mesh.size; step++) {
    const one = (start + step) % mesh.size
    if (!isFree(one)) continue
    for (let index = 0; index < mesh.count(one); index++) {
      const other = mesh.neighbour(one, index)
      if (!isFree(other)) continue
      mesh.unlink(one, other)
      mesh.link(one, node)
      mesh.link(node, other)
      return
    }
  }
  throw new TopologyError(`Node ${node} finds nobody for its mesh.`, {
    metaMessages: ['Every other node is full: raise high above low, or lower low.'],
  })
}
