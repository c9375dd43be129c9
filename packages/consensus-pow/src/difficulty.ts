import { ms, type Time } from '@counterpoise/engine'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { NakamotoParameters } from './parameters.ts'

/** What a block of proof of work carries for other nodes to check. */
export type WorkData = {
  /** Expected work of the block; 1 is what all voters do in one target interval at the start. */
  difficulty: number
  /** When its miner says that it was made, µs; a multiple of the chain's unit of timestamps. */
  timestamp: Time
  /** Stale blocks that it names. */
  uncles?: readonly BlockId[] | undefined
}

const dataOf = (blocks: BlockStore, block: BlockId): WorkData | undefined =>
  blocks.data(block) as WorkData | undefined

/** The difficulty at which a block was found; the genesis block's is 1. */
export function difficultyOf(blocks: BlockStore, block: BlockId): number {
  return dataOf(blocks, block)?.difficulty ?? 1
}

/** When a block's miner says that it was made, µs; the genesis block at 0. */
export function timestampOf(blocks: BlockStore, block: BlockId): Time {
  return dataOf(blocks, block)?.timestamp ?? blocks.time(block)
}

/** The stale blocks that a block names. */
export function unclesOf(blocks: BlockStore, block: BlockId): readonly BlockId[] {
  return dataOf(blocks, block)?.uncles ?? []
}

/** The difficulty that the next block on a parent must have if it bears a timestamp. */
export type DifficultyRule = (parent: BlockId, timestamp: Time) => number

export function createRetarget(
  parameters: NakamotoParameters,
  blocks: BlockStore,
): DifficultyRule {
  switch (parameters.retarget) {
    case 'none':
      return () => 1
    case 'bitcoin':
      return byPeriods(parameters, blocks)
    case 'digishield':
      return digishield(parameters, blocks)
    case 'homestead':
      return ethereum(blocks, 10_000_000, () => 1)
    case 'byzantium':
      return ethereum(blocks, 9_000_000, (parent) => (unclesOf(blocks, parent).length > 0 ? 2 : 1))
  }
}

/**
 * Bitcoin's rule: at every height that is a multiple of the retarget interval N, the time from the
 * first to the last block of the period before, which is N − 1 intervals, is measured against N
 * target intervals (the off-by-one of 2009), by the timestamps of the blocks.
 */
function byPeriods(parameters: NakamotoParameters, blocks: BlockStore): DifficultyRule {
  const { retargetInterval, retargetClampFactor } = parameters
  const wanted = retargetInterval * ms(parameters.targetIntervalMs)
  return (parent) => {
    const difficulty = difficultyOf(blocks, parent)
    const height = blocks.height(parent) + 1
    if (height % retargetInterval !== 0) return difficulty
    const first = blocks.ancestorAt(parent, height - retargetInterval)
    const measured = timestampOf(blocks, parent) - timestampOf(blocks, first)
    const longest = wanted * retargetClampFactor
    const shortest = wanted / retargetClampFactor
    return difficulty * (wanted / Math.min(longest, Math.max(shortest, measured)))
  }
}

/**
 * Dogecoin's rule since 2014 (DigiShield): after every block the last interval, brought to an
 * eighth of its distance from the target and kept between ¾ and 1½ of it, is taken for the period.
 */
function digishield(parameters: NakamotoParameters, blocks: BlockStore): DifficultyRule {
  const target = ms(parameters.targetIntervalMs)
  return (parent) => {
    const difficulty = difficultyOf(blocks, parent)
    if (blocks.height(parent) < 1) return difficulty
    const actual = timestampOf(blocks, parent) - timestampOf(blocks, blocks.parent(parent))
    const damped = target + (actual - target) / 8
    return difficulty * (target / Math.min(target * 1.5, Math.max(target * 0.75, damped)))
  }
}

/**
 * Ethereum's rule before the Merge (EIP-2; with uncles EIP-100): each block's difficulty is its
 * parent's, changed by so many parts of 2048 as its own timestamp calls for; at most 99 down.
 */
function ethereum(
  blocks: BlockStore,
  step: Time,
  bonus: (parent: BlockId) => number,
): DifficultyRule {
  return (parent, timestamp) => {
    const parts = bonus(parent) - Math.floor((timestamp - timestampOf(blocks, parent)) / step)
    return difficultyOf(blocks, parent) * (1 + Math.max(parts, -99) / 2048)
  }
}

/** The hash rate of a miner at a time, relative to the start. */
export function hashRateAt(
  steps: NakamotoParameters['hashRateSteps'],
  now: Time,
  miner: number,
): number {
  let rate = 1
  for (const { atMs, factor, miners } of steps) {
    if (ms(atMs) <= now && (miners?.includes(miner) ?? true)) rate *= factor
  }
  return rate
}

/** When a hash rate changes next after a time, or Infinity. */
export function nextHashRateStep(steps: NakamotoParameters['hashRateSteps'], now: Time): Time {
  let next = Number.POSITIVE_INFINITY
  for (const { atMs } of steps) if (ms(atMs) > now) next = Math.min(next, ms(atMs))
  return next
}
