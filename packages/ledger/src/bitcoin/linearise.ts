import type { Satoshi } from './feerate.ts'
import type { TransactionId, Transactions } from './transactions.ts'

/** Transactions of a cluster that are mined together, in an order that respects parents. */
export type Chunk = { ids: TransactionId[]; fee: Satoshi; weight: number }

/**
 * Puts a cluster in the order of the best feerate diagram, cut into chunks of falling feerate.
 *
 * Exact: each step takes the set of highest feerate among those that contain the parents of their
 * members, found by Dinkelbach's iteration over minimum cuts; of several such sets, their union.
 * A set is then cut wherever a prefix, by number, has its feerate, so that chunks are small.
 * Bitcoin Core's v31 comes to the same diagram by other means wherever its search ends in time.
 *
 * @param ids By number: parents come before children. Fees and weights are those of the table.
 */
export function linearise(table: Transactions, ids: readonly TransactionId[]): Chunk[] {
  if (ids.length === 1) {
    const id = ids[0]!
    return [{ ids: [id], fee: table.fee(id), weight: table.weight(id) }]
  }
  const chunks: Chunk[] = []
  let left = ids.slice()
  while (left.length > 0) {
    const best = highestFeerateSet(table, left)
    for (const chunk of cut(table, best)) chunks.push(chunk)
    const taken = new Set(best)
    left = left.filter((id) => !taken.has(id))
  }
  return chunks
}

/** Cuts a set wherever the feerate of a prefix is that of the whole. */
function cut(table: Transactions, ids: readonly TransactionId[]): Chunk[] {
  const whole = sumsOf(table, ids)
  const chunks: Chunk[] = []
  let chunk: Chunk = { ids: [], fee: 0, weight: 0 }
  for (const id of ids) {
    chunk.ids.push(id)
    chunk.fee += table.fee(id)
    chunk.weight += table.weight(id)
    if (chunk.fee * whole.weight !== whole.fee * chunk.weight) continue
    chunks.push(chunk)
    chunk = { ids: [], fee: 0, weight: 0 }
  }
  return chunks
}

function sumsOf(
  table: Transactions,
  ids: readonly TransactionId[],
): { fee: Satoshi; weight: number } {
  let fee = 0
  let weight = 0
  for (const id of ids) {
    fee += table.fee(id)
    weight += table.weight(id)
  }
  return { fee, weight }
}

/** The largest of the sets of highest feerate that are closed under parents. */
function highestFeerateSet(
  table: Transactions,
  ids: readonly TransactionId[],
): TransactionId[] {
  const parents = parentsWithin(table, ids)
  let set = ids.slice()
  for (;;) {
    const { fee, weight } = sumsOf(table, set)
    // What each adds to or takes from a set of that feerate: fee − feerate · weight, in integers.
    const values = ids.map((id) => table.fee(id) * weight - fee * table.weight(id))
    const closure = heaviestClosure(values, parents)
    let gain = 0
    for (const index of closure) gain += values[index]!
    const found = closure.map((index) => ids[index]!)
    if (gain === 0) return found
    set = found
  }
}

function parentsWithin(table: Transactions, ids: readonly TransactionId[]): number[][] {
  const indexOf = new Map(ids.map((id, index) => [id, index]))
  return ids.map((id) => {
    const within: number[] = []
    for (let k = 0; k < table.parentCount(id); k++) {
      const index = indexOf.get(table.parent(id, k))
      if (index !== undefined) within.push(index)
    }
    return within
  })
}

/**
 * The largest set of most value that is closed under parents: a minimum cut (Picard, 1976).
 * What has a value above 0 sends it to its ancestors of values below 0; who can send no more
 * is not worth those that it needs.
 */
function heaviestClosure(values: readonly number[], parents: readonly number[][]): number[] {
  const size = values.length
  const rest = values.slice()
  /** What each sends to each of its parents. */
  const sent = parents.map((list) => new Float64Array(list.length))
  const children: { child: number; slot: number }[][] = parents.map(() => [])
  parents.forEach((list, child) =>
    list.forEach((parent, slot) => children[parent]!.push({ child, slot })),
  )
  for (let source = 0; source < size; source++) {
    while (rest[source]! > 0 && push(source, rest, parents, sent, children));
  }
  return kept(rest, parents, sent, children)
}

type Children = readonly { child: number; slot: number }[][]

/** Sends along one shortest way to something of a value below 0. False where there is no way. */
function push(
  source: number,
  rest: number[],
  parents: readonly number[][],
  sent: readonly Float64Array[],
  children: Children,
): boolean {
  /** From where each was reached: ≥ 0 from that child, ≤ −2 back from parent −2 − n. */
  const from = new Int32Array(rest.length).fill(-1)
  const slots = new Int32Array(rest.length)
  const queue = [source]
  const seen = new Uint8Array(rest.length)
  seen[source] = 1
  for (let k = 0; k < queue.length; k++) {
    const node = queue[k]!
    if (rest[node]! < 0) return send(source, node, rest, from, slots, sent)
    parents[node]!.forEach((parent, slot) => {
      if (seen[parent] === 1) return
      seen[parent] = 1
      from[parent] = node
      slots[parent] = slot
      queue.push(parent)
    })
    for (const { child, slot } of children[node]!) {
      if (seen[child] === 1 || sent[child]![slot]! === 0) continue
      seen[child] = 1
      from[child] = -2 - node
      slots[child] = slot
      queue.push(child)
    }
  }
  return false
}

function send(
  source: number,
  sink: number,
  rest: number[],
  from: Int32Array,
  slots: Int32Array,
  sent: readonly Float64Array[],
): boolean {
  let amount = Math.min(rest[source]!, -rest[sink]!)
  for (let node = sink; node !== source; ) {
    const previous = from[node]!
    if (previous >= 0) node = previous
    else {
      amount = Math.min(amount, sent[node]![slots[node]!]!)
      node = -2 - previous
    }
  }
  for (let node = sink; node !== source; ) {
    const previous = from[node]!
    const slot = slots[node]!
    if (previous >= 0) {
      sent[previous]![slot] = sent[previous]![slot]! + amount
      node = previous
    } else {
      sent[node]![slot] = sent[node]![slot]! - amount
      node = -2 - previous
    }
  }
  rest[source] = rest[source]! - amount
  rest[sink] = rest[sink]! + amount
  return true
}

/** All but those from which something of a value below 0 can still be reached. */
function kept(
  rest: readonly number[],
  parents: readonly number[][],
  sent: readonly Float64Array[],
  children: Children,
): number[] {
  const lost = new Uint8Array(rest.length)
  const queue: number[] = []
  const lose = (node: number): void => {
    if (lost[node] === 1) return
    lost[node] = 1
    queue.push(node)
  }
  rest.forEach((value, node) => {
    if (value < 0) lose(node)
  })
  for (let k = 0; k < queue.length; k++) {
    const node = queue[k]!
    for (const { child } of children[node]!) lose(child)
    parents[node]!.forEach((parent, slot) => {
      if (sent[node]![slot]! > 0) lose(parent)
    })
  }
  const indices: number[] = []
  for (let node = 0; node < rest.length; node++) if (lost[node] === 0) indices.push(node)
  return indices
}
