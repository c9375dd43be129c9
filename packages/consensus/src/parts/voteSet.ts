import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'

/** No block. */
export const none = -1
/** Stands for the block of a member that has signed two. */
const contradicted = -2

/** A member repeated itself; nothing was counted. */
export const repeated = 0
/** A member signed another block than before; nothing was counted. */
export const contradiction = -1

/** The votes of one kind in one view: which block each member signed, and the weight behind it. */
export type VoteSet = {
  /** By member: its block, or `none`. */
  blocks: Int32Array
  /** The block that was voted for first and, where all are honest, the only one. */
  block: BlockId
  weight: number
  /** Weights of other blocks; made when a second block turns up. */
  rivals: Map<BlockId, number> | undefined
}

export function createVoteSet(members: number): VoteSet {
  return { blocks: new Int32Array(members).fill(none), block: none, weight: 0, rivals: undefined }
}

export function clearVoteSet(set: VoteSet): void {
  set.blocks.fill(none)
  set.block = none
  set.weight = 0
  set.rivals = undefined
}

/**
 * Counts a vote. The first vote of a member counts, whatever else it signs later.
 *
 * @returns the weight behind the block with this vote, or `repeated`, or `contradiction` (once for
 * each member).
 */
export function addVote(set: VoteSet, member: NodeId, block: BlockId, weight: number): number {
  const earlier = set.blocks[member]!
  if (earlier !== none) {
    if (earlier === block || earlier === contradicted) return repeated
    set.blocks[member] = contradicted
    return contradiction
  }
  set.blocks[member] = block
  if (set.block === none) set.block = block
  if (set.block === block) {
    set.weight += weight
    return set.weight
  }
  set.rivals ??= new Map()
  const sum = (set.rivals.get(block) ?? 0) + weight
  set.rivals.set(block, sum)
  return sum
}
