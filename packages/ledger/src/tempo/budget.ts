import type { Time } from '@counterpoise/engine'
import { TempoError } from './forks.ts'
import type { BlockCost } from './lanes.ts'

export type BuildBudgetOptions = {
  /** Speed at which the builder executes, gas per second; 0: takes no time. */
  gasPerSecond: number
  /** What building takes on top of executing: a factor of at least 1. */
  multiplier: number
  /** Writing a block down, ns per byte. */
  persistNsPerByte: number
}

/** What one node reckons that a block takes of the time until it must be with the others. */
export type BuildBudget = {
  /** Building, the others' checking and twice the writing: W_b + W_v + 2P, µs. */
  cost: BlockCost
  /** Notes how long this node took to check a block of others. */
  learn: (time: Time, gas: number, transactions: number) => void
}

/** How many checked blocks are remembered. */
const remembered = 64

/**
 * A builder's reckoning: W_b = multiplier · execution; W_v = what others were seen to need, but at
 * most W_b; P = bytes · cost of writing. What they need is the 90th percentile of the last 64
 * checks, scaled up where the block has more gas or transactions than their 90th percentiles.
 *
 * Source: tempoxyz/tempo d656ef5, crates/payload/builder/src/budget.rs.
 *
 * @throws TempoError for negative costs or a multiplier below 1.
 */
export function createBuildBudget(options: BuildBudgetOptions): BuildBudget {
  const { gasPerSecond, multiplier, persistNsPerByte } = options
  if (!(multiplier >= 1)) throw new TempoError('build multiplier', 'at least 1', multiplier)
  for (const value of [gasPerSecond, persistNsPerByte]) {
    if (!(value >= 0)) throw new TempoError('build cost', 'at least 0', value)
  }
  const times = new Float64Array(remembered)
  const gases = new Float64Array(remembered)
  const counts = new Float64Array(remembered)
  let known = 0
  let high = { time: 0, gas: 0, transactions: 0 }
  let isStale = false

  const percentiles = (): typeof high => {
    if (!isStale) return high
    isStale = false
    const size = Math.min(known, remembered)
    const p90 = (values: Float64Array): number =>
      values.slice(0, size).sort()[Math.ceil(size * 0.9) - 1]!
    high = { time: p90(times), gas: p90(gases), transactions: p90(counts) }
    return high
  }

  return {
    cost: (gas, bytes, transactions) => {
      const building = gasPerSecond === 0 ? 0 : (multiplier * gas * 1_000_000) / gasPerSecond
      const writing = (bytes * persistNsPerByte) / 1_000
      return building + checking(percentiles(), building, gas, transactions) + 2 * writing
    },
    learn: (time, gas, transactions) => {
      const slot = known++ % remembered
      times[slot] = time
      gases[slot] = gas
      counts[slot] = transactions
      isStale = true
    },
  }
}

/** Before anything is learned, others are taken to need as long as the builder. */
function checking(
  high: { time: Time; gas: number; transactions: number },
  building: Time,
  gas: number,
  transactions: number,
): Time {
  if (high.gas === 0) return building
  const scale = Math.max(
    1,
    gas / high.gas,
    high.transactions === 0 ? 1 : transactions / high.transactions,
  )
  return Math.min(building, high.time * scale)
}
