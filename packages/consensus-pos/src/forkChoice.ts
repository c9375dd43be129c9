import type { BlockId, BlockStore } from '@counterpoise/ledger'
import { lowestBit, type NodeSet } from './bits.ts'

export type ForkChoiceOptions = {
  blocks: BlockStore
  /** Weight of each node's sub-committee. */
  weights: Float64Array
  slotsPerEpoch: number
  /** What the boosted block gets on top, in sub-committee weights. */
  boostWeight: number
}

export type HeadOptions = {
  /** Where the descent begins; a block that was added. */
  root: BlockId
  /** The block that has the proposer boost, or −1. */
  boosted: BlockId
  /** May the descent end in this block? Asked of blocks without children only. */
  isViable: (leaf: BlockId) => boolean
}

/** One node's block tree above its finalised block, with the latest votes of everybody. */
export type ForkChoice = {
  /** True for the blocks that were added and not pruned. */
  has: (block: BlockId) => boolean
  /** Adds a block whose parent was added before. */
  add: (block: BlockId) => void
  /**
   * Votes of the sub-committees of a slot, those of `voters` without `except`, for a block that
   * was added. A vote counts if its epoch is later than that of the sub-committee's latest one.
   */
  vote: (slot: number, head: BlockId, voters: NodeSet, except?: NodeSet) => void
  /** A sub-committee has contradicted itself: its votes count no longer, now and later. */
  bar: (slot: number, node: number) => void
  /** LMD-GHOST: from the root always to the heaviest viable child; ties go to the larger id. */
  head: (options: HeadOptions) => BlockId
  /** Makes `root` the lowest block and drops what `isKept` denies. */
  prune: (root: BlockId, isKept: (block: BlockId) => boolean) => void
}

/**
 * Blocks stand in a window of columns from the finalised block on, by id; a parent's id is below
 * its child's, so one pass from the top down carries weights to ancestors. Votes are only noted as
 * differences and carried down when a fork has to be decided.
 */
export function createForkChoice(options: ForkChoiceOptions): ForkChoice {
  const { blocks, weights, slotsPerEpoch, boostWeight } = options
  const size = weights.length
  // The votes of one slot stand side by side: they come together.
  const latestHead = new Int32Array(size * slotsPerEpoch).fill(-1)
  const latestEpoch = new Int32Array(size * slotsPerEpoch).fill(-1)
  const barred = new Uint8Array(size * slotsPerEpoch)
  let base: BlockId = 0
  let top: BlockId = 0
  let leaves = 1
  let columns = createColumns(256)
  columns.known[0] = 1

  const has = (block: BlockId): boolean =>
    block >= base && block <= top && columns.known[block - base] === 1

  const add = (block: BlockId): void => {
    if (block - base >= columns.known.length) columns = widened(columns, block - base)
    columns.known[block - base] = 1
    if (block > top) top = block
    const parent = blocks.parent(block) - base
    if (columns.children[parent]! > 0) leaves++
    columns.children[parent] = columns.children[parent]! + 1
  }

  const move = (weight: number, block: BlockId): void => {
    if (has(block)) columns.deltas[block - base] = columns.deltas[block - base]! + weight
  }

  const vote = (slot: number, head: BlockId, voters: NodeSet, except?: NodeSet): void => {
    const first = (slot % slotsPerEpoch) * size
    const epoch = Math.floor(slot / slotsPerEpoch)
    // Most voters leave the same block, so their weights are moved together.
    let left: BlockId = -1
    let leaving = 0
    let arriving = 0
    for (let word = 0; word < voters.length; word++) {
      let rest = voters[word]!
      if (except !== undefined) rest &= ~except[word]!
      for (; rest !== 0; rest &= rest - 1) {
        const node = (word << 5) + lowestBit(rest)
        const index = first + node
        if (epoch <= latestEpoch[index]! || barred[index] === 1) continue
        latestEpoch[index] = epoch
        if (latestHead[index] !== left) {
          move(-leaving, left)
          left = latestHead[index]!
          leaving = 0
        }
        latestHead[index] = head
        leaving += weights[node]!
        arriving += weights[node]!
      }
    }
    move(-leaving, left)
    move(arriving, head)
  }

  const bar = (slot: number, node: number): void => {
    const index = (slot % slotsPerEpoch) * size + node
    if (barred[index] === 1) return
    barred[index] = 1
    move(-weights[node]!, latestHead[index]!)
    latestHead[index] = -1
  }

  const descend = ({ root, boosted, isViable }: HeadOptions): BlockId => {
    const { known, children, sums, deltas, best, bestScore } = columns
    best.fill(-1, 0, top - base + 1)
    let boostedPath = boosted
    for (let block = top; block > root; block--) {
      const at = block - base
      if (known[at] === 0) continue
      const parent = blocks.parent(block)
      const delta = deltas[at]!
      if (delta !== 0) {
        sums[at] = sums[at]! + delta
        deltas[parent - base] = deltas[parent - base]! + delta
        deltas[at] = 0
      }
      let score = sums[at]!
      if (block === boostedPath) {
        score += boostWeight
        boostedPath = parent
      }
      const viable = children[at] === 0 ? isViable(block) : best[at] !== -1
      if (!viable) continue
      const rival = best[parent - base]!
      if (rival === -1 || score > bestScore[parent - base]!) {
        best[parent - base] = block
        bestScore[parent - base] = score
      }
    }
    let head = root
    while (best[head - base] !== -1) head = best[head - base]!
    return head
  }

  const prune = (root: BlockId, isKept: (block: BlockId) => boolean): void => {
    const shift = root - base
    const length = top - root + 1
    for (const column of Object.values(columns)) {
      column.copyWithin(0, shift, shift + length)
      column.fill(0, length)
    }
    base = root
    leaves = 0
    const { known, children } = columns
    children.fill(0)
    for (let at = length - 1; at >= 0; at--) {
      if (known[at] === 0) continue
      if (at > 0 && !isKept(base + at)) {
        forget(columns, at)
        continue
      }
      if (children[at] === 0) leaves++
      if (at === 0) break
      const parent = blocks.parent(base + at) - base
      children[parent] = children[parent]! + 1
    }
    // Unknown blocks at the top would make the passes longer than they need be.
    while (known[top - base] === 0) top--
  }

  return {
    has,
    add,
    vote,
    bar,
    head: (query) => {
      if (leaves > 1) return descend(query)
      return top === query.root || query.isViable(top) ? top : query.root
    },
    prune,
  }
}

type Columns = {
  known: Uint8Array
  /** Number of known children. */
  children: Int32Array
  /** Weight of the votes for a block and its descendants. */
  sums: Float64Array
  /** What is still to be added to the block's sum and to those of its ancestors. */
  deltas: Float64Array
  best: Int32Array
  bestScore: Float64Array
}

function createColumns(length: number): Columns {
  return {
    known: new Uint8Array(length),
    children: new Int32Array(length),
    sums: new Float64Array(length),
    deltas: new Float64Array(length),
    best: new Int32Array(length),
    bestScore: new Float64Array(length),
  }
}

/** Wider columns with the same content, so that `index` has a place. */
function widened(columns: Columns, index: number): Columns {
  const wider = createColumns(Math.max(columns.known.length * 2, index + 1))
  wider.known.set(columns.known)
  wider.children.set(columns.children)
  wider.sums.set(columns.sums)
  wider.deltas.set(columns.deltas)
  return wider
}

function forget(columns: Columns, at: number): void {
  columns.known[at] = 0
  columns.sums[at] = 0
  columns.deltas[at] = 0
}
