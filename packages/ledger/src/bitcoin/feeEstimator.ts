import {
  type ConfirmationStats,
  createConfirmationStats,
  type Horizon,
} from './confirmationStats.ts'
import { type TransactionId, widened } from './transactions.ts'

/** The horizons of Bitcoin Core (block_policy_estimator.h): half-lives of 18, 144, 1008 blocks. */
export const estimateHorizons: Record<'short' | 'medium' | 'long', Horizon> = {
  short: { scale: 1, periods: 12, decay: 0.962, sufficient: 0.5 },
  medium: { scale: 2, periods: 24, decay: 0.9952, sufficient: 0.1 },
  long: { scale: 24, periods: 42, decay: 0.99931, sufficient: 0.1 },
}

/** What share must be confirmed within half the target, the target, and twice the target. */
const successShares = { half: 0.6, full: 0.85, double: 0.95 } as const

const bucketSpacing = 1.05
const highestBucket = 1e7

export type FeeEstimatorOptions = {
  /** Upper edge of the lowest bucket, sat/kvB: 100 in Bitcoin Core since v31, 1,000 before. */
  lowestBucket: number
}

/**
 * Estimates feerates from how long transactions took, as Bitcoin Core's `estimatesmartfee`: the
 * most of what was needed for 60 % to be confirmed within half the target, 85 % within the target
 * and 95 % within twice the target. It sees one node's pool and chain.
 */
export type FeeEstimator = {
  /** A transaction has come into the pool without parents there; sat/kvB. */
  enter: (id: TransactionId, rate: number) => void
  /** It has left without a block: replaced, evicted, expired. */
  leave: (id: TransactionId) => void
  /** A block at a height; one that is not higher than all before is ignored, with what it holds. */
  connect: (ids: ArrayLike<TransactionId>, height: number) => void
  /**
   * The feerate at which a transaction is expected to be confirmed in time, sat/kvB; undefined
   * while too little is known.
   *
   * @param target In blocks, up to 1,008; 1 is taken for 2, and no more than history allows.
   * @param mode `conservative` asks for 95 % within twice the target in longer horizons as well.
   */
  estimate: (target: number, mode?: 'economical' | 'conservative') => number | undefined
}

/** The upper edges of the buckets, sat/kvB. */
export function bucketEdges(lowestBucket: number): Float64Array {
  const edges: number[] = []
  for (let edge = lowestBucket; edge <= highestBucket; edge *= bucketSpacing) edges.push(edge)
  return Float64Array.from([...edges, Number.POSITIVE_INFINITY])
}

/** Makes an estimator that has seen nothing. */
export function createFeeEstimator({ lowestBucket }: FeeEstimatorOptions): FeeEstimator {
  const edges = bucketEdges(lowestBucket)
  const statsOf = (horizon: Horizon): ConfirmationStats =>
    createConfirmationStats(horizon, edges.length)
  const short = statsOf(estimateHorizons.short)
  const medium = statsOf(estimateHorizons.medium)
  const long = statsOf(estimateHorizons.long)
  const all = [short, medium, long]
  /** Of each transaction that is followed: one more than its bucket, its feerate, its height. */
  let bucketOf = new Int32Array(1024)
  let rateOf = new Float64Array(1024)
  let heightOf = new Int32Array(1024)
  let height = 0
  let firstHeight: number | undefined
  /** Estimates change with blocks and with who leaves. */
  const known = new Map<number, number | undefined>()

  const find = (rate: number): number => {
    let low = 0
    let high = edges.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (edges[middle]! < rate) low = middle + 1
      else high = middle
    }
    return low
  }
  const remove = (id: TransactionId, isMined: boolean): boolean => {
    if (id >= bucketOf.length || bucketOf[id] === 0) return false
    const bucket = bucketOf[id]! - 1
    for (const stats of all) stats.leave(bucket, heightOf[id]!, height, isMined)
    bucketOf[id] = 0
    return true
  }
  /** From the shortest horizon that follows the target; shorter ones may lower it. */
  const combined = (target: number, share: number, lowers: boolean): number => {
    if (target < 1 || target > long.targetMax) return -1
    const own = all.find((stats) => target <= stats.targetMax)!
    let found = own.estimate(target, share, height)
    if (!lowers) return found
    for (const stats of [medium, short]) {
      if (target <= stats.targetMax) continue
      const lower = stats.estimate(stats.targetMax, share, height)
      if (lower > 0 && (found === -1 || lower < found)) found = lower
    }
    return found
  }
  const conservative = (doubled: number): number => {
    const { double } = successShares
    const ofMedium =
      doubled <= short.targetMax ? medium.estimate(doubled, double, height) : -1
    const ofLong = doubled <= medium.targetMax ? long.estimate(doubled, double, height) : -1
    return Math.max(ofMedium, ofLong)
  }
  const compute = (wanted: number, isConservative: boolean): number | undefined => {
    const span = firstHeight === undefined ? 0 : height - firstHeight
    const usable = Math.min(long.targetMax, Math.floor(span / 2))
    const target = Math.min(Math.max(2, wanted), usable)
    if (target <= 1) return undefined
    let found = Math.max(
      combined(Math.floor(target / 2), successShares.half, true),
      combined(target, successShares.full, true),
      combined(2 * target, successShares.double, !isConservative),
    )
    if (isConservative || found === -1) found = Math.max(found, conservative(2 * target))
    return found < 0 ? undefined : Math.round(found)
  }

  return {
    enter: (id, rate) => {
      while (id >= bucketOf.length) {
        bucketOf = widened(bucketOf, new Int32Array(bucketOf.length * 2))
        rateOf = widened(rateOf, new Float64Array(rateOf.length * 2))
        heightOf = widened(heightOf, new Int32Array(heightOf.length * 2))
      }
      if (bucketOf[id] !== 0) return
      const bucket = find(rate)
      bucketOf[id] = bucket + 1
      rateOf[id] = rate
      heightOf[id] = height
      for (const stats of all) stats.enter(bucket, height)
    },
    leave: (id) => {
      if (remove(id, false)) known.clear()
    },
    connect: (ids, at) => {
      if (at <= height) return
      height = at
      known.clear()
      for (const stats of all) stats.age(height)
      for (let k = 0; k < ids.length; k++) {
        const id = ids[k]!
        const bucket = (bucketOf[id] ?? 0) - 1
        if (!remove(id, true)) continue
        const blocks = height - heightOf[id]!
        for (const stats of all) stats.record(bucket, blocks, rateOf[id]!)
        firstHeight ??= height
      }
    },
    estimate: (target, mode = 'economical') => {
      const wanted = Math.min(Math.ceil(target), long.targetMax)
      const key = wanted * 2 + (mode === 'conservative' ? 1 : 0)
      if (!known.has(key)) known.set(key, compute(wanted, mode === 'conservative'))
      return known.get(key)
    },
  }
}
