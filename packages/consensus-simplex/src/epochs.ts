import type { BlockId, BlockStore } from '@counterpoise/ledger'

/**
 * Views begin anew at 1 in every epoch. A view is written as one number, that of its epoch times
 * this plus that within the epoch, so that views of different epochs never meet.
 */
export const viewsPerEpoch = 1_048_576

/** The highest epoch that can be written so within 32 bits. */
export const highestEpoch = 2_047

export function epochOfView(view: number): number {
  return Math.floor(view / viewsPerEpoch)
}

/** View 0 of an epoch: that of the block on which the epoch stands. */
export function baseView(epoch: number): number {
  return epoch * viewsPerEpoch
}

/** The number of a view within its epoch, from 1. */
export function viewWithin(view: number): number {
  return view % viewsPerEpoch
}

/**
 * Height of an epoch's last block, or infinity where epochs have no end. With the genesis block,
 * which is of epoch 0, every epoch has the same number of blocks.
 */
export function lastHeight(epochBlocks: number, epoch: number): number {
  return epochBlocks === 0 ? Number.POSITIVE_INFINITY : (epoch + 1) * epochBlocks - 1
}

/** Height from which on an epoch's blocks carry the dealers' logs: its second half. */
export function middleHeight(epochBlocks: number, epoch: number): number {
  return epochBlocks === 0
    ? Number.POSITIVE_INFINITY
    : epoch * epochBlocks + Math.floor(epochBlocks / 2)
}

/** How an epoch's key ceremony ended, and who decides in the next epoch. */
export type CeremonyOutcome = {
  /** The epoch that ends. */
  epoch: number
  succeeded: boolean
  /** Whether it was to make a new group key; if not, the key was shared out anew. */
  isFull: boolean
  /** Dealers whose logs are in the chain, in its order. */
  dealers: readonly number[]
  /** By member: its votes in the next epoch. */
  weights: readonly number[]
}

/** A dealer's proof of having dealt: the players that have acknowledged their shares. */
export type DealerLog = { dealer: number; acknowledged: readonly number[] }

/** What a block carries of key ceremonies (`blocks.data`). */
export type CeremonyData = {
  log?: DealerLog | undefined
  outcome?: CeremonyOutcome | undefined
}

export function ceremonyDataOf(blocks: BlockStore, block: BlockId): CeremonyData | undefined {
  return blocks.data(block) as CeremonyData | undefined
}

/** The outcome that an epoch's last block carries; `undefined` for every other block. */
export function ceremonyOutcomeOf(
  blocks: BlockStore,
  block: BlockId,
): CeremonyOutcome | undefined {
  return ceremonyDataOf(blocks, block)?.outcome
}
