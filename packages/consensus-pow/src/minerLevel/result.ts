import type { AttackResult } from '../attacks/attack.ts'
import type { IntervalResult, MinerResult } from './tally.ts'

/** All blocks of a run, by number: 0 is the block that all begin with. */
export type MinerLevelTree = {
  /** Number of the parent; −1 for block 0. */
  parents: Int32Array
  /** Number of the miner; −1 for block 0. */
  finders: Int32Array
  /** When it was found, µs. */
  times: Float64Array
  /** The block that the chain ends in. */
  head: number
}

/** What a run at miner level measures. */
export type MinerLevelResult = {
  /** Blocks found, the first one that all begin with left out. */
  blocks: number
  chainBlocks: number
  /** Found and not in the chain, for good. */
  stale: number
  /** Of these, never published. */
  hidden: number
  /** Found and, at the end, above the chain or not published: neither stale nor in the chain. */
  open: number
  /** `stale` over `stale` + `chainBlocks`. */
  staleShare: number
  /** Virtual time of the run, ms. */
  elapsedMs: number
  /** Blocks of the chain per target interval. */
  growth: number
  /** Blocks that their finders threw away; they are not among `blocks`. */
  discarded: number
  /** Difficulty after the last block of the chain; 1 at the start. */
  difficulty: number
  miners: MinerResult[]
  /** Between blocks of the chain. */
  intervals: IntervalResult
  /** Between blocks of the chain of miners that omit nothing. */
  inclusionIntervals: IntervalResult
  /** How often a miner gave up so many blocks for others; the index is the number of blocks. */
  reorganisations: number[]
  attack?: AttackResult | undefined
  tree?: MinerLevelTree | undefined
}
