import type { BlockId, BlockStore } from '@counterpoise/ledger'

/** What the nodes of a chain of proof of work say to each other. */
export type WorkMessage =
  /** A new block, flooded over the topology. */
  | { type: 'block'; block: BlockId }
  /**
   * Asks for the chain that ends in `goal`, or in the receiver's head where there is no goal,
   * above what it has in common with the chain of `have` (which stands for a block locator).
   */
  | { type: 'request'; goal: BlockId | undefined; have: BlockId }
  /** Blocks on the way to `goal`, each the parent of the next. */
  | { type: 'blocks'; goal: BlockId; blocks: readonly BlockId[] }

/** Block header 80, transaction count 3, coinbase transaction about 300; bytes. */
export const blockOverheadBytes = 383

/** Message header 24, version 4, count 1, the locator's first hash and the stop hash 64; bytes. */
export const requestBytes = 93

/**
 * A compact block: header 80, nonce 8, counts 3, a short identifier of 6 bytes per transaction and
 * the coinbase transaction about 300 (BIP 152); bytes. All else is in the receiver's mempool.
 */
export function compactBlockBytes(transactions: number): number {
  return 80 + 8 + 3 + 6 * transactions + 300
}

/** Size of a new block on the wire, bytes. */
export function relayBytes(relay: 'compact' | 'full', blocks: BlockStore, block: BlockId): number {
  return relay === 'full' ? blocks.bytes(block) : compactBlockBytes(blocks.paymentCount(block))
}
