import type { Committee } from '@counterpoise/consensus'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { Attestation, BlockBody, Checkpoint } from './attestation.ts'
import { wholeWeights } from './committeeWeights.ts'
import {
  applyBlock,
  type ChainState,
  type Finality,
  type FinalityRules,
  genesisState,
  nextEpoch,
  processFinality,
} from './finality.ts'

/**
 * What follows from blocks alone: slots, checkpoints, FFG states. A pure function of the blocks,
 * computed once per block and shared by the replicas of a cluster.
 */
export type Chain = FinalityRules & {
  blocks: BlockStore
  epochOf: (slot: number) => number
  slotOf: (block: BlockId) => number
  attestations: (block: BlockId) => readonly Attestation[]
  /** The state after the block. */
  state: (block: BlockId) => ChainState
  /** The state of the chain that ends in the block, in its own epoch or a later one. */
  stateAt: (block: BlockId, epoch: number) => ChainState
  /** The block's state pulled up to the end of its epoch: unrealised justification. */
  pulledUp: (block: BlockId) => Finality
  /** The last block of the chain at or before the start of an epoch. */
  checkpointRoot: (block: BlockId, epoch: number) => BlockId
}

const chains = new WeakMap<BlockStore, Chain>()

/** The derived states of a block store: the same object for all replicas that share the store. */
export function chainOf(
  blocks: BlockStore,
  committee: Committee,
  slotsPerEpoch: number,
  quietEpochs?: number,
): Chain {
  let chain = chains.get(blocks)
  if (chain === undefined) {
    chain = createChain(blocks, wholeWeights(committee), slotsPerEpoch, quietEpochs)
    chains.set(blocks, chain)
  }
  return chain
}

const nothing: readonly Attestation[] = []

/** Derives the states of the blocks of a store, each when it is first asked for. */
export function createChain(
  blocks: BlockStore,
  weights: Float64Array,
  slotsPerEpoch: number,
  quietEpochs?: number,
): Chain {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const totalWeight = sum * slotsPerEpoch
  const rules: FinalityRules = { slotsPerEpoch, weights, totalWeight, quietEpochs }
  const states: (ChainState | undefined)[] = [genesisState(slotsPerEpoch)]
  /** The state that was asked for last in an epoch after the block's own. */
  const later: (ChainState | undefined)[] = []
  const pulled: (Finality | undefined)[] = []

  const epochOf = (slot: number): number => Math.floor(slot / slotsPerEpoch)
  const slotOf = (block: BlockId): number => blocks.round(block)
  const attestations = (block: BlockId): readonly Attestation[] =>
    (blocks.data(block) as BlockBody | undefined)?.attestations ?? nothing

  const stateAt = (block: BlockId, epoch: number): ChainState => {
    let reached = state(block)
    if (reached.epoch >= epoch) return reached
    const known = later[block]
    if (known !== undefined && known.epoch <= epoch) reached = known
    while (reached.epoch < epoch) reached = nextEpoch(reached, block, rules)
    later[block] = reached
    return reached
  }

  const state = (block: BlockId): ChainState => {
    const known = states[block]
    if (known !== undefined) return known
    const missing: BlockId[] = []
    for (let at = block; states[at] === undefined; at = blocks.parent(at)) missing.push(at)
    for (const at of missing.reverse()) {
      const slot = slotOf(at)
      const before = stateAt(blocks.parent(at), epochOf(slot))
      states[at] = applyBlock(before, at, slot, attestations(at), rules)
    }
    return states[block]!
  }

  const checkpointRoot = (block: BlockId, epoch: number): BlockId => {
    let at = block
    for (;;) {
      const { epoch: own, checkpoint, previousCheckpoint } = state(at)
      if (epoch > own) return at
      if (epoch === own) return checkpoint.root
      // Below the previous checkpoint, the chain is that of its block.
      if (at === previousCheckpoint.root) return at
      at = previousCheckpoint.root
      if (epoch === own - 1) return at
    }
  }

  const pulledUp = (block: BlockId): Finality =>
    (pulled[block] ??= processFinality(state(block), rules.totalWeight, quietEpochs))

  return {
    ...rules,
    blocks,
    epochOf,
    slotOf,
    attestations,
    state,
    stateAt,
    pulledUp,
    checkpointRoot,
  }
}

/** The later of two checkpoints; the first where they are of the same epoch. */
export function laterOf(one: Checkpoint, other: Checkpoint): Checkpoint {
  return other.epoch > one.epoch ? other : one
}
