import { TopologyError } from '../errors.ts'
import type { NodeId } from '../places.ts'
import type { Links } from './links.ts'

/** Which nodes hang together. */
export type Components = {
  count: number
  /** One node that stands for the component of a node. */
  find: (node: NodeId) => NodeId
  /** Joins two components; false where they were one. */
  union: (one: NodeId, other: NodeId) => boolean
}

/** Nodes that hang together with nobody yet. */
export function createComponents(size: number): Components {
  const parents = Int32Array.from({ length: size }, (_, node) => node)
  const components: Components = {
    count: size,
    find: (node) => {
      let root = node
      while (parents[root] !== root) {
        parents[root] = parents[parents[root]!]!
        root = parents[root]!
      }
      return root
    },
    union: (one, other) => {
      const [a, b] = [components.find(one), components.find(other)]
      if (a === b) return false
      // The smaller number stands for both, so that node 0 always stands for its own.
      parents[a < b ? b : a] = a < b ? a : b
      components.count--
      return true
    },
  }
  return components
}

/**
 * Connects a graph without changing how many links a node has: while there are several components,
 * a link of a cycle and a link of another component exchange their ends (`a → b`, `c → d` become
 * `a → d`, `c → b`). Where it starts from a node it still does, so outgoing and incoming numbers
 * stay as well. The links are changed in place; a graph that is connected stays as it is.
 *
 * @throws TopologyError where no graph with these degrees is connected.
 */
export function connectLinks(size: number, { from, to }: Links): void {
  const components = createComponents(size)
  /** Links that close a cycle: without one of them, its component still hangs together. */
  const spare: number[] = []
  /** A link of each component, preferably one that it can spare; by its root. */
  const member = new Map<NodeId, number>()
  for (let link = 0; link < from.length; link++) {
    if (!components.union(from[link]!, to[link]!)) spare.push(link)
  }
  if (components.count <= 1) return
  checkConnectable(size, from, to)
  for (let link = 0; link < from.length; link++) {
    const root = components.find(from[link]!)
    if (!member.has(root)) member.set(root, link)
  }
  for (const link of spare) member.set(components.find(from[link]!), link)

  // The components with cycles first: joining two of them leaves a spare link to go on with.
  const isSpare = new Set(spare)
  const rich = [...member.values()].filter((link) => isSpare.has(link))
  const poor = [...member.values()].filter((link) => !isSpare.has(link))
  const pool = spare.filter((link) => member.get(components.find(from[link]!)) !== link)
  const hub = rich[0]!
  pool.push(hub)
  for (const link of [...rich.slice(1), ...poor]) {
    // What the pool holds may lie in a component that is not joined yet: those come last.
    const at = pool.findLastIndex((candidate) => sameComponent(components, from, candidate, hub))
    const [own] = pool.splice(at, 1)
    const end = to[own!]!
    to[own!] = to[link]!
    to[link] = end
    components.union(from[own!]!, to[own!]!)
    components.union(from[link]!, to[link]!)
    // Both exchanged links join the two; where the other was spare too, one of them suffices.
    if (isSpare.has(link)) pool.push(link)
  }
}

const sameComponent = (
  { find }: Components,
  from: Int32Array,
  one: number,
  other: number,
): boolean => find(from[one]!) === find(from[other]!)

function checkConnectable(size: number, from: Int32Array, to: Int32Array): void {
  const hasLink = new Uint8Array(size)
  for (const node of from) hasLink[node] = 1
  for (const node of to) hasLink[node] = 1
  const alone = hasLink.indexOf(0)
  if (alone >= 0) {
    throw new TopologyError(`Node ${alone} has no link, so the topology cannot be connected.`, {
      metaMessages: ['Give every node a degree of at least 1.'],
    })
  }
  if (from.length >= size - 1) return
  throw new TopologyError(`${from.length} links cannot connect ${size} nodes.`, {
    metaMessages: [`Needed: at least ${size - 1} links, a mean degree of about 2.`],
  })
}
