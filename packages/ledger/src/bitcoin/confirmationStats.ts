/** How long a horizon looks back, and what it asks for before it believes a range of feerates. */
export type Horizon = {
  /** Confirmations are counted in periods of so many blocks … */
  scale: number
  /** … up to so many. */
  periods: number
  /** What is left of a block's counts one block later. */
  decay: number
  /** Transactions per block that a range of feerates needs to be looked at. */
  sufficient: number
}

/** Confirmed and failed transactions by bucket of feerates, with older blocks counting less. */
export type ConfirmationStats = {
  /** The longest target that is followed, blocks. */
  targetMax: number
  /** A transaction of a bucket comes into the pool at a height. */
  enter: (bucket: number, height: number) => void
  /** It goes, into a block or without one. */
  leave: (bucket: number, entryHeight: number, height: number, isMined: boolean) => void
  /** A block has come: older counts weigh less. Its transactions are told of afterwards. */
  age: (height: number) => void
  /** It took a transaction so many blocks, at least one, to be confirmed. */
  record: (bucket: number, blocks: number, rate: number) => void
  /**
   * The feerate of the lowest range of buckets, and all above it, of whose transactions a share
   * was confirmed within the target; −1 where there is none.
   */
  estimate: (target: number, successShare: number, height: number) => number
}

/** Makes a horizon without history. */
export function createConfirmationStats(horizon: Horizon, buckets: number): ConfirmationStats {
  const { scale, periods, decay, sufficient } = horizon
  const targetMax = scale * periods
  const confirmed = new Float64Array(periods * buckets)
  const failed = new Float64Array(periods * buckets)
  const counts = new Float64Array(buckets)
  const rates = new Float64Array(buckets)
  /** Those in the pool, by the height at which they came, and those from longer ago. */
  const waiting = new Int32Array(targetMax * buckets)
  const waitingLonger = new Int32Array(buckets)
  const ring = (height: number): number =>
    (((height % targetMax) + targetMax) % targetMax) * buckets

  return {
    targetMax,
    enter: (bucket, height) => {
      const at = ring(height) + bucket
      waiting[at] = waiting[at]! + 1
    },
    leave: (bucket, entryHeight, height, isMined) => {
      const blocksAgo = height - entryHeight
      if (blocksAgo >= targetMax) waitingLonger[bucket] = waitingLonger[bucket]! - 1
      else {
        const at = ring(entryHeight) + bucket
        waiting[at] = waiting[at]! - 1
      }
      if (isMined) return
      // Only who has missed a whole period has failed in it.
      const missed = Math.min(periods, Math.floor(blocksAgo / scale))
      for (let period = 0; period < missed; period++) {
        const at = period * buckets + bucket
        failed[at] = failed[at]! + 1
      }
    },
    age: (height) => {
      const slot = ring(height)
      for (let bucket = 0; bucket < buckets; bucket++) {
        waitingLonger[bucket] = waitingLonger[bucket]! + waiting[slot + bucket]!
        waiting[slot + bucket] = 0
        counts[bucket] = counts[bucket]! * decay
        rates[bucket] = rates[bucket]! * decay
      }
      for (let at = 0; at < confirmed.length; at++) {
        confirmed[at] = confirmed[at]! * decay
        failed[at] = failed[at]! * decay
      }
    },
    record: (bucket, blocks, rate) => {
      for (let period = Math.ceil(blocks / scale); period <= periods; period++) {
        const at = (period - 1) * buckets + bucket
        confirmed[at] = confirmed[at]! + 1
      }
      counts[bucket] = counts[bucket]! + 1
      rates[bucket] = rates[bucket]! + rate
    },
    estimate: (target, successShare, height) => {
      const row = (Math.ceil(target / scale) - 1) * buckets
      const needed = sufficient / (1 - decay)
      let range = { confirmed: 0, total: 0, failed: 0, waiting: 0 }
      let seen = 0
      let high = buckets - 1
      let startsAnew = true
      let best: { low: number; high: number } | undefined
      for (let bucket = buckets - 1; bucket >= 0; bucket--) {
        if (startsAnew) high = bucket
        startsAnew = false
        range.confirmed += confirmed[row + bucket]!
        range.total += counts[bucket]!
        range.failed += failed[row + bucket]!
        seen += counts[bucket]!
        for (let age = target; age < targetMax; age++) {
          range.waiting += waiting[ring(height - age) + bucket]!
        }
        range.waiting += waitingLonger[bucket]!
        if (seen < needed) continue
        seen = 0
        const share = range.confirmed / (range.total + range.failed + range.waiting)
        if (share < successShare) continue
        best = { low: bucket, high }
        range = { confirmed: 0, total: 0, failed: 0, waiting: 0 }
        startsAnew = true
      }
      return best === undefined ? -1 : medianRate(counts, rates, best.low, best.high)
    },
  }
}

/** The mean feerate of the bucket in which the median transaction of a range is. */
function medianRate(
  counts: Float64Array,
  rates: Float64Array,
  low: number,
  high: number,
): number {
  let half = 0
  for (let bucket = low; bucket <= high; bucket++) half += counts[bucket]! / 2
  if (half === 0) return -1
  for (let bucket = low; bucket <= high; bucket++) {
    if (counts[bucket]! >= half) return rates[bucket]! / counts[bucket]!
    half -= counts[bucket]!
  }
  return -1
}
