import { selectByAncestors } from './ancestorBlock.ts'
import { ancestorRejection } from './ancestorRules.ts'
import { createAncestorSums } from './ancestorSums.ts'
import { createDepth } from './depth.ts'
import { compareFeerates } from './feerate.ts'
import { createIndexedHeap } from './indexedHeap.ts'
import type { Members } from './members.ts'
import { places } from './members.ts'
import type { Order } from './order.ts'
import type { PackageLimits } from './policy.ts'
import { type TransactionId, widened } from './transactions.ts'

/**
 * The rules of Bitcoin Core up to v30. Into a block goes first what has, with those of its
 * ancestors that are not in it, the highest feerate, or its own where that is lower. A full pool
 * drops first what has the lowest feerate, of its own or with its descendants, whichever is higher;
 * its descendants go with it. Equal ones: the lower number first, and dropped last.
 */
export function createAncestorOrder(members: Members, limits: PackageLimits): Order {
  const { table } = members
  const sums = createAncestorSums(members)
  const { ancestors, descendants } = sums
  const depth = createDepth(table)
  let bestScores = new Float64Array(1024)
  let worstScores = new Float64Array(1024)

  const ownRate = (id: TransactionId): number => table.fee(id) / table.virtualBytes(id)
  const withAncestors = (id: TransactionId): number => ancestors.fee[id]! / ancestors.bytes[id]!
  const withDescendants = (id: TransactionId): number =>
    descendants.fee[id]! / descendants.bytes[id]!
  /** Where two scores round to one double. */
  const exactly = (one: TransactionId, other: TransactionId, side: 'best' | 'worst'): number => {
    const { count } = side === 'best' ? ancestors : descendants
    if (count[one] === 1 && count[other] === 1) {
      const bytes = table.virtualBytes(one)
      return compareFeerates(table.fee(one), bytes, table.fee(other), table.virtualBytes(other))
    }
    const [fee, bytes] = pairOf(one, side)
    const [otherFee, otherBytes] = pairOf(other, side)
    return compareFeerates(fee, bytes, otherFee, otherBytes)
  }
  const pairOf = (id: TransactionId, side: 'best' | 'worst'): [number, number] => {
    const group = side === 'best' ? ancestors : descendants
    const own: [number, number] = [table.fee(id), table.virtualBytes(id)]
    const all: [number, number] = [group.fee[id]!, group.bytes[id]!]
    const isOwnLower = compareFeerates(...own, ...all) < 0
    return isOwnLower === (side === 'best') ? own : all
  }
  const isBetter = (one: TransactionId, other: TransactionId): boolean => {
    const difference = bestScores[one]! - bestScores[other]!
    if (difference !== 0) return difference > 0
    const exact = exactly(one, other, 'best')
    return exact === 0 ? one < other : exact > 0
  }
  const isWorse = (one: TransactionId, other: TransactionId): boolean => {
    const difference = worstScores[one]! - worstScores[other]!
    if (difference !== 0) return difference < 0
    const exact = exactly(one, other, 'worst')
    return exact === 0 ? one > other : exact < 0
  }
  const best = createIndexedHeap(isBetter)
  const worst = createIndexedHeap(isWorse)

  const refresh = (id: TransactionId): void => {
    // A heap must not see a rank change under it: take it out, change it, and put it back.
    best.remove(id)
    worst.remove(id)
    sums.refresh(id)
    while (id >= bestScores.length) {
      bestScores = widened(bestScores, new Float64Array(bestScores.length * 2))
      worstScores = widened(worstScores, new Float64Array(worstScores.length * 2))
    }
    bestScores[id] = Math.min(ownRate(id), withAncestors(id))
    worstScores[id] = Math.max(ownRate(id), withDescendants(id))
    best.put(id)
    worst.put(id)
    depth.put(id, bestScores[id]! / 4)
  }
  /** Relatives of some, both ways, without those themselves. */
  const relativesOf = (ids: readonly TransactionId[]): Set<TransactionId> => {
    const relatives = new Set<TransactionId>()
    for (const id of ids) {
      if (members.hasParentIn(id)) for (const other of members.ancestors(id)) relatives.add(other)
      if (!members.hasChildIn(id)) continue
      for (const other of members.descendants([id])) relatives.add(other)
    }
    for (const id of ids) relatives.delete(id)
    return relatives
  }

  return {
    add: (id) => {
      members.set(id, places.pool)
      refresh(id)
      if (members.hasParentIn(id) || members.hasChildIn(id)) relativesOf([id]).forEach(refresh)
    },
    remove: (ids, to) => {
      const relatives = relativesOf(ids)
      for (const id of ids) {
        best.remove(id)
        worst.remove(id)
        depth.remove(id)
        members.set(id, to)
      }
      relatives.forEach(refresh)
    },
    rejection: (id, conflicts) => ancestorRejection({ members, sums, limits }, id, conflicts),
    excess: (returned) => {
      for (const id of members.descendants(returned.filter(members.isIn))) {
        const isTooMuch =
          ancestors.count[id]! > limits.ancestors || ancestors.bytes[id]! > limits.ancestorBytes
        if (isTooMuch) return members.descendants([id])
      }
      return []
    },
    worst: () => {
      const id = worst.top()
      if (id === -1) return undefined
      const ids = members.descendants([id])
      return { ids, fee: descendants.fee[id]!, weight: descendants.bytes[id]! * 4 }
    },
    select: (weightLimit, blockRate) =>
      selectByAncestors({ members, sums, best, isBetter }, weightLimit, blockRate),
    rate: (id) => bestScores[id]! / 4,
    rateAtDepth: depth.rateAt,
  }
}
