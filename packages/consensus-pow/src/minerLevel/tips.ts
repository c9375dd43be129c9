import type { Stream, Time } from '@counterpoise/engine'
import { createHeads, type TieBreak } from './heads.ts'
import type { RecentBlocks } from './recentBlocks.ts'
import type { Settlement } from './settlement.ts'

/** After so many blocks at most, difficulties that differ are looked at again. */
const mixedBlocksMax = 16

export type TipsOptions = {
  blocks: RecentBlocks
  settlement: Settlement
  /** 1 for an attacker and its allies. */
  side: Uint8Array
  longest: Time
  /** What may be built upon because of the attacker. */
  held: () => readonly number[]
  gamma: number | undefined
  tieStream: Stream
}

/** What miners mine on, and at which difficulty. */
export type Tips = {
  headOf: (miner: number, now: Time) => number
  /** The lowest one that anybody works at. */
  difficulty: () => number
  /** A block is new. */
  added: (block: number, now: Time) => void
  /** Before the next block: settles where room is needed. */
  tidy: (now: Time) => void
  settle: (now: Time) => void
}

export function createTips(options: TipsOptions): Tips {
  const { blocks, settlement, side, longest, held, gamma, tieStream } = options
  const { settled, height: settledHeight } = settlement
  const heads = createHeads({ blocks, longest, settled, settledHeight })
  const tie: TieBreak | undefined =
    gamma === undefined ? undefined : { side, gamma, stream: tieStream }
  let difficulty = 1
  /** Branches may ask for different work until this block; 0 where they do not. */
  let mixedUntil = 0

  const settle = (now: Time): void => {
    let lowest = Number.POSITIVE_INFINITY
    for (let miner = 0; miner < blocks.miners; miner++) {
      if (side[miner] === 1) continue
      const head = mixedUntil === 0 ? heads.highest(miner, now) : heads.heaviest(miner, now)
      lowest = Math.min(lowest, blocks.works[head & blocks.mask]!)
    }
    settlement.settle(lowest, held())
  }

  /** Settles, and sees whether all blocks that may be built upon ask for the same work. */
  const unmix = (now: Time): void => {
    settle(now)
    let least = blocks.difficulties[settled() & blocks.mask]!
    let isMixed = false
    for (let height = settledHeight() + 1; height <= blocks.topHeight; height++) {
      let block = blocks.newestAt[height & blocks.mask]!
      for (; block >= 0; block = blocks.older[block & blocks.mask]!) {
        const next = blocks.difficulties[block & blocks.mask]!
        if (next !== least) isMixed = true
        least = Math.min(least, next)
      }
    }
    difficulty = least
    mixedUntil = isMixed ? blocks.made + mixedBlocksMax : 0
  }

  return {
    headOf: (miner, now) =>
      mixedUntil === 0 ? heads.highest(miner, now, tie) : heads.heaviest(miner, now, tie),
    difficulty: () => difficulty,
    added: (block, now) => {
      const next = blocks.difficulties[block & blocks.mask]!
      if (mixedUntil > 0) difficulty = Math.min(difficulty, next)
      else if (next !== difficulty) {
        // Up to this block all are equally heavy, so that the highest still are the heaviest.
        unmix(now)
      }
    },
    tidy: (now) => {
      if (mixedUntil > 0 && blocks.made >= mixedUntil) unmix(now)
      else if (blocks.isFull) settle(now)
    },
    settle,
  }
}
