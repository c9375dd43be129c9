import type { Time } from '@counterpoise/engine'

/** A block's number in the store, from 0; block 0 is the genesis block. */
export type BlockId = number

/** Block 0 of every store: height 0, no parent. */
export const genesis: BlockId = 0

/** What a new block brings along. */
export type BlockRecord = {
  parent: BlockId
  proposer: number
  /** When it was made, µs. */
  time: Time
  /** The view, slot or round that it belongs to. */
  round: number
  /** Work or other weight that it adds to its chain; 1 where a model does not weigh blocks. */
  work?: number | undefined
  /** Size on the wire. */
  bytes?: number | undefined
  /** Gas or weight units that its payments use. */
  gas?: number | undefined
  /** Numbers of the payments that it carries, in order. */
  payments?: ArrayLike<number> | undefined
  /** What a consensus model wants to find again: attestations, a difficulty, a certificate. */
  data?: unknown
}

/**
 * All blocks of a run, in columns, shared by all replicas and only ever appended to.
 * A replica's own view is the set of blocks that have reached it, never a copy of one.
 */
export type BlockStore = {
  append: (block: BlockRecord) => BlockId
  /** How many blocks there are, the genesis block included. */
  size: () => number
  parent: (block: BlockId) => BlockId
  height: (block: BlockId) => number
  proposer: (block: BlockId) => number
  time: (block: BlockId) => Time
  round: (block: BlockId) => number
  /** Work of the block and all its ancestors. */
  totalWork: (block: BlockId) => number
  bytes: (block: BlockId) => number
  gas: (block: BlockId) => number
  data: (block: BlockId) => unknown
  paymentCount: (block: BlockId) => number
  /** A view of the block's payments; do not keep it across an `append`. */
  payments: (block: BlockId) => Int32Array
  /** The ancestor of a block at a height, or the block itself; −1 above its own height. */
  ancestorAt: (block: BlockId, height: number) => BlockId
  /** True where `ancestor` is the block itself or stands below it. */
  isAncestor: (ancestor: BlockId, block: BlockId) => boolean
  /** The highest block from which both descend. */
  commonAncestor: (one: BlockId, other: BlockId) => BlockId
}

/** Makes a store that holds the genesis block. */
export function createBlockStore(): BlockStore {
  let parents = new Int32Array(256)
  let heights = new Int32Array(256)
  let proposers = new Int32Array(256)
  let rounds = new Int32Array(256)
  let starts = new Int32Array(257)
  let times = new Float64Array(256)
  let works = new Float64Array(256)
  let sizes = new Float64Array(256)
  let gases = new Float64Array(256)
  let payload = new Int32Array(1024)
  const data: unknown[] = [undefined]
  parents[0] = -1
  proposers[0] = -1
  let count = 1

  const grow = (): void => {
    const capacity = parents.length * 2
    parents = widened(parents, new Int32Array(capacity))
    heights = widened(heights, new Int32Array(capacity))
    proposers = widened(proposers, new Int32Array(capacity))
    rounds = widened(rounds, new Int32Array(capacity))
    starts = widened(starts, new Int32Array(capacity + 1))
    times = widened(times, new Float64Array(capacity))
    works = widened(works, new Float64Array(capacity))
    sizes = widened(sizes, new Float64Array(capacity))
    gases = widened(gases, new Float64Array(capacity))
  }

  const ancestorAt = (block: BlockId, height: number): BlockId => {
    if (height > heights[block]!) return -1
    let current = block
    while (heights[current]! > height) current = parents[current]!
    return current
  }

  const commonAncestor = (one: BlockId, other: BlockId): BlockId => {
    const height = Math.min(heights[one]!, heights[other]!)
    let left = ancestorAt(one, height)
    let right = ancestorAt(other, height)
    while (left !== right) {
      left = parents[left]!
      right = parents[right]!
    }
    return left
  }

  return {
    append: (block) => {
      if (count === parents.length) grow()
      const id = count++
      const { parent, payments } = block
      parents[id] = parent
      heights[id] = heights[parent]! + 1
      proposers[id] = block.proposer
      rounds[id] = block.round
      times[id] = block.time
      works[id] = works[parent]! + (block.work ?? 1)
      sizes[id] = block.bytes ?? 0
      gases[id] = block.gas ?? 0
      data[id] = block.data
      const start = starts[id]!
      const end = start + (payments?.length ?? 0)
      while (end > payload.length) payload = widened(payload, new Int32Array(payload.length * 2))
      if (payments !== undefined) payload.set(payments, start)
      starts[id + 1] = end
      return id
    },
    size: () => count,
    parent: (block) => parents[block]!,
    height: (block) => heights[block]!,
    proposer: (block) => proposers[block]!,
    time: (block) => times[block]!,
    round: (block) => rounds[block]!,
    totalWork: (block) => works[block]!,
    bytes: (block) => sizes[block]!,
    gas: (block) => gases[block]!,
    data: (block) => data[block],
    paymentCount: (block) => starts[block + 1]! - starts[block]!,
    payments: (block) => payload.subarray(starts[block]!, starts[block + 1]!),
    ancestorAt,
    isAncestor: (ancestor, block) => ancestorAt(block, heights[ancestor]!) === ancestor,
    commonAncestor,
  }
}

function widened<column extends Int32Array | Float64Array>(from: column, to: column): column {
  to.set(from)
  return to
}
