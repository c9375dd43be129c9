import type { NodeId } from '../places.ts'
import { createLinkList, type Links } from './links.ts'

/** Who has opened a link to whom: few per node, so that a look through a row is quick. */
export type Openings = {
  /** The links that a node has opened so far. */
  count: (node: NodeId) => number
  open: (node: NodeId, other: NodeId) => void
  /** Moves a link to another end. */
  redirect: (node: NodeId, index: number, other: NodeId) => void
  end: (node: NodeId, index: number) => NodeId
  /** Whether a link joins two nodes, whoever has opened it. */
  areLinked: (one: NodeId, other: NodeId) => boolean
  toLinks: () => Links
}

/** Rows for the links that nodes open, as many as each may. */
export function createOpenings(limits: Int32Array): Openings {
  const size = limits.length
  const starts = new Int32Array(size + 1)
  for (let node = 0; node < size; node++) starts[node + 1] = starts[node]! + limits[node]!
  const ends = new Int32Array(starts[size]!)
  const counts = new Int32Array(size)
  const hasOpened = (node: NodeId, other: NodeId): boolean => {
    const start = starts[node]!
    for (let slot = start; slot < start + counts[node]!; slot++) {
      if (ends[slot] === other) return true
    }
    return false
  }
  return {
    count: (node) => counts[node]!,
    open: (node, other) => {
      ends[starts[node]! + counts[node]!] = other
      counts[node] = counts[node]! + 1
    },
    redirect: (node, index, other) => {
      ends[starts[node]! + index] = other
    },
    end: (node, index) => ends[starts[node]! + index]!,
    areLinked: (one, other) => hasOpened(one, other) || hasOpened(other, one),
    toLinks: () => {
      const links = createLinkList(ends.length)
      for (let node = 0; node < size; node++) {
        const start = starts[node]!
        for (let slot = start; slot < start + counts[node]!; slot++) links.add(node, ends[slot]!)
      }
      return links.toLinks()
    },
  }
}
