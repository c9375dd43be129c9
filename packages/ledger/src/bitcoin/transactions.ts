import { BaseError } from '@counterpoise/engine'
import { type Satoshi, virtualBytes } from './feerate.ts'

/** A transaction's number within a run, from 0; it is above those of its parents. */
export type TransactionId = number

/** What never changes of a transaction. */
export type TransactionOrder = {
  fee: Satoshi
  /** Weight units. */
  weight: number
  /**
   * Numbers of the coins that it spends, from 0, as far as another transaction may spend them as
   * well: two that share one conflict, and a chain holds one of them at most.
   */
  spends?: readonly number[] | undefined
  /** The transactions whose outputs it spends; it is valid only after them. */
  parents?: readonly TransactionId[] | undefined
}

/** All transactions of a run, in columns, shared by every pool. */
export type Transactions = {
  /** @throws BaseError for a fee or weight that is out of range, and for a parent to come. */
  add: (order: TransactionOrder) => TransactionId
  count: () => number
  fee: (transaction: TransactionId) => Satoshi
  weight: (transaction: TransactionId) => number
  virtualBytes: (transaction: TransactionId) => number
  spendCount: (transaction: TransactionId) => number
  spend: (transaction: TransactionId, index: number) => number
  parentCount: (transaction: TransactionId) => number
  parent: (transaction: TransactionId, index: number) => TransactionId
  /** The first edge to a child, or −1. */
  firstChild: (transaction: TransactionId) => number
  /** The edge after another one, or −1. */
  nextChild: (edge: number) => number
  childAt: (edge: number) => TransactionId
}

/**
 * Bitcoin Core's wallet pays no more (`-maxtxfee`, 0.1 BTC). Sums of fees times sums of weights
 * of a cluster then stay exact in doubles.
 */
export const feeMax: Satoshi = 10_000_000

/** A block holds no heavier transaction. */
const weightMax = 4_000_000

/** Makes an empty table. */
export function createTransactions(): Transactions {
  let fees = new Float64Array(1024)
  let weights = new Int32Array(1024)
  let spendStarts = new Int32Array(1025)
  let parentStarts = new Int32Array(1025)
  let firstEdges = new Int32Array(1024)
  let spends = new Int32Array(1024)
  let parents = new Int32Array(1024)
  /** An edge has the number of the parent's place in `parents`. */
  let nextEdges = new Int32Array(1024)
  let edgeChildren = new Int32Array(1024)
  let count = 0

  const grow = (): void => {
    const capacity = weights.length * 2
    fees = widened(fees, new Float64Array(capacity))
    weights = widened(weights, new Int32Array(capacity))
    spendStarts = widened(spendStarts, new Int32Array(capacity + 1))
    parentStarts = widened(parentStarts, new Int32Array(capacity + 1))
    firstEdges = widened(firstEdges, new Int32Array(capacity))
  }
  const addSpends = (id: TransactionId, keys: readonly number[]): void => {
    const start = spendStarts[id]!
    while (start + keys.length > spends.length) {
      spends = widened(spends, new Int32Array(spends.length * 2))
    }
    for (let index = 0; index < keys.length; index++) spends[start + index] = keys[index]!
    spendStarts[id + 1] = start + keys.length
  }
  const addParents = (id: TransactionId, ids: readonly TransactionId[]): void => {
    const start = parentStarts[id]!
    while (start + ids.length > parents.length) {
      const capacity = parents.length * 2
      parents = widened(parents, new Int32Array(capacity))
      nextEdges = widened(nextEdges, new Int32Array(capacity))
      edgeChildren = widened(edgeChildren, new Int32Array(capacity))
    }
    for (let index = 0; index < ids.length; index++) {
      const parent = ids[index]!
      const edge = start + index
      parents[edge] = parent
      edgeChildren[edge] = id
      nextEdges[edge] = firstEdges[parent]!
      firstEdges[parent] = edge
    }
    parentStarts[id + 1] = start + ids.length
  }

  return {
    add: (order) => {
      check(order, count)
      if (count === weights.length) grow()
      const id = count++
      fees[id] = order.fee
      weights[id] = order.weight
      firstEdges[id] = -1
      addSpends(id, order.spends ?? none)
      addParents(id, order.parents ?? none)
      return id
    },
    count: () => count,
    fee: (id) => fees[id]!,
    weight: (id) => weights[id]!,
    virtualBytes: (id) => virtualBytes(weights[id]!),
    spendCount: (id) => spendStarts[id + 1]! - spendStarts[id]!,
    spend: (id, index) => spends[spendStarts[id]! + index]!,
    parentCount: (id) => parentStarts[id + 1]! - parentStarts[id]!,
    parent: (id, index) => parents[parentStarts[id]! + index]!,
    firstChild: (id) => firstEdges[id]!,
    nextChild: (edge) => nextEdges[edge]!,
    childAt: (edge) => edgeChildren[edge]!,
  }
}

const none: readonly number[] = []

function check({ fee, weight, spends = none, parents = none }: TransactionOrder, id: number): void {
  const expect = (holds: boolean, what: string, expected: string, found: unknown): void => {
    if (holds) return
    throw new BaseError(`The ${what} of a Bitcoin transaction is ${expected}.`, {
      metaMessages: [`Found: ${String(found)}`],
    })
  }
  const isCount = (value: number, most: number): boolean =>
    Number.isInteger(value) && value >= 0 && value <= most
  expect(isCount(fee, feeMax), 'fee', `a whole number of satoshi up to ${feeMax}`, fee)
  expect(
    isCount(weight, weightMax) && weight > 0,
    'weight',
    `a whole number of weight units up to ${weightMax}`,
    weight,
  )
  for (const key of spends) {
    expect(isCount(key, 0x7fffffff), 'number of a coin', 'an integer of 31 bits', key)
  }
  for (const parent of parents) {
    expect(isCount(parent, id - 1), 'parent', 'a transaction of the table before it', parent)
  }
  expect(new Set(parents).size === parents.length, 'list of parents', 'without repetition', parents)
}

/** Copies a column into a longer one. */
export function widened<column extends Float64Array | Int32Array | Uint8Array>(
  from: column,
  to: column,
): column {
  to.set(from)
  return to
}
