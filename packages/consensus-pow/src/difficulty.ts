import { ms, type Time } from '@counterpoise/engine'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { NakamotoParameters } from './parameters.ts'

/** What a block of proof of work carries for other nodes to check. */
export type WorkData = {
  /** Expected work of the block; 1 is what all voters do in one target interval at the start. */
  difficulty: number
}

/** The difficulty at which a block was found; the genesis block's is 1. */
export function difficultyOf(blocks: BlockStore, block: BlockId): number {
  return (blocks.data(block) as WorkData | undefined)?.difficulty ?? 1
}

/**
 * The difficulty of the next block on a parent. Bitcoin's rule: at every height that is a multiple
 * of the retarget interval N, the time from the first to the last block of the period before,
 * which is N − 1 intervals, is measured against N target intervals (the off-by-one of 2009).
 */
export function createRetarget(
  parameters: NakamotoParameters,
  blocks: BlockStore,
): (parent: BlockId) => number {
  const { retarget, retargetInterval, retargetClampFactor } = parameters
  const wanted = retargetInterval * ms(parameters.targetIntervalMs)
  if (retarget === 'none') return () => 1
  return (parent) => {
    const difficulty = difficultyOf(blocks, parent)
    const height = blocks.height(parent) + 1
    if (height % retargetInterval !== 0) return difficulty
    const first = blocks.ancestorAt(parent, height - retargetInterval)
    const measured = blocks.time(parent) - blocks.time(first)
    const longest = wanted * retargetClampFactor
    const shortest = wanted / retargetClampFactor
    return difficulty * (wanted / Math.min(longest, Math.max(shortest, measured)))
  }
}

/** The total hash rate at a time, relative to the start. */
export function hashRateAt(steps: NakamotoParameters['hashRateSteps'], now: Time): number {
  let rate = 1
  for (const { atMs, factor } of steps) if (ms(atMs) <= now) rate *= factor
  return rate
}

/** When the hash rate changes next after a time, or Infinity. */
export function nextHashRateStep(steps: NakamotoParameters['hashRateSteps'], now: Time): Time {
  let next = Number.POSITIVE_INFINITY
  for (const { atMs } of steps) if (ms(atMs) > now) next = Math.min(next, ms(atMs))
  return next
}
