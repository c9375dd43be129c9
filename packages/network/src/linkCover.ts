import { LinkFaultError } from './errors.ts'
import type { NodeId } from './places.ts'

/** Which links: directed ones, or all between different sides of a partition. */
export type FaultyLinks =
  | {
      /** The senders; every node where left out. */
      from?: readonly NodeId[] | undefined
      /** The receivers; every node where left out. */
      to?: readonly NodeId[] | undefined
      /** Also what goes the other way. */
      bothWays?: boolean | undefined
      between?: undefined
    }
  | {
      /** Sides of a partition; nodes that are on none of them talk to everybody. */
      between: readonly (readonly NodeId[])[]
      from?: undefined
      to?: undefined
      bothWays?: undefined
    }

/** The directed links that a fault is on. */
export type LinkCover = {
  covers: (from: NodeId, to: NodeId) => boolean
  /** By node, 1 where some of the links may begin, and where some may end. */
  senders: Uint8Array
  receivers: Uint8Array
}

/** @throws LinkFaultError where a node is unknown. */
export function coverOf(links: FaultyLinks, size: number): LinkCover {
  if (links.between !== undefined) {
    const sides = new Int32Array(size).fill(-1)
    links.between.forEach((nodes, side) => {
      for (const node of nodes) sides[requireNode(node, size)] = side
    })
    const onSome = Uint8Array.from(sides, (side) => (side === -1 ? 0 : 1))
    return {
      covers: (from, to) => sides[from] !== sides[to] && sides[from] !== -1 && sides[to] !== -1,
      senders: onSome,
      receivers: onSome,
    }
  }
  const senders = markedOf(links.from, size)
  const receivers = markedOf(links.to, size)
  if (links.bothWays !== true) {
    return { covers: (from, to) => senders[from] === 1 && receivers[to] === 1, senders, receivers }
  }
  const either = senders.map((sends, node) => sends | receivers[node]!)
  return {
    covers: (from, to) =>
      (senders[from] === 1 && receivers[to] === 1) || (senders[to] === 1 && receivers[from] === 1),
    senders: either,
    receivers: either,
  }
}

/** The covers of several faults, for a quick answer about links that none of them is on. */
export type LinkCovers = {
  add: (cover: LinkCover) => void
  remove: (cover: LinkCover) => void
  /** Whether some fault is on a link. */
  covers: (from: NodeId, to: NodeId) => boolean
}

export function createLinkCovers(size: number): LinkCovers {
  let all: readonly LinkCover[] = []
  /** By node, of how many faults the links may begin there, and end there. */
  const beginning = new Uint32Array(size)
  const ending = new Uint32Array(size)
  const count = ({ senders, receivers }: LinkCover, step: number): void => {
    for (let node = 0; node < size; node++) {
      beginning[node] = beginning[node]! + step * senders[node]!
      ending[node] = ending[node]! + step * receivers[node]!
    }
  }
  return {
    add: (cover) => {
      all = [...all, cover]
      count(cover, 1)
    },
    remove: (cover) => {
      all = all.filter((other) => other !== cover)
      count(cover, -1)
    },
    covers: (from, to) => {
      if (beginning[from] === 0 || ending[to] === 0) return false
      for (const { covers } of all) if (covers(from, to)) return true
      return false
    },
  }
}

function markedOf(nodes: readonly NodeId[] | undefined, size: number): Uint8Array {
  if (nodes === undefined) return new Uint8Array(size).fill(1)
  const marked = new Uint8Array(size)
  for (const node of nodes) marked[requireNode(node, size)] = 1
  return marked
}

function requireNode(node: NodeId, size: number): NodeId {
  if (Number.isInteger(node) && node >= 0 && node < size) return node
  throw new LinkFaultError(`nodes from 0 to ${size - 1}`, node)
}
