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

/** What is noted of a member; numbers above are those of rival blocks. */
const mark = { nothing: 0, contradicted: 1, block: 2, rival: 3 } as const
/** With so many members, each may sign a block of its own and all can be told apart in a byte. */
const byteMembersMax = 252

/** The votes of one kind in one view: which block each member signed, and the weight behind it. */
export type VoteSet = {
  /** By member, what it signed: few bytes, as most of what a replica touches is here. */
  marks: Uint8Array | Int32Array
  /** The block that was voted for first and, where all are honest, the only one. */
  block: BlockId
  weight: number
  /** Other blocks and their weights; made when a second block turns up. */
  rivals: { blocks: BlockId[]; weights: number[] } | undefined
}

export function createVoteSet(members: number): VoteSet {
  const marks = members > byteMembersMax ? new Int32Array(members) : new Uint8Array(members)
  return { marks, block: none, weight: 0, rivals: undefined }
}

export function clearVoteSet(set: VoteSet): void {
  // Most sets of a view that went well are empty.
  if (set.block === none) return
  set.marks.fill(mark.nothing)
  set.block = none
  set.weight = 0
  set.rivals = undefined
}

/**
 * Counts a vote for a block of at least 0. The first vote of a member counts, whatever else it
 * signs later.
 *
 * @returns the weight behind the block with this vote, or `repeated`, or `contradiction` (once for
 * each member).
 */
export function addVote(set: VoteSet, member: NodeId, block: BlockId, weight: number): number {
  const { marks } = set
  // A signature under no block says nothing.
  if (block < 0) return repeated
  if (marks[member] !== mark.nothing) return addAnother(set, member, block)
  if (set.block === none) set.block = block
  if (set.block !== block) return addRival(set, member, block, weight)
  marks[member] = mark.block
  const sum = set.weight + weight
  set.weight = sum
  return sum
}

function addAnother(set: VoteSet, member: NodeId, block: BlockId): number {
  const earlier = voteOf(set, member)
  if (earlier === block || earlier === contradicted) return repeated
  set.marks[member] = mark.contradicted
  return contradiction
}

function addRival(set: VoteSet, member: NodeId, block: BlockId, weight: number): number {
  set.rivals ??= { blocks: [], weights: [] }
  const { blocks, weights } = set.rivals
  let rival = blocks.indexOf(block)
  if (rival < 0) {
    rival = blocks.push(block) - 1
    weights.push(0)
  }
  set.marks[member] = mark.rival + rival
  const sum = weights[rival]! + weight
  weights[rival] = sum
  return sum
}

/** Whether a member has signed anything. */
export const hasVoted = ({ marks }: VoteSet, member: NodeId): boolean =>
  marks[member] !== mark.nothing

/** The block that a member signed; `none` before it did, and −2 where it signed two. */
export function voteOf({ block, marks, rivals }: VoteSet, member: NodeId): BlockId {
  const found = marks[member]!
  if (found === mark.nothing) return none
  if (found === mark.contradicted) return contradicted
  return found === mark.block ? block : rivals!.blocks[found - mark.rival]!
}

/** The weight of those whose first vote was for a block. */
export function weightBehind({ block: first, rivals, weight }: VoteSet, block: BlockId): number {
  if (block === first) return weight
  const rival = rivals === undefined ? -1 : rivals.blocks.indexOf(block)
  return rival < 0 ? 0 : rivals!.weights[rival]!
}
