import { slotsPerEpoch } from './chain.ts'

/** What a proposer knows of the head that it would build on, and of the block before. */
export type HeadFacts = {
  /** Slots of the proposal, of the head and of its parent. */
  slot: number
  headSlot: number
  parentSlot: number
  /** The head came when votes were due already. */
  isLate: boolean
  /** The proposal comes within the first sixth of its slot. */
  isOnTime: boolean
  /** The head's proposer has made another block for the same slot. */
  isEquivocation: boolean
  /** Epochs that the two justify once pulled up. */
  headJustified: number
  parentJustified: number
  /** Epochs from the final checkpoint to the proposal. */
  quietEpochs: number
  /** Votes for the head, with those of its slot that contradict others, and for the parent. */
  headEther: number
  parentEther: number
  /** The stake that votes in one slot. */
  slotEther: number
}

/** REORG_HEAD_WEIGHT_THRESHOLD and REORG_PARENT_WEIGHT_THRESHOLD, of a slot's stake. */
export const weakShare = 0.2
const strongShare = 1.6

/** REORG_MAX_EPOCHS_SINCE_FINALIZATION. */
const quietEpochsMax = 2

/**
 * `get_proposer_head`: does an honest proposer build on the head's parent? Where the head was late
 * and has few votes, while its parent has many and nothing else is at stake; or where the head is
 * weak and its proposer has contradicted itself.
 */
export function leavesHeadOut(facts: HeadFacts): boolean {
  const { slot, headSlot, parentSlot, headEther, parentEther, slotEther } = facts
  const isNext = headSlot + 1 === slot
  const isWeak = headEther < weakShare * slotEther
  if (isWeak && isNext && facts.isEquivocation) return true
  const keepsShuffling = slot % slotsPerEpoch !== 0
  const isCompetitive = facts.headJustified === facts.parentJustified
  const isFinalising = facts.quietEpochs <= quietEpochsMax
  const isOneSlot = parentSlot + 1 === headSlot && isNext
  const isParentStrong = parentEther > strongShare * slotEther
  const isSafe = keepsShuffling && isCompetitive && isFinalising && isOneSlot
  return facts.isLate && facts.isOnTime && isSafe && isWeak && isParentStrong
}
