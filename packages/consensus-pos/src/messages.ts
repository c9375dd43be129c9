import type { BlockId } from '@counterpoise/ledger'
import type { Attestation } from './attestation.ts'

/** What Gasper's nodes say to each other; immutable, made once. */
export type GasperMessage =
  | { kind: 'block'; block: BlockId }
  /** One node's vote on its way to an aggregator, or what an aggregator gathered. */
  | { kind: 'attestations'; attestations: readonly Attestation[]; aggregated: boolean }
  /**
   * Asks for the chain that ends in `want` (−1: in the receiver's head), from where it leaves the
   * chain of `have` on. Stands for a locator, a list of block hashes at growing distances.
   */
  | { kind: 'request'; want: BlockId; have: BlockId }
  /** The first blocks of that chain, parents first; `end` is where it ends. */
  | { kind: 'answer'; want: BlockId; end: BlockId; blocks: readonly BlockId[] }
