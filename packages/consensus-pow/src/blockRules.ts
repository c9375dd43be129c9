import { ms, type Time } from '@counterpoise/engine'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { StampRange } from './conduct.ts'
import { createRetarget, difficultyOf, timestampOf, unclesOf } from './difficulty.ts'
import type { NakamotoParameters } from './parameters.ts'
import { areUnclesValid } from './uncles.ts'

/** What makes a block valid whoever looks at it. */
export type BlockRules = {
  /** The difficulty of the next block on a parent with a timestamp. */
  difficulty: (parent: BlockId, timestamp: Time) => number
  /** The difficulty of the next block on a parent, were it found now. */
  difficultyNow: (parent: BlockId, now: Time) => number
  /** The timestamp of an honest block on a parent: now, or the first that is allowed. */
  timestamp: (parent: BlockId, now: Time) => Time
  /** What else the timestamp of a block on a parent may be. */
  stampRange: (parent: BlockId, now: Time) => StampRange
  /** Difficulty, work, timestamp and uncles are as they must be. */
  isValid: (block: BlockId) => boolean
  /** From when on a node takes the block: its timestamp must not be too far ahead. */
  acceptedFrom: (block: BlockId) => Time
}

/** Bitcoin Core: nMedianTimeSpan. */
const medianOf = 11

const unknown = 0
const valid = 1
const invalid = 2

const known = new WeakMap<BlockStore, { parameters: NakamotoParameters; rules: BlockRules }[]>()

/**
 * The rules of a chain. What holds for all nodes is looked at once for each block, and the same
 * for all replicas of a store.
 */
export function blockRulesOf(parameters: NakamotoParameters, blocks: BlockStore): BlockRules {
  const found = known.get(blocks) ?? []
  known.set(blocks, found)
  const same = found.find((each) => each.parameters === parameters)
  if (same !== undefined) return same.rules
  const rules = createBlockRules(parameters, blocks)
  found.push({ parameters, rules })
  return rules
}

function createBlockRules(parameters: NakamotoParameters, blocks: BlockStore): BlockRules {
  const { retarget, retargetInterval, unclesMax } = parameters
  const unit = ms(parameters.timestampMs)
  const futureLimit = ms(parameters.futureLimitMs)
  const isEthereum = retarget === 'homestead' || retarget === 'byzantium'
  const difficulty = createRetarget(parameters, blocks)
  let verdicts = new Uint8Array(256)
  const window = new Float64Array(medianOf)

  /** Ethereum: later than the parent. Bitcoin: than the median of the last eleven. */
  const earliest = (parent: BlockId): Time => {
    if (isEthereum) return timestampOf(blocks, parent) + unit
    let count = 0
    for (let block = parent; count < medianOf && block >= 0; block = blocks.parent(block)) {
      window[count++] = timestampOf(blocks, block)
    }
    // An insertion sort: timestamps mostly ascend, from the end of the window to its beginning.
    for (let end = count - 2; end >= 0; end--) {
      const value = window[end]!
      let at = end
      for (; at + 1 < count && window[at + 1]! > value; at++) window[at] = window[at + 1]!
      window[at] = value
    }
    return window[(count - 1) >> 1]! + unit
  }

  const timestamp = (parent: BlockId, now: Time): Time =>
    Math.max(Math.floor(now / unit) * unit, earliest(parent))

  const judge = (block: BlockId): boolean => {
    const parent = blocks.parent(block)
    const stamp = timestampOf(blocks, block)
    const expected = difficulty(parent, stamp)
    if (difficultyOf(blocks, block) !== expected) return false
    if (blocks.totalWork(block) !== blocks.totalWork(parent) + expected) return false
    if (stamp < earliest(parent)) return false
    const uncles = unclesOf(blocks, block)
    return uncles.length === 0 || (uncles.length <= unclesMax && areUnclesValid(blocks, block))
  }

  return {
    difficulty,
    difficultyNow: (parent, now) => difficulty(parent, isEthereum ? timestamp(parent, now) : 0),
    timestamp,
    stampRange: (parent, now) => ({
      now,
      earliest: earliest(parent),
      latest: Math.floor((now + futureLimit) / unit) * unit,
      endsPeriod: retarget === 'bitcoin' && (blocks.height(parent) + 2) % retargetInterval === 0,
    }),
    isValid: (block) => {
      if (block >= verdicts.length) {
        const wider = new Uint8Array(Math.max(block + 1, verdicts.length * 2))
        wider.set(verdicts)
        verdicts = wider
      }
      if (verdicts[block] === unknown) verdicts[block] = judge(block) ? valid : invalid
      return verdicts[block] === valid
    },
    acceptedFrom: (block) => timestampOf(blocks, block) - futureLimit,
  }
}
