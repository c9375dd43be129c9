import { compareRatios, type NaiveChunk, type Ratio } from './testing.ts'
import type { TransactionOrder } from './transactions.ts'

type Id = number

/** Fills a block by packages as the definition has it: every score made anew at every step. */
export function naiveAncestorBlock(
  table: readonly TransactionOrder[],
  ids: readonly Id[],
  weightLimit: number,
  blockRate: number,
): Id[] {
  const bytes = (id: Id): number => Math.ceil(table[id]!.weight / 4)
  const taken: Id[] = []
  /** What was tried without fitting, with as many members of its package. */
  const failed = new Map<Id, number>()
  let used = 0
  const packageOf = (id: Id): Id[] => {
    const found = new Set([id])
    for (const one of found) {
      for (const parent of table[one]!.parents ?? []) {
        if (ids.includes(parent) && !taken.includes(parent)) found.add(parent)
      }
    }
    return [...found].sort((a, b) => a - b)
  }
  const ratio = (set: readonly Id[]): Ratio => ({
    fee: BigInt(set.reduce((sum, id) => sum + table[id]!.fee, 0)),
    size: BigInt(set.reduce((sum, id) => sum + bytes(id), 0)),
  })
  const score = (id: Id): Ratio => {
    const [own, all] = [ratio([id]), ratio(packageOf(id))]
    return compareRatios(own, all) < 0 ? own : all
  }
  for (;;) {
    const open = ids.filter(
      (id) => !taken.includes(id) && failed.get(id) !== packageOf(id).length,
    )
    const [id] = open.sort((a, b) => compareRatios(score(b), score(a)) || a - b)
    if (id === undefined) return taken
    const set = packageOf(id)
    const { fee, size } = ratio(set)
    if (Number(fee) < Math.ceil((blockRate * Number(size)) / 1000)) return taken
    const weight = set.reduce((sum, one) => sum + table[one]!.weight, 0)
    if (used + weight > weightLimit) {
      failed.set(id, set.length)
      continue
    }
    used += weight
    taken.push(...set)
  }
}

/**
 * Fills a block by chunks: what has an ancestor that was passed over, or is of a cluster of which
 * a chunk was, stays out.
 *
 * @param chunks Best first.
 */
export function naiveChunkBlock(
  chunks: readonly NaiveChunk[],
  clusterOf: (id: Id) => Id,
  weightLimit: number,
  blockRate: number,
): Id[] {
  const taken: Id[] = []
  const closed = new Set<Id>()
  let left = weightLimit
  for (const { ids, fee, weight } of chunks) {
    if (fee < Math.ceil((blockRate * weight) / 4000)) break
    const cluster = clusterOf(ids[0]!)
    if (closed.has(cluster)) continue
    if (weight > left) closed.add(cluster)
    else {
      taken.push(...ids)
      left -= weight
    }
  }
  return taken
}
