import type { Time } from '@counterpoise/engine'
import {
  type BitcoinPolicy,
  type BitcoinPool,
  type BlockId,
  type BlockStore,
  createBitcoinPool,
  createFeeEstimator,
  type Departure,
  type FeeEstimator,
  genesis,
  type TransactionId,
  type Transactions,
} from '@counterpoise/ledger'

/** The pool of one node, or of all, with the block from whose view it is. */
export type NodePool = {
  pool: BitcoinPool
  estimator: FeeEstimator | undefined
  /** Takes a transaction that reaches the node; what `BitcoinPool.submit` answers. */
  submit: (id: TransactionId, now: Time) => ReturnType<BitcoinPool['submit']>
  /** Brings the pool to the view of a block: blocks left behind return what they hold. */
  moveTo: (block: BlockId, now: Time) => void
}

export type NodePoolOptions = {
  table: Transactions
  policy: BitcoinPolicy
  blocks: BlockStore
  /** What a block holds, with what is no payment of the run. */
  transactionsOf: (block: BlockId) => Int32Array
  estimates: boolean
  onLeft?: ((id: TransactionId, why: Departure) => void) | undefined
  /** A block has become part of the chain of the pool's view. */
  onJoined?: ((block: BlockId) => void) | undefined
}

/** Makes the pool of a node that starts at the genesis block. */
export function createNodePool(options: NodePoolOptions): NodePool {
  const { table, policy, blocks, transactionsOf, onLeft } = options
  // Bitcoin Core follows feerates from its least relay fee on: 0.1 sat/vB since v31, 1 before.
  const estimator = options.estimates
    ? createFeeEstimator({ lowestBucket: Math.max(1, policy.relayRate) })
    : undefined
  const pool = createBitcoinPool({
    table,
    policy,
    onLeft: (id, why) => {
      estimator?.leave(id)
      onLeft?.(id, why)
    },
  })
  let position: BlockId = genesis

  const hasParents = (id: TransactionId): boolean => {
    for (let k = 0; k < table.parentCount(id); k++) if (pool.has(table.parent(id, k))) return true
    return false
  }
  /** The blocks after one up to another that descends from it, lowest first. */
  const pathUp = (from: BlockId, to: BlockId): BlockId[] => {
    const path: BlockId[] = []
    for (let block = to; block !== from; block = blocks.parent(block)) path.push(block)
    return path.reverse()
  }

  return {
    pool,
    estimator,
    submit: (id, now) => {
      const rejected = pool.submit(id, now)
      if (rejected === undefined && estimator !== undefined && !hasParents(id)) {
        estimator.enter(id, (table.fee(id) * 1_000) / table.virtualBytes(id))
      }
      return rejected
    },
    moveTo: (target, now) => {
      if (target === position) return
      const common = blocks.commonAncestor(position, target)
      const joined = pathUp(common, target)
      if (common === position) {
        for (const block of joined) pool.connect(transactionsOf(block), now)
      } else {
        const idsOf = (path: readonly BlockId[]): TransactionId[] =>
          path.flatMap((block) => [...transactionsOf(block)])
        pool.reorganise(idsOf(pathUp(common, position)), idsOf(joined), now)
      }
      position = target
      for (const block of joined) {
        estimator?.connect(transactionsOf(block), blocks.height(block))
        options.onJoined?.(block)
      }
    },
  }
}
