import type { BlockId } from '@counterpoise/ledger'
import { type Attestation, type Checkpoint, sameCheckpoint } from './attestation.ts'
import { isEmpty, type NodeSet, unite, weightOf, without } from './bits.ts'

/** What a chain has justified and finalised. */
export type Finality = {
  /** Bit k: the checkpoint k epochs before the last processed one is justified. */
  bits: number
  /** The justified checkpoint as it was one epoch earlier. */
  previousJustified: Checkpoint
  justified: Checkpoint
  finalised: Checkpoint
}

/** The Casper FFG state of a chain at one block, immutable: a pure function of the block. */
export type ChainState = Finality & {
  epoch: number
  checkpoint: Checkpoint
  previousCheckpoint: Checkpoint
  /** Weight that voted for this epoch's checkpoint as target, in sub-committee weights. */
  targetWeight: number
  previousTargetWeight: number
  /** Whose votes the chain holds already, by slot modulo two epochs. */
  included: readonly (NodeSet | undefined)[]
}

/** What the state transition needs to know of the protocol and its committee. */
export type FinalityRules = {
  slotsPerEpoch: number
  /** Weight of each node's sub-committee. */
  weights: Float64Array
  /** Sum of the weights of all sub-committees of an epoch. */
  totalWeight: number
  /** As many epochs from the genesis block justify nothing; 2 without a value. */
  quietEpochs?: number | undefined
}

/** Ethereum's rule after a genesis: the first two epochs justify nothing. */
export const quietEpochsAfterGenesis = 2

export function genesisState(slotsPerEpoch: number): ChainState {
  const genesis: Checkpoint = { epoch: 0, root: 0 }
  return {
    epoch: 0,
    bits: 0,
    previousJustified: genesis,
    justified: genesis,
    finalised: genesis,
    checkpoint: genesis,
    previousCheckpoint: genesis,
    targetWeight: 0,
    previousTargetWeight: 0,
    included: Array.from({ length: 2 * slotsPerEpoch }, () => undefined),
  }
}

/**
 * Justifies and finalises as at the end of the state's epoch, by the four rules of Casper FFG in
 * Ethereum (`process_justification_and_finalization`); two thirds of the weight suffice.
 */
export function processFinality(
  state: ChainState,
  totalWeight: number,
  quietEpochs = quietEpochsAfterGenesis,
): Finality {
  const { epoch, justified: oldCurrent, previousJustified: oldPrevious } = state
  if (epoch < quietEpochs) return state
  let bits = (state.bits << 1) & 0b1111
  let justified = oldCurrent
  if (3 * state.previousTargetWeight >= 2 * totalWeight) {
    justified = state.previousCheckpoint
    bits |= 0b0010
  }
  if (3 * state.targetWeight >= 2 * totalWeight) {
    justified = state.checkpoint
    bits |= 0b0001
  }
  let { finalised } = state
  if ((bits & 0b1110) === 0b1110 && oldPrevious.epoch === epoch - 3) finalised = oldPrevious
  if ((bits & 0b0110) === 0b0110 && oldPrevious.epoch === epoch - 2) finalised = oldPrevious
  if ((bits & 0b0111) === 0b0111 && oldCurrent.epoch === epoch - 2) finalised = oldCurrent
  if ((bits & 0b0011) === 0b0011 && oldCurrent.epoch === epoch - 1) finalised = oldCurrent
  return { bits, previousJustified: oldCurrent, justified, finalised }
}

/** The state at the start of the next epoch of a chain that ends in `tip`. */
export function nextEpoch(state: ChainState, tip: BlockId, rules: FinalityRules): ChainState {
  const { bits, previousJustified, justified, finalised } = processFinality(
    state,
    rules.totalWeight,
    rules.quietEpochs,
  )
  const epoch = state.epoch + 1
  const included = state.included.slice()
  const first = (epoch * rules.slotsPerEpoch) % included.length
  included.fill(undefined, first, first + rules.slotsPerEpoch)
  return {
    epoch,
    bits,
    previousJustified,
    justified,
    finalised,
    checkpoint: { epoch, root: tip },
    previousCheckpoint: state.checkpoint,
    targetWeight: 0,
    previousTargetWeight: state.targetWeight,
    included,
  }
}

/** True where a block in `slot` on this state may include the attestation. */
export function isIncludable(
  state: ChainState,
  attestation: Attestation,
  slot: number,
  rules: FinalityRules,
): boolean {
  const { target, source } = attestation
  if (attestation.slot >= slot) return false
  if (Math.floor(attestation.slot / rules.slotsPerEpoch) !== target.epoch) return false
  if (target.epoch === state.epoch) return sameCheckpoint(source, state.justified)
  return target.epoch === state.epoch - 1 && sameCheckpoint(source, state.previousJustified)
}

/**
 * The state after a block, from the state of its parent's chain in the block's epoch. Votes that
 * the chain cannot take are left out; of two votes of one sub-committee the first counts.
 */
export function applyBlock(
  before: ChainState,
  block: BlockId,
  slot: number,
  attestations: readonly Attestation[],
  rules: FinalityRules,
): ChainState {
  const { epoch } = before
  const opens = slot % rules.slotsPerEpoch === 0
  const checkpoint = opens ? { epoch, root: block } : before.checkpoint
  if (attestations.length === 0 && !opens) return before
  let { targetWeight, previousTargetWeight } = before
  const included = before.included.slice()
  for (const attestation of attestations) {
    if (!isIncludable(before, attestation, slot, rules)) continue
    const place = attestation.slot % included.length
    const fresh = without(attestation.voters, included[place])
    if (isEmpty(fresh)) continue
    const { target } = attestation
    if (sameCheckpoint(target, checkpoint)) targetWeight += weightOf(fresh, rules.weights)
    else if (sameCheckpoint(target, before.previousCheckpoint)) {
      previousTargetWeight += weightOf(fresh, rules.weights)
    }
    if (included[place] !== undefined) unite(fresh, included[place])
    included[place] = fresh
  }
  return { ...before, checkpoint, targetWeight, previousTargetWeight, included }
}
