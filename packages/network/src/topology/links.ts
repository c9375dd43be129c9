import { TopologyError } from '../errors.ts'
import type { NodeId } from '../places.ts'

/** Who is connected with whom; undirected, without loops. */
export type Topology = {
  size: number
  /** The neighbours of a node, in ascending order. */
  neighbours: (node: NodeId) => Int32Array
}

/**
 * A topology kept as compressed sparse rows: the neighbours of a node are the `targets` from
 * `offsets[node]` up to but without `offsets[node + 1]`.
 */
export type Graph = Topology & {
  offsets: Int32Array
  targets: Int32Array
}

/** Links as columns: link k joins `from[k]` with `to[k]`. */
export type Links = {
  from: Int32Array
  to: Int32Array
}

/** Links in the making. */
export type LinkList = {
  add: (from: NodeId, to: NodeId) => void
  count: () => number
  toLinks: () => Links
}

export function createLinkList(expected = 16): LinkList {
  let from = new Int32Array(Math.max(1, expected))
  let to = new Int32Array(from.length)
  let count = 0
  const grown = (column: Int32Array): Int32Array<ArrayBuffer> => {
    const next = new Int32Array(column.length * 2)
    next.set(column)
    return next
  }
  return {
    add: (one, other) => {
      if (count === from.length) {
        from = grown(from)
        to = grown(to)
      }
      from[count] = one
      to[count] = other
      count++
    },
    count: () => count,
    toLinks: () => ({ from: from.slice(0, count), to: to.slice(0, count) }),
  }
}

/** The links of both, in this order. */
export function joined(one: Links, other: Links): Links {
  const join = (first: Int32Array, second: Int32Array): Int32Array => {
    const both = new Int32Array(first.length + second.length)
    both.set(first)
    both.set(second, first.length)
    return both
  }
  return { from: join(one.from, other.from), to: join(one.to, other.to) }
}

/** Makes a graph of links; one that is there more than once or in both directions counts once. */
export function graphOf(size: number, { from, to }: Links): Graph {
  const count = from.length
  // Sorted by the neighbour first and then, keeping that order, by the node: rows that ascend.
  const byTarget = startsOf(size, [from, to])
  const sources = new Int32Array(2 * count)
  const ends = new Int32Array(2 * count)
  const place = (source: NodeId, target: NodeId): void => {
    const slot = byTarget[target]!
    byTarget[target] = slot + 1
    sources[slot] = source
    ends[slot] = target
  }
  for (let link = 0; link < count; link++) {
    place(from[link]!, to[link]!)
    place(to[link]!, from[link]!)
  }
  const starts = startsOf(size, [from, to])
  const next = starts.slice()
  const sorted = new Int32Array(2 * count)
  for (let slot = 0; slot < 2 * count; slot++) {
    const source = sources[slot]!
    sorted[next[source]!] = ends[slot]!
    next[source] = next[source]! + 1
  }
  return graphOfRows(size, ...withoutRepeats(size, starts, sorted))
}

/** Where each node's row begins, one entry more than nodes. */
function startsOf(size: number, columns: readonly Int32Array[]): Int32Array {
  const starts = new Int32Array(size + 1)
  for (const column of columns) {
    for (let index = 0; index < column.length; index++) {
      const node = column[index]!
      starts[node + 1] = starts[node + 1]! + 1
    }
  }
  for (let node = 0; node < size; node++) starts[node + 1] = starts[node + 1]! + starts[node]!
  return starts
}

function withoutRepeats(
  size: number,
  starts: Int32Array,
  sorted: Int32Array,
): [offsets: Int32Array, targets: Int32Array] {
  const offsets = new Int32Array(size + 1)
  let kept = 0
  for (let node = 0; node < size; node++) {
    let last = -1
    for (let slot = starts[node]!; slot < starts[node + 1]!; slot++) {
      if (sorted[slot] === last) continue
      last = sorted[slot]!
      sorted[kept++] = last
    }
    offsets[node + 1] = kept
  }
  return [offsets, kept === sorted.length ? sorted : sorted.slice(0, kept)]
}

/** Makes a graph of finished rows; the view of a row is made when it is first asked for. */
export function graphOfRows(size: number, offsets: Int32Array, targets: Int32Array): Graph {
  const rows: (Int32Array | undefined)[] = Array.from({ length: size })
  return {
    size,
    offsets,
    targets,
    neighbours: (node) =>
      (rows[node] ??= targets.subarray(offsets[node]!, offsets[node + 1]!)),
  }
}

/** The links of a topology, each once, from the smaller number to the larger. */
export function linksOf({ size, neighbours }: Topology): Links {
  const links = createLinkList(size * 4)
  for (let node = 0; node < size; node++) {
    for (const other of neighbours(node)) if (node < other) links.add(node, other)
  }
  return links.toLinks()
}

/**
 * Checks a whole number of at least some size.
 *
 * @throws TopologyError that names it.
 */
export function checkCount(name: string, value: number, least: number, advice?: string): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new TopologyError(`A topology expects a whole '${name}' of at least ${least}.`, {
    metaMessages: [`Found: ${value}`, ...(advice === undefined ? [] : [advice])],
  })
}
