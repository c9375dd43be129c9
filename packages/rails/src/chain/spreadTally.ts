import type { Spread } from '@counterpoise/network'

/** The levels at which times of propagation are told. */
export const spreadLevels = [0.1, 0.25, 0.5, 0.75, 0.9, 0.99] as const

/** How long blocks took to reach nodes, ms; the maker of a block is left out. */
export type SpreadRecord = {
  /** Blocks that have come as far as they will. */
  blocks: number
  /** Arrivals of these at nodes. */
  arrivals: number
  /** Over all arrivals. */
  mean: number
  /** Over all arrivals, at the levels; exact up to 100,000 of them, else within 0.2 %. */
  quantiles: readonly number[]
  /** Mean over blocks of each block's own quantile. */
  blockQuantiles: readonly number[]
  /** Over nodes, of each one's mean over the blocks it got, as Gervais et al. (2016) report. */
  nodeQuantiles: readonly number[]
  /**
   * ∫ (1 − f(t)) dt from a block's making on, where f(t) is the share of the power (hash rate,
   * stake) that has it and, where that is known, has checked it, before which nobody builds on it:
   * mean over blocks, of those that all with power got; undefined where the powers were not told
   * or there is no such block.
   *
   * @see C. Decker and R. Wattenhofer, Information Propagation in the Bitcoin Network, 2013.
   */
  unaware?: number | undefined
}

export type SpreadTally = {
  add: (spread: Spread, arrivedAt: Float64Array, checkedAt?: Float64Array) => void
  /**
   * With blocks that are still under way, as far as they have come: with the last call of all, as
   * they count from then on. Undefined where no block has spread.
   */
  record: (
    underWay?: readonly Parameters<SpreadTally['add']>[],
  ) => SpreadRecord | undefined
}

/** Up to so many arrivals are kept as they are. */
const exactMax = 100_000
/** Bins for each doubling of a time: 256, so that a bin's middle is within 0.2 % of its content. */
const binsPerOctave = 256
/** Times up to 2⁴¹ µs, 25 days, are told apart. */
const octaves = 41

/** Keeps times of arrival in bounded memory. `powers` are those of the nodes, in any unit. */
export function createSpreadTally(powers: ArrayLike<number> = []): SpreadTally {
  const holders = Array.from(powers, (_, node) => node).filter((node) => powers[node]! > 0)
  const power = holders.reduce((sum, node) => sum + powers[node]!, 0)
  let unaware = 0
  let complete = 0
  const exact = new Float64Array(exactMax)
  const bins = new Float64Array(octaves * binsPerOctave + 1)
  const sums = new Float64Array(spreadLevels.length)
  let delays = new Float64Array(0)
  /** By node: of all delays, and how many. */
  let nodeSums = new Float64Array(0)
  let nodeCounts = new Int32Array(0)
  let blocks = 0
  let arrivals = 0
  let total = 0

  const quantileOf = (level: number): number => {
    if (arrivals <= exactMax) return sortedQuantile(exact.subarray(0, arrivals), level)
    const rank = level * (arrivals - 1)
    let below = 0
    let bin = 0
    while (bin < bins.length - 1 && below + bins[bin]! <= rank) below += bins[bin++]!
    return middleOf(bin)
  }

  const addUnaware = (at: number, checkedAt: Float64Array): void => {
    let sum = 0
    for (const node of holders) sum += powers[node]! * (checkedAt[node]! - at)
    if (holders.length === 0 || sum === Infinity) return
    unaware += sum / power
    complete++
  }

  const add: SpreadTally['add'] = ({ origin, at }, arrivedAt, checkedAt = arrivedAt) => {
    addUnaware(at, checkedAt)
    if (delays.length < arrivedAt.length) {
      delays = new Float64Array(arrivedAt.length)
      nodeSums = new Float64Array(arrivedAt.length)
      nodeCounts = new Int32Array(arrivedAt.length)
    }
    let count = 0
    for (let node = 0; node < arrivedAt.length; node++) {
      const delay = arrivedAt[node]! - at
      if (node === origin || delay === Infinity) continue
      delays[count++] = delay
      nodeSums[node] = nodeSums[node]! + delay
      nodeCounts[node] = nodeCounts[node]! + 1
    }
    if (count === 0) return
    const sample = delays.subarray(0, count).sort()
    blocks++
    spreadLevels.forEach((level, k) => {
      sums[k] = sums[k]! + sortedQuantile(sample, level)
    })
    const room = Math.min(count, exactMax - arrivals)
    if (room > 0) exact.set(sample.subarray(0, room), arrivals)
    arrivals += count
    // Whole µs: their sums are exact in any order.
    let sum = 0
    for (let index = 0; index < count; index++) {
      const delay = sample[index]!
      sum += delay
      const bin = binOf(delay)
      bins[bin] = bins[bin]! + 1
    }
    total += sum
  }

  return {
    add,
    record: (underWay = []) => {
      for (const each of underWay) add(...each)
      if (arrivals === 0) return undefined
      if (arrivals <= exactMax) exact.subarray(0, arrivals).sort()
      return {
        blocks,
        arrivals,
        mean: total / arrivals / 1_000,
        quantiles: spreadLevels.map((level) => quantileOf(level) / 1_000),
        blockQuantiles: Array.from(sums, (sum) => sum / blocks / 1_000),
        nodeQuantiles: quantilesOf(meansOf(nodeSums, nodeCounts)),
        ...(complete > 0 && { unaware: unaware / complete / 1_000 }),
      }
    },
  }
}

/** The means of those that have one, sorted. */
const meansOf = (totals: Float64Array, counts: Int32Array): Float64Array =>
  totals
    .map((total, node) => total / counts[node]!)
    .filter((_, node) => counts[node]! > 0)
    .sort()

const quantilesOf = (sortedDelays: Float64Array): number[] =>
  spreadLevels.map((level) => sortedQuantile(sortedDelays, level) / 1_000)

/** The quantile of a sorted sample, interpolated linearly between neighbours. */
function sortedQuantile(sorted: Float64Array, level: number): number {
  const place = (sorted.length - 1) * level
  const below = Math.floor(place)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (place - below)
}

const float = new Float64Array(1)
const words = new Int32Array(float.buffer)
/** Which of the two words holds exponent and the upper part of the significand. */
float[0] = 1
const upper = words[1] === 0 ? 0 : 1

/** The exponent, and as many bits of the significand as tell the bins apart: no logarithm. */
function binOf(delay: number): number {
  if (delay < 1) return 0
  float[0] = delay
  return Math.min(octaves * binsPerOctave, 1 + (words[upper]! >> 12) - 1_023 * binsPerOctave)
}

/** Times below 1 µs are in bin 0. */
function middleOf(bin: number): number {
  if (bin === 0) return 0
  words[1 - upper] = 0
  words[upper] = ((bin - 1 + 1_023 * binsPerOctave) << 12) + (1 << 11)
  return float[0]!
}
