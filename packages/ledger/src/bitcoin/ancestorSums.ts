import type { Members } from './members.ts'
import { type TransactionId, widened } from './transactions.ts'

/** What a transaction and its relatives in the pool come to, in columns. */
export type Sums = {
  count: Int32Array
  /** Virtual bytes: each transaction rounded up, as Bitcoin Core counts packages. */
  bytes: Float64Array
  weight: Float64Array
  fee: Float64Array
}

/** Sums over ancestors and over descendants, each with the transaction itself. */
export type AncestorSums = {
  ancestors: Sums
  descendants: Sums
  /** Makes the sums of a transaction in the pool those of its relatives of now. */
  refresh: (id: TransactionId) => void
}

const emptySums = (capacity: number): Sums => ({
  count: new Int32Array(capacity),
  bytes: new Float64Array(capacity),
  weight: new Float64Array(capacity),
  fee: new Float64Array(capacity),
})

function grow(sums: Sums, capacity: number): void {
  sums.count = widened(sums.count, new Int32Array(capacity))
  sums.bytes = widened(sums.bytes, new Float64Array(capacity))
  sums.weight = widened(sums.weight, new Float64Array(capacity))
  sums.fee = widened(sums.fee, new Float64Array(capacity))
}

/** Makes columns of sums. */
export function createAncestorSums(members: Members): AncestorSums {
  const { table } = members
  const ancestors = emptySums(1024)
  const descendants = emptySums(1024)

  const setTo = (sums: Sums, id: TransactionId, relatives: readonly TransactionId[]): void => {
    let bytes = table.virtualBytes(id)
    let weight = table.weight(id)
    let fee = table.fee(id)
    for (const relative of relatives) {
      bytes += table.virtualBytes(relative)
      weight += table.weight(relative)
      fee += table.fee(relative)
    }
    sums.count[id] = relatives.length + 1
    sums.bytes[id] = bytes
    sums.weight[id] = weight
    sums.fee[id] = fee
  }

  return {
    ancestors,
    descendants,
    refresh: (id) => {
      while (id >= ancestors.count.length) {
        const capacity = ancestors.count.length * 2
        grow(ancestors, capacity)
        grow(descendants, capacity)
      }
      setTo(ancestors, id, members.hasParentIn(id) ? members.ancestors(id) : none)
      setTo(descendants, id, members.hasChildIn(id) ? members.descendants([id]).slice(1) : none)
    },
  }
}

const none: readonly TransactionId[] = []
