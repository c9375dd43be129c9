import type { Stream } from '@counterpoise/engine'
import type { NodeId } from '../places.ts'

/** Who pushes to whom: symmetric links among the connected, of about one degree. */
export type Mesh = {
  /** How many mesh neighbours a node has, and which is the one at an index. */
  count: (node: NodeId) => number
  link: (node: NodeId, index: number) => NodeId
  /** A node's mesh neighbours; valid until the mesh changes. */
  of: (node: NodeId) => Int32Array
  has: (node: NodeId, other: NodeId) => boolean
  unlink: (node: NodeId, other: NodeId) => void
  /** Links a node with random others until it has the degree, as far as they have room. */
  fill: (node: NodeId) => void
}

export type MeshOptions = {
  size: number
  /** What a node aims for, and what it takes on at most when others ask. */
  degree: number
  degreeMax: number
  /** With whom a node is connected; undefined for everybody. */
  connected: ((node: NodeId) => Int32Array) | undefined
  isUp: (node: NodeId) => boolean
  stream: Stream
}

/** How many random others a node looks at where it is connected with everybody. */
const triesMax = 64

/** A node's links are counted in a byte. */
export const linksMax = 255

/** A mesh without links; each node takes `degreeMax` · 4 + 1 bytes. */
export function createMesh(options: MeshOptions): Mesh {
  const { size, degree, degreeMax, connected, isUp, stream } = options
  const links = new Int32Array(size * degreeMax)
  const counts = new Uint8Array(size)

  const of = (node: NodeId): Int32Array =>
    links.subarray(node * degreeMax, node * degreeMax + counts[node]!)
  const has = (node: NodeId, other: NodeId): boolean => {
    const end = node * degreeMax + counts[node]!
    for (let at = node * degreeMax; at < end; at++) if (links[at] === other) return true
    return false
  }
  const add = (node: NodeId, other: NodeId): void => {
    links[node * degreeMax + counts[node]!] = other
    counts[node] = counts[node]! + 1
  }
  const remove = (node: NodeId, other: NodeId): void => {
    const at = of(node).indexOf(other)
    if (at < 0) return
    counts[node] = counts[node]! - 1
    links[node * degreeMax + at] = links[node * degreeMax + counts[node]!]!
  }

  /** A random node that a node can link with and that has fewer links than `below`, or −1. */
  const pick = (node: NodeId, below: number): NodeId => {
    const suits = (other: NodeId): boolean =>
      other !== node && counts[other]! < below && isUp(other) && !has(node, other)
    if (connected !== undefined) {
      const choice = connected(node).filter(suits)
      return choice.length === 0 ? -1 : choice[stream.below(choice.length)]!
    }
    for (let tries = 0; tries < triesMax; tries++) {
      const other = stream.below(size)
      if (suits(other)) return other
    }
    return -1
  }

  return {
    count: (node) => counts[node]!,
    link: (node, index) => links[node * degreeMax + index]!,
    of,
    has,
    unlink: (node, other) => {
      remove(node, other)
      remove(other, node)
    },
    fill: (node) => {
      while (counts[node]! < degree) {
        // Who lacks links himself comes first: so nearly all end with the degree itself.
        let other = pick(node, degree)
        if (other === -1) other = pick(node, degreeMax)
        if (other === -1) return
        add(node, other)
        add(other, node)
      }
    },
  }
}
