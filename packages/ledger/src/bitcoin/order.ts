import type { Satoshi } from './feerate.ts'
import type { TransactionId } from './transactions.ts'

/** Why a node does not take a transaction into its pool. */
export type Rejection =
  /** It is in the pool or in the chain. */
  | 'known'
  | 'too heavy'
  /** It spends an output of a transaction of which the node has not heard. */
  | 'missing parents'
  /** A coin of it is spent in the chain. */
  | 'spent'
  | 'below relay fee'
  /** Below the rolling minimum of a pool that has been full, or the worst of a full one. */
  | 'below pool minimum'
  /** Its package or cluster would grow too large. */
  | 'too large a package'
  /** It descends from a transaction that it would replace. */
  | 'spends replaced'
  /** BIP 125, rule 2. */
  | 'new unconfirmed parent'
  | 'lower feerate than replaced'
  /** Rule 3. */
  | 'lower fee than replaced'
  /** Rule 4. */
  | 'does not pay for its relay'
  /** Rule 5. */
  | 'replaces too many'
  | 'does not improve the diagram'

/** What a transaction would replace. */
export type Conflicts = {
  /** Those that spend a coin of it. */
  direct: readonly TransactionId[]
  /** They and all their descendants. */
  all: readonly TransactionId[]
}

/** What a full pool would drop next. */
export type Worst = { ids: readonly TransactionId[]; fee: Satoshi; weight: number }

/** A pool's packages under one set of rules: who goes into a block first, and who is dropped. */
export type Order = {
  /** Puts a transaction into the pool, wherever its parents and children are. */
  add: (id: TransactionId) => void
  /** Takes some out, to a place; whoever depended on them stays. */
  remove: (ids: readonly TransactionId[], to: number) => void
  /** What speaks against a transaction that is not in, besides fees. */
  rejection: (id: TransactionId, conflicts: Conflicts) => Rejection | undefined
  /** Those that must go because what a reorganisation returned is more than packages may be. */
  excess: (returned: readonly TransactionId[]) => readonly TransactionId[]
  worst: () => Worst | undefined
  /** The best transactions for a block, parents first; the pool keeps them. */
  select: (weightLimit: number, blockRate: number) => TransactionId[]
  /**
   * The feerate at which a transaction would be mined now, satoshi per weight unit: that of its
   * chunk or, under `ancestors`, with its ancestors, or its own where that is lower.
   */
  rate: (id: TransactionId) => number
  /** The feerate above which at most so much weight stands, sat/WU, to within 4.9 %. */
  rateAtDepth: (weight: number) => number | undefined
}

/** As Bitcoin Core, a block is closed after as many misfits in a row, once it is this full. */
export const misfitsMax = 1_000
export const fullEnough = 4_000
