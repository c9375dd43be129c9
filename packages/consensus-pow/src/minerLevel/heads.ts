import type { Stream, Time } from '@counterpoise/engine'
import type { RecentBlocks } from './recentBlocks.ts'

/** What decides a tie between a block of an attacker and blocks of others. */
export type TieBreak = {
  /** 1 for the attacker and its allies. */
  side: Uint8Array
  /** Share of the others that takes the attacker's block. */
  gamma: number
  stream: Stream
}

export type HeadOptions = {
  blocks: RecentBlocks
  /** After so long everybody has a block, µs. */
  longest: Time
  /** The last settled block, and its height. */
  settled: () => number
  settledHeight: () => number
}

/** Which block a miner mines on at a time: of what has reached it the heaviest, first seen. */
export type Heads = {
  /** Where all blocks have the same difficulty, so that the highest is the heaviest. */
  highest: (miner: number, now: Time, tieBreak?: TieBreak) => number
  /** Where difficulties differ. */
  heaviest: (miner: number, now: Time, tieBreak?: TieBreak) => number
}

export function createHeads({ blocks, longest, settled, settledHeight }: HeadOptions): Heads {
  /** The first block of one side, or of both, that has reached a miner from a level. */
  const firstOf = (
    height: number,
    miner: number,
    now: Time,
    side?: Uint8Array,
    wanted?: number,
  ): number => {
    let [first, earliest] = [-1, now]
    let block = blocks.newestAt[height & blocks.mask]!
    for (; block >= 0; block = blocks.older[block & blocks.mask]!) {
      if (side !== undefined && side[blocks.finders[block & blocks.mask]!] !== wanted) continue
      const time = blocks.arrivalAt(block, miner)
      if (time > earliest) continue
      // Levels list their newest block first.
      if (time === earliest && first >= 0 && !blocks.isOlderFirst(block, first)) continue
      earliest = time
      first = block
    }
    return first
  }

  const firstByTie = (height: number, miner: number, now: Time, tie: TieBreak): number => {
    const attacking = firstOf(height, miner, now, tie.side, 1)
    const other = firstOf(height, miner, now, tie.side, 0)
    if (attacking < 0) return other
    if (other < 0) return attacking
    return tie.stream.chance(tie.gamma) ? attacking : other
  }

  /** The heaviest block of one side, or of both, that has reached a miner. */
  const heaviestOf = (miner: number, now: Time, side?: Uint8Array, wanted?: number): number => {
    const { mask, newestAt, older, works, finders } = blocks
    let [best, earliest] = [settled(), 0]
    for (let height = settledHeight() + 1; height <= blocks.topHeight; height++) {
      for (let block = newestAt[height & mask]!; block >= 0; block = older[block & mask]!) {
        if (side !== undefined && side[finders[block & mask]!] !== wanted) continue
        if (works[block & mask]! < works[best & mask]!) continue
        const time = blocks.arrivalAt(block, miner)
        if (time > now) continue
        if (works[block & mask]! === works[best & mask]!) {
          if (time > earliest) continue
          if (time === earliest && !blocks.isOlderFirst(block, best)) continue
        }
        best = block
        earliest = time
      }
    }
    return best
  }

  return {
    highest: (miner, now, tieBreak) => {
      const { mask, newestAt, countAt, released } = blocks
      for (let height = blocks.topHeight; height > settledHeight(); height--) {
        if (countAt[height & mask] === 1) {
          const block = newestAt[height & mask]!
          if (released[block & mask]! + longest <= now) return block
          if (blocks.arrivalAt(block, miner) <= now) return block
          continue
        }
        const block =
          tieBreak === undefined
            ? firstOf(height, miner, now)
            : firstByTie(height, miner, now, tieBreak)
        if (block >= 0) return block
      }
      return settled()
    },
    heaviest: (miner, now, tie) => {
      if (tie === undefined) return heaviestOf(miner, now)
      const attacking = heaviestOf(miner, now, tie.side, 1)
      const other = heaviestOf(miner, now, tie.side, 0)
      const { works, mask } = blocks
      const difference = works[attacking & mask]! - works[other & mask]!
      if (difference !== 0) return difference > 0 ? attacking : other
      return attacking !== other && tie.stream.chance(tie.gamma) ? attacking : other
    },
  }
}
