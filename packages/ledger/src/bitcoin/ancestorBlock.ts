import type { AncestorSums } from './ancestorSums.ts'
import { compareFeerates, feeAt } from './feerate.ts'
import { createIndexedHeap, type IndexedHeap, walk } from './indexedHeap.ts'
import type { Members } from './members.ts'
import { fullEnough, misfitsMax } from './order.ts'
import type { TransactionId } from './transactions.ts'

export type RankedPool = {
  members: Members
  sums: AncestorSums
  best: IndexedHeap
  isBetter: (one: TransactionId, other: TransactionId) => boolean
}

/** A transaction some of whose ancestors are in the block: what it still needs. */
type Remainder = { fee: number; bytes: number; weight: number; hasFailed: boolean }

/**
 * Fills a block by packages: again and again the transaction of the best score with those of its
 * ancestors that are not in yet. What does not fit is passed over until more of its ancestors are
 * in; what pays less than the block rate ends the block.
 *
 * @param blockRate sat/kvB.
 */
export function selectByAncestors(
  pool: RankedPool,
  weightLimit: number,
  blockRate: number,
): TransactionId[] {
  const { members, sums, best, isBetter } = pool
  const { table } = members
  const taken: TransactionId[] = []
  const isTaken = new Set<TransactionId>()
  const remainders = new Map<TransactionId, Remainder>()

  const pairOf = (id: TransactionId): [number, number] => {
    const { fee, bytes } = remainders.get(id)!
    const own: [number, number] = [table.fee(id), table.virtualBytes(id)]
    return compareFeerates(...own, fee, bytes) < 0 ? own : [fee, bytes]
  }
  const fresh = (id: TransactionId): [number, number] => {
    const all: [number, number] = [sums.ancestors.fee[id]!, sums.ancestors.bytes[id]!]
    const own: [number, number] = [table.fee(id), table.virtualBytes(id)]
    return compareFeerates(...own, ...all) < 0 ? own : all
  }
  const reduced = createIndexedHeap((one, other) => {
    const compared = compareFeerates(...pairOf(one), ...pairOf(other))
    return compared === 0 ? one < other : compared > 0
  })
  const inOrder = walk(best, isBetter)

  const include = (id: TransactionId): void => {
    taken.push(id)
    isTaken.add(id)
    reduced.remove(id)
    remainders.delete(id)
    if (!members.hasChildIn(id)) return
    for (const other of members.descendants([id])) {
      if (isTaken.has(other)) continue
      reduced.remove(other)
      const { fee, bytes, weight } = sums.ancestors
      const before = remainders.get(other) ?? {
        fee: fee[other]!,
        bytes: bytes[other]!,
        weight: weight[other]!,
      }
      remainders.set(other, {
        fee: before.fee - table.fee(id),
        bytes: before.bytes - table.virtualBytes(id),
        weight: before.weight - table.weight(id),
        hasFailed: false,
      })
      reduced.put(other)
    }
  }

  let used = 0
  let misfits = 0
  for (;;) {
    let next = inOrder.peek()
    while (next !== -1 && (isTaken.has(next) || remainders.has(next))) {
      inOrder.skip()
      next = inOrder.peek()
    }
    const rival = reduced.top()
    if (next === -1 && rival === -1) break
    const isReduced =
      rival !== -1 && (next === -1 || beats(pairOf(rival), rival, fresh(next), next))
    const id = isReduced ? rival : next
    const remainder = remainders.get(id)
    const fee = remainder?.fee ?? sums.ancestors.fee[id]!
    const bytes = remainder?.bytes ?? sums.ancestors.bytes[id]!
    const weight = remainder?.weight ?? sums.ancestors.weight[id]!
    if (fee < feeAt(blockRate, bytes)) break
    if (used + weight > weightLimit) {
      if (isReduced) reduced.remove(id)
      else inOrder.skip()
      if (++misfits > misfitsMax && used > weightLimit - fullEnough) break
      continue
    }
    misfits = 0
    used += weight
    const ancestors = sums.ancestors.count[id]! > 1 ? members.ancestors(id) : []
    const due = ancestors.filter((other) => !isTaken.has(other)).sort((a, b) => a - b)
    for (const other of due) include(other)
    include(id)
  }
  return taken
}

function beats(
  pair: [number, number],
  id: TransactionId,
  otherPair: [number, number],
  other: TransactionId,
): boolean {
  const compared = compareFeerates(...pair, ...otherPair)
  return compared === 0 ? id < other : compared > 0
}
