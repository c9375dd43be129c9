import { createStream, lognormal, seconds } from '@counterpoise/engine'
import {
  bitcoinPolicies,
  createBitcoinPool,
  createTransactions,
  type PoolRules,
} from '../src/index.ts'

/** Transactions that come in while others wait, and blocks that are made of them. */
export type BitcoinRush = {
  rules: PoolRules
  /** In the pool before. */
  pending: number
  arriving: number
  /** A block after so many arrivals; none for 0. */
  perBlock: number
  /** What share of transactions spends an output of one of the ten before it. */
  childShare: number
}

/** What a rush leaves; every transaction comes in and nothing is evicted. */
export type BitcoinRushEnd = { waiting: number; mined: number }

/** Makes a rush that can be run again and again, each time into a pool of its own. */
export function createBitcoinRush(rush: BitcoinRush): () => BitcoinRushEnd {
  const { rules, pending, arriving, perBlock, childShare } = rush
  const stream = createStream({ seed: 'rush', replication: 0, purpose: 'fees' })
  const table = createTransactions()
  for (let id = 0; id < pending + arriving; id++) {
    const fee = Math.ceil(200 + 141 * lognormal(stream, 5, 1))
    const isChild = id > 10 && stream.chance(childShare)
    const parents = isChild ? [id - 1 - stream.below(10)] : []
    table.add({ fee: Math.min(fee, 1_000_000), weight: 564, spends: [id], parents })
  }
  return () => {
    const pool = createBitcoinPool({
      table,
      policy: { ...bitcoinPolicies.v31, rules, capacityBytes: 1e12 },
    })
    for (let id = 0; id < pending; id++) pool.submit(id, 0)
    const end = { waiting: 0, mined: 0 }
    for (let id = pending; id < pending + arriving; id++) {
      pool.submit(id, seconds(id))
      if (perBlock === 0 || id % perBlock !== 0) continue
      const block = pool.select()
      pool.connect(block, seconds(id))
      end.mined += block.length
    }
    end.waiting = pool.size()
    return end
  }
}
