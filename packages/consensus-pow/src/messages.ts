import type { BlockId } from '@counterpoise/ledger'

/** What the nodes of a chain of proof of work say to each other. */
export type WorkMessage =
  /** A new block, by the relay or straight to everybody. */
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
