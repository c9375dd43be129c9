import { toMs, type Time } from '@counterpoise/engine'

/** Intervals are counted in bins of this part of the target, up to so many targets. */
const binsPerTarget = 50
const targetsMax = 20
/** Deeper reorganisations count as ones of this depth. */
const depthMax = 1_023

/** What one miner got out of a run. */
export type MinerResult = {
  /** Part of the hash rate at the start, 0 … 1. */
  share: number
  /** Blocks that it found, settled or not. */
  found: number
  /** Of these, in the chain. */
  chainBlocks: number
  /** Of these, out of the chain for good. */
  stale: number
  /** Its part of the chain's blocks, 0 … 1. */
  revenueShare: number
}

/** How long after its parent each block of the chain was found. */
export type IntervalResult = {
  count: number
  meanMs: number
  /** Standard deviation, ms. */
  deviationMs: number
  /** Width of a bin, ms. */
  binMs: number
  /** How many intervals fell into each bin; the last one also has all longer ones. */
  counts: number[]
}

/** Counts what becomes of blocks. */
export type Tally = {
  find: (finder: number) => void
  include: (finder: number, time: Time) => void
  orphan: (finder: number, isHidden: boolean) => void
  reorganise: (depth: number) => void
  chainBlocks: () => number
  stale: () => number
  /** Stale blocks that nobody but their finder ever saw. */
  hidden: () => number
  miners: (shares: readonly number[]) => MinerResult[]
  intervals: () => IntervalResult
  inclusionIntervals: () => IntervalResult
  /** How often a miner gave up so many blocks for others; the index is the number of blocks. */
  reorganisations: () => number[]
}

/** Moments and a histogram of the spans between points of time. */
function createIntervals(targetInterval: Time): {
  add: (time: Time) => void
  result: () => IntervalResult
} {
  const bins = new Float64Array(binsPerTarget * targetsMax)
  const perBin = binsPerTarget / targetInterval
  let count = 0
  let last: Time = 0
  /** Sums of differences from the target, so that their squares keep their digits. */
  let sum = 0
  let squares = 0
  return {
    add: (time) => {
      const interval = time - last
      last = time
      count++
      const relative = interval / targetInterval - 1
      sum += relative
      squares += relative * relative
      bins[Math.min(bins.length - 1, Math.floor(interval * perBin))]!++
    },
    result: () => {
      const mean = count === 0 ? 0 : sum / count
      const variance = count < 2 ? 0 : (squares - sum * mean) / (count - 1)
      return {
        count,
        meanMs: count === 0 ? 0 : toMs(targetInterval) * (1 + mean),
        deviationMs: toMs(targetInterval) * Math.sqrt(Math.max(0, variance)),
        binMs: toMs(targetInterval) / binsPerTarget,
        counts: upToLast(bins),
      }
    },
  }
}

/** Blocks of the miners in `omits` do not count for the intervals of inclusion. */
export function createTally(
  miners: number,
  targetInterval: Time,
  omits: readonly number[],
): Tally {
  const found = new Float64Array(miners)
  const included = new Float64Array(miners)
  const orphaned = new Float64Array(miners)
  const depths = new Float64Array(depthMax + 1)
  const intervals = createIntervals(targetInterval)
  const inclusions = omits.length === 0 ? undefined : createIntervals(targetInterval)
  let chainBlocks = 0
  let stale = 0
  let hidden = 0

  return {
    find: (finder) => {
      found[finder]!++
    },
    include: (finder, time) => {
      included[finder]!++
      chainBlocks++
      intervals.add(time)
      if (inclusions !== undefined && !omits.includes(finder)) inclusions.add(time)
    },
    orphan: (finder, isHidden) => {
      orphaned[finder]!++
      stale++
      if (isHidden) hidden++
    },
    reorganise: (depth) => {
      depths[Math.min(depth, depthMax)]!++
    },
    chainBlocks: () => chainBlocks,
    stale: () => stale,
    hidden: () => hidden,
    miners: (shares) => {
      const total = shares.reduce((all, share) => all + share, 0)
      return shares.map((share, miner) => ({
        share: share / total,
        found: found[miner]!,
        chainBlocks: included[miner]!,
        stale: orphaned[miner]!,
        revenueShare: chainBlocks === 0 ? 0 : included[miner]! / chainBlocks,
      }))
    },
    intervals: intervals.result,
    inclusionIntervals: () => (inclusions ?? intervals).result(),
    reorganisations: () => upToLast(depths),
  }
}

/** Without the zeros at the end. */
function upToLast(counts: Float64Array): number[] {
  let end = counts.length
  while (end > 0 && counts[end - 1] === 0) end--
  return Array.from(counts.subarray(0, end))
}
