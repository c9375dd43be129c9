import type { BlockId } from '@counterpoise/ledger'
import type { NodeSet } from './bits.ts'

/** The first slot of an epoch on one chain: `root` is the last block at or before it. */
export type Checkpoint = { epoch: number; root: BlockId }

/**
 * Equal votes of some nodes' sub-committees, immutable.
 *
 * Attestations are a deterministic share (fidelity `attestations: "share"`): the stake of a node
 * is spread evenly over the slots of an epoch, and the sub-committee (node, slot mod 32), a 32nd
 * of the node's weight, votes in that slot. A node's validators see and vote the same.
 */
export type Attestation = {
  slot: number
  /** The LMD-GHOST vote: the end of the chain that the voters followed. */
  head: BlockId
  /** The FFG vote goes from the justified checkpoint `source` to `target`. */
  source: Checkpoint
  target: Checkpoint
  voters: NodeSet
}

/** What a Gasper block carries in `blocks.data`. */
export type BlockBody = { attestations: readonly Attestation[] }

export function sameCheckpoint(one: Checkpoint, other: Checkpoint): boolean {
  return one.epoch === other.epoch && one.root === other.root
}

/** True where two attestations differ at most in who made them. */
export function sameVote(one: Attestation, other: Attestation): boolean {
  return (
    one.slot === other.slot &&
    one.head === other.head &&
    sameCheckpoint(one.source, other.source) &&
    sameCheckpoint(one.target, other.target)
  )
}
