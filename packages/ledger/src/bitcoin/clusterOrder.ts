import { createDepth } from './depth.ts'
import { compareDiagrams } from './diagram.ts'
import { compareFeerates, feeAt, weightPerVirtualByte } from './feerate.ts'
import { createIndexedHeap, walk } from './indexedHeap.ts'
import { type Chunk, linearise } from './linearise.ts'
import { type Members, places } from './members.ts'
import { type Conflicts, fullEnough, misfitsMax, type Order, type Rejection } from './order.ts'
import type { PackageLimits } from './policy.ts'
import { type TransactionId, widened } from './transactions.ts'

/** A connected part of the pool in the order in which it is mined. */
type Cluster = { ids: readonly TransactionId[]; chunks: readonly Chunk[]; weight: number }

/**
 * The rules of Bitcoin Core from v31. The pool falls into clusters, each put into the order of the
 * best feerate diagram and cut into chunks. Blocks take chunks by feerate, a full pool drops the
 * chunk of the lowest feerate, and a replacement must strictly improve the diagram of the clusters
 * that it touches. Equal chunks: the one of the lower first number first, and dropped last.
 */
export function createClusterOrder(members: Members, limits: PackageLimits): Order {
  const { table } = members
  const depth = createDepth(table)
  /** Clusters of at least two, by the number of any member; who is not here stands alone. */
  const clusters = new Map<TransactionId, Cluster>()
  /** Chunks of at least two, by the number of the first member. */
  const chunks = new Map<TransactionId, Chunk>()
  let fees = new Float64Array(1024)
  let weights = new Float64Array(1024)
  /** The first member of the chunk of each. */
  let heads = new Int32Array(1024)

  const isBetter = (one: TransactionId, other: TransactionId): boolean => {
    const compared = compareFeerates(fees[one]!, weights[one]!, fees[other]!, weights[other]!)
    return compared === 0 ? one < other : compared > 0
  }
  const best = createIndexedHeap(isBetter)
  const worst = createIndexedHeap((one, other) => isBetter(other, one))

  const enter = (head: TransactionId, fee: number, weight: number): void => {
    fees[head] = fee
    weights[head] = weight
    best.put(head)
    worst.put(head)
  }
  const reach = (id: TransactionId): void => {
    while (id >= heads.length) {
      fees = widened(fees, new Float64Array(fees.length * 2))
      weights = widened(weights, new Float64Array(weights.length * 2))
      heads = widened(heads, new Int32Array(heads.length * 2))
    }
  }
  const enterAlone = (id: TransactionId): void => {
    reach(id)
    heads[id] = id
    enter(id, table.fee(id), table.weight(id))
    depth.put(id, table.fee(id) / table.weight(id))
  }
  /** Lines up a connected part. */
  const build = (ids: readonly TransactionId[]): void => {
    if (ids.length === 1) return enterAlone(ids[0]!)
    const cluster: Cluster = { ids, chunks: linearise(table, ids), weight: weightOf(ids) }
    for (const id of ids) clusters.set(id, cluster)
    for (const chunk of cluster.chunks) {
      const head = chunk.ids[0]!
      if (chunk.ids.length > 1) chunks.set(head, chunk)
      for (const id of chunk.ids) {
        reach(id)
        heads[id] = head
        depth.put(id, chunk.fee / chunk.weight)
      }
      enter(head, chunk.fee, chunk.weight)
    }
  }
  /** Takes the clusters of some out of every order, and returns all their members. */
  const dissolve = (ids: readonly TransactionId[]): TransactionId[] => {
    const all = new Set<TransactionId>()
    for (const id of ids) for (const member of clusters.get(id)?.ids ?? [id]) all.add(member)
    for (const id of all) {
      clusters.delete(id)
      if (heads[id] !== id) continue
      chunks.delete(id)
      best.remove(id)
      worst.remove(id)
    }
    return [...all]
  }
  const weightOf = (ids: readonly TransactionId[]): number =>
    ids.reduce((sum, id) => sum + table.weight(id), 0)
  const isTooLarge = (count: number, weight: number): boolean =>
    count > limits.cluster || weight > limits.clusterBytes * weightPerVirtualByte
  const neighboursIn = (id: TransactionId): TransactionId[] => {
    const found: TransactionId[] = []
    for (let k = 0; k < table.parentCount(id); k++) {
      if (members.isIn(table.parent(id, k))) found.push(table.parent(id, k))
    }
    for (let edge = table.firstChild(id); edge !== -1; edge = table.nextChild(edge)) {
      if (members.isIn(table.childAt(edge))) found.push(table.childAt(edge))
    }
    return found
  }
  /** The distinct clusters of some, each once. */
  const clustersOf = (ids: readonly TransactionId[]): Cluster[] => [
    ...new Map(ids.map((id) => [clusters.get(id)?.ids[0] ?? id, clusterOf(id)])).values(),
  ]
  const clusterOf = (id: TransactionId): Cluster =>
    clusters.get(id) ?? {
      ids: [id],
      chunks: [{ ids: [id], fee: table.fee(id), weight: table.weight(id) }],
      weight: table.weight(id),
    }

  const rejection = (id: TransactionId, conflicts: Conflicts): Rejection | undefined => {
    const parents = neighboursIn(id)
    if (parents.length === 0 && conflicts.direct.length === 0) {
      return isTooLarge(1, table.weight(id)) ? 'too large a package' : undefined
    }
    const { direct } = conflicts
    const ancestors = members.ancestors(id)
    if (ancestors.some((ancestor) => direct.includes(ancestor))) return 'spends replaced'
    if (clustersOf(direct).length > limits.replaced) return 'replaces too many'
    const touched = clustersOf([...direct, ...parents])
    const replaced = new Set(conflicts.all)
    const after = touched.flatMap(({ ids }) => ids.filter((other) => !replaced.has(other)))
    const parts = members.components([...after, id])
    const own = parts.find((part) => part.includes(id))!
    if (isTooLarge(own.length, weightOf(own))) return 'too large a package'
    if (direct.length === 0) return undefined
    const compared = compareDiagrams(
      parts.flatMap((part) => linearise(table, part)),
      touched.flatMap((cluster) => cluster.chunks),
    )
    return compared === 'better' ? undefined : 'does not improve the diagram'
  }

  return {
    add: (id) => {
      const neighbours = neighboursIn(id)
      members.set(id, places.pool)
      if (neighbours.length === 0) return enterAlone(id)
      build([...dissolve(neighbours), id].sort((a, b) => a - b))
    },
    remove: (ids, to) => {
      const leaving = new Set(ids)
      const staying = dissolve(ids).filter((id) => !leaving.has(id))
      for (const id of ids) {
        depth.remove(id)
        members.set(id, to)
      }
      if (staying.length > 0) members.components(staying).forEach(build)
    },
    rejection,
    excess: (returned) => {
      for (const id of returned) {
        const cluster = members.isIn(id) ? clusters.get(id) : undefined
        if (cluster === undefined) continue
        if (isTooLarge(cluster.ids.length, cluster.weight)) {
          return cluster.chunks.at(-1)!.ids
        }
      }
      return []
    },
    worst: () => {
      const head = worst.top()
      if (head === -1) return undefined
      const ids = chunks.get(head)?.ids ?? [head]
      return { ids, fee: fees[head]!, weight: weights[head]! }
    },
    select: (weightLimit, blockRate) => {
      const taken: TransactionId[] = []
      /** A cluster is left alone once a chunk of it was passed over: later ones may need that. */
      const passed = new Set<TransactionId>()
      const inOrder = walk(best, isBetter)
      let used = 0
      let misfits = 0
      for (let head = inOrder.peek(); head !== -1; inOrder.skip(), head = inOrder.peek()) {
        if (fees[head]! < feeAt(blockRate, weights[head]! / weightPerVirtualByte)) break
        const cluster = clusters.get(head)
        const first = cluster?.ids[0] ?? head
        if (passed.has(first)) continue
        if (used + weights[head]! > weightLimit) {
          if (cluster !== undefined) passed.add(first)
          if (++misfits > misfitsMax && used > weightLimit - fullEnough) break
          continue
        }
        misfits = 0
        used += weights[head]!
        for (const id of chunks.get(head)?.ids ?? [head]) taken.push(id)
      }
      return taken
    },
    rate: (id) => fees[heads[id]!]! / weights[heads[id]!]!,
    rateAtDepth: depth.rateAt,
  }
}
