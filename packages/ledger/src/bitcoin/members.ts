import type { TransactionId, Transactions } from './transactions.ts'
import { widened } from './transactions.ts'

/** Where a transaction is, from the view of one node. */
export const places = { unknown: 0, pool: 1, chain: 2 } as const

/** What one node holds of the table: in its pool, in its chain, and who spends which coin. */
export type Members = {
  table: Transactions
  place: (id: TransactionId) => number
  isIn: (id: TransactionId) => boolean
  /** Puts one somewhere and takes its coins, or gives them back where it is unknown then. */
  set: (id: TransactionId, place: number) => void
  /** Who spends a coin, in the pool or in the chain, or −1. */
  spender: (coin: number) => TransactionId
  hasParentIn: (id: TransactionId) => boolean
  hasChildIn: (id: TransactionId) => boolean
  /** Its ancestors in the pool, nearest first, without itself. */
  ancestors: (id: TransactionId) => TransactionId[]
  /** Those given and all their descendants in the pool, nearest first. */
  descendants: (ids: readonly TransactionId[]) => TransactionId[]
  /** The connected parts of those given, over edges between them, each by number. */
  components: (ids: readonly TransactionId[]) => TransactionId[][]
}

/** Makes the view of a node that has heard of nothing. */
export function createMembers(table: Transactions): Members {
  let placeOf = new Uint8Array(1024)
  let spenders = new Int32Array(1024).fill(-1)
  /** Marks of the current search: no search clears the marks of the one before. */
  let marks = new Int32Array(1024)
  let search = 0

  const reach = (id: TransactionId): void => {
    while (id >= placeOf.length) {
      placeOf = widened(placeOf, new Uint8Array(placeOf.length * 2))
      marks = widened(marks, new Int32Array(marks.length * 2))
    }
  }
  const place = (id: TransactionId): number => (id < placeOf.length ? placeOf[id]! : 0)
  const isIn = (id: TransactionId): boolean => place(id) === places.pool
  const spender = (coin: number): TransactionId => (coin < spenders.length ? spenders[coin]! : -1)
  const begin = (ids: readonly TransactionId[]): void => {
    search++
    for (const id of ids) {
      reach(id)
      marks[id] = search
    }
  }
  const addParents = (id: TransactionId, to: TransactionId[]): void => {
    const count = table.parentCount(id)
    for (let index = 0; index < count; index++) {
      const parent = table.parent(id, index)
      if (!isIn(parent) || marks[parent] === search) continue
      marks[parent] = search
      to.push(parent)
    }
  }
  const addChildren = (id: TransactionId, to: TransactionId[]): void => {
    for (let edge = table.firstChild(id); edge !== -1; edge = table.nextChild(edge)) {
      const child = table.childAt(edge)
      if (!isIn(child) || marks[child] === search) continue
      marks[child] = search
      to.push(child)
    }
  }

  return {
    table,
    place,
    isIn,
    set: (id, to) => {
      reach(id)
      placeOf[id] = to
      const coins = table.spendCount(id)
      for (let index = 0; index < coins; index++) {
        const coin = table.spend(id, index)
        if (coin >= spenders.length) {
          let capacity = spenders.length * 2
          while (coin >= capacity) capacity *= 2
          spenders = widened(spenders, new Int32Array(capacity).fill(-1))
        }
        if (to !== places.unknown) spenders[coin] = id
        else if (spenders[coin] === id) spenders[coin] = -1
      }
    },
    spender,
    hasParentIn: (id) => {
      const count = table.parentCount(id)
      for (let index = 0; index < count; index++) if (isIn(table.parent(id, index))) return true
      return false
    },
    hasChildIn: (id) => {
      for (let edge = table.firstChild(id); edge !== -1; edge = table.nextChild(edge)) {
        if (isIn(table.childAt(edge))) return true
      }
      return false
    },
    ancestors: (id) => {
      const found: TransactionId[] = []
      begin([id])
      addParents(id, found)
      for (let index = 0; index < found.length; index++) addParents(found[index]!, found)
      return found
    },
    descendants: (ids) => {
      const found = [...new Set(ids)]
      begin(found)
      for (let index = 0; index < found.length; index++) addChildren(found[index]!, found)
      return found
    },
    components: (ids) => {
      const left = new Set(ids)
      const parts: TransactionId[][] = []
      for (const first of ids) {
        if (!left.delete(first)) continue
        const part = [first]
        for (let index = 0; index < part.length; index++) {
          const id = part[index]!
          for (let k = 0; k < table.parentCount(id); k++) {
            const parent = table.parent(id, k)
            if (left.delete(parent)) part.push(parent)
          }
          for (let edge = table.firstChild(id); edge !== -1; edge = table.nextChild(edge)) {
            const child = table.childAt(edge)
            if (left.delete(child)) part.push(child)
          }
        }
        parts.push(part.sort((one, other) => one - other))
      }
      return parts
    },
  }
}
