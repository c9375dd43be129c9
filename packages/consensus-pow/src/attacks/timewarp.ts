import { createStream, exponential, seconds, type Time, toSeconds } from '@counterpoise/engine'
import type { StampRange } from '../conduct.ts'
import { MinerLevelError } from '../minerLevel/errors.ts'

export type TimewarpOptions = {
  seed?: string | undefined
  replication?: number | undefined
  /** Part of the hash rate whose blocks lie about the time, 0 … 1. */
  attackerShare: number
  /** Retarget periods to run through. */
  periods: number
  /** Target interval, s; 600. */
  intervalS?: number | undefined
  /** Blocks of a period; 2016, whose measured intervals are one less. */
  retargetInterval?: number | undefined
  /** 4. */
  retargetClampFactor?: number | undefined
  /** How far ahead of its own time a node lets a time stamp be, s; 7,200. */
  futureLimitS?: number | undefined
  /**
   * How far the first block of a period may lie before the last one of the period before, s: 600
   * with BIP 54, no limit without it.
   */
  firstBlockLimitS?: number | undefined
}

export type TimewarpResult = {
  /** Difficulty of each period, 1 at the start. */
  difficulties: number[]
  /** How long each period really took, s. */
  periodsS: number[]
  /** Blocks found per target interval, over all periods. */
  growth: number
  /** Time stamp of the last block less its true time, s. */
  lastStampAheadS: number
}

/** A time stamp must be later than the median of so many before it. */
const medianBlocks = 11

/**
 * What a block that lies about the time says: the least that is allowed, and in the last block of a
 * period the latest.
 */
export const timewarpStamp = ({ earliest, latest, endsPeriod }: StampRange): Time =>
  endsPeriod ? Math.max(earliest, latest) : earliest

/**
 * One chain whose difficulty follows the time stamps in its blocks, some of which lie. A period is
 * measured from its first block to its last one, so the step from one period to the next is never
 * measured. The attacker holds its stamps back at the least that the median of the last 11 allows,
 * save in the last block of a period, where it says the latest that nodes accept: each period
 * seems long, and the difficulty falls. The others write the true time, or the least allowed.
 *
 * @throws MinerLevelError where the share is none.
 */
export function runTimewarp(options: TimewarpOptions): TimewarpResult {
  const { attackerShare, periods, retargetInterval = 2016, retargetClampFactor = 4 } = options
  if (!(attackerShare >= 0 && attackerShare <= 1)) {
    throw new MinerLevelError('The share of blocks whose time lies is from 0 to 1.', [
      `Found: ${attackerShare}`,
    ])
  }
  const interval = seconds(options.intervalS ?? 600)
  const futureLimit = seconds(options.futureLimitS ?? 7_200)
  const firstBlockLimit = seconds(options.firstBlockLimitS ?? Number.MAX_SAFE_INTEGER / 1e6)
  const { seed = 'timewarp', replication = 0 } = options
  const stream = createStream({ seed, replication, purpose: 'timewarp' })
  const wanted = retargetInterval * interval
  const recent = createRecentStamps()
  const difficulties: number[] = []
  const periodsS: number[] = []
  let now = 0
  let difficulty = 1
  let last = 0

  for (let period = 0; period < periods; period++) {
    difficulties.push(difficulty)
    const began = now
    let first = 0
    for (let index = 0; index < retargetInterval; index++) {
      now += Math.round(exponential(stream, interval * difficulty))
      const isFirst = index === 0 && period > 0
      // Whole seconds, as in a header.
      const least = Math.max(
        recent.median() + seconds(1),
        isFirst ? last - firstBlockLimit : Number.NEGATIVE_INFINITY,
      )
      const isLast = index === retargetInterval - 1
      const range = { now, earliest: least, latest: now + futureLimit, endsPeriod: isLast }
      last = stream.chance(attackerShare) ? timewarpStamp(range) : Math.max(least, now)
      recent.add(last)
      if (index === 0) first = last
    }
    periodsS.push(toSeconds(now - began))
    const measured = last - first
    const longest = wanted * retargetClampFactor
    const shortest = wanted / retargetClampFactor
    difficulty *= wanted / Math.min(longest, Math.max(shortest, measured))
  }
  return {
    ...{ difficulties, periodsS },
    growth: (periods * retargetInterval * interval) / now,
    lastStampAheadS: toSeconds(last - now),
  }
}

/** The time stamps of the last eleven blocks; zero before there are so many. */
function createRecentStamps(): { add: (stamp: number) => void; median: () => number } {
  const ring = new Float64Array(medianBlocks)
  const sorted = new Float64Array(medianBlocks)
  let next = 0
  return {
    add: (stamp) => {
      ring[next] = stamp
      next = (next + 1) % medianBlocks
    },
    median: () => {
      sorted.set(ring)
      return sorted.sort()[(medianBlocks - 1) / 2]!
    },
  }
}

/**
 * The same attack on the average, for a miner that finds every block: each period seems to have
 * begun when the attack did. Difficulty of each period, without chance and with a clamp of 4.
 */
export function timewarpDifficulties(periods: number, retargetInterval = 2016): number[] {
  const difficulties: number[] = []
  let difficulty = 1
  let elapsed = 0
  for (let period = 0; period < periods; period++) {
    difficulties.push(difficulty)
    elapsed += difficulty * retargetInterval
    // From the first block of the period, held back to the beginning, to the last, which is true.
    const measured = Math.max(retargetInterval / 4, Math.min(retargetInterval * 4, elapsed))
    difficulty *= retargetInterval / measured
  }
  return difficulties
}
