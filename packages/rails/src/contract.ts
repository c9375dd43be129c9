import type { StakeRecords } from '@counterpoise/consensus'
import type { Time } from '@counterpoise/engine'
import type { TempoRecords } from './chain/tempo/options.ts'
import type { SpreadRecord } from './chain/spreadTally.ts'
import type { FailureReason, MicroUsd, PaymentId } from '@counterpoise/ledger'
import type { Attributes, Coordinates, Network } from '@counterpoise/network'

/** What a rail offers for a payment at this moment. */
export type Quote = {
  /** False where the payer cannot reach the rail, or the rail would refuse the payment now. */
  available: boolean
  /** What the payment is expected to cost. */
  fee: MicroUsd
  /** Expected time until the payee sees it: in a block, or authorised. */
  timeToInclusion: Time
  /** Expected time until nobody can take it back without breaking the rail's promise. */
  timeToFinality: Time
  /** Probability that a payment once included does not become final. */
  risk: number
}

/** Sees the lives of the payments on a rail. */
export type RailObserver = {
  /** Again, should a reorganisation have taken it out of the payer's chain meanwhile. */
  included?: ((payment: PaymentId) => void) | undefined
  finalised?: ((payment: PaymentId) => void) | undefined
  /** It failed or expired on this rail; another one may try. */
  ended?: ((payment: PaymentId, reason: FailureReason) => void) | undefined
}

/** Something that can break: a node, a data centre, an issuer. */
export type Site = {
  name: string
  /** The part it plays: `validator`, `miner`, `access`, `network`, `acquirer`, `issuer`. */
  role: string
  attributes: Attributes
  /** Where it lies, as far as it is said. */
  coordinates?: Coordinates | undefined
  takeDown: () => void
  bringUp: () => void
}

/** One party's share of what keeps a layer of the rail going or could turn it. */
export type PowerShare = {
  attributes: Attributes
  /** Any unit: hash rate, stake, votes, capacity. */
  power: number
}

/** The blocks (or batches) of a rail so far, from the view of its best informed access node. */
export type BlockRecords = {
  /** When the blocks of the chain were made, µs, by height from 1. */
  times: Float64Array
  /** Blocks beside the chain; those that stand on its head, and may come into it, left out. */
  stale: number
  /** Who made them, by operator; in the order of the validators. */
  makers: readonly MakerRecord[]
  /** How often nodes turned away from blocks, by the number of blocks they left; all nodes. */
  reorganisations: ReadonlyMap<number, number>
  /** How blocks spread; undefined where the chain's protocol does not say. */
  spread?: SpreadRecord | undefined
  /** The blocks themselves, genesis first; absent where no block is ever left behind. */
  tree?: BlockTree | undefined
  /** What came of the attacks that the chain's parameters name, if they name any. */
  attacks?: Record<string, Record<string, number>> | undefined
}

/** What an operator made. */
export type MakerRecord = {
  operator: string
  chain: number
  stale: number
  /** Newly made money for blocks and for stale blocks that were named, native units. */
  rewards: number
  /** Fees of the payments in its blocks, millionths of a dollar. */
  fees: MicroUsd
}

/** All blocks of a run in columns, by their numbers from 0, the genesis block. */
export type BlockTree = {
  parents: number[]
  heights: number[]
  /** When they were made, ms. */
  times_ms: number[]
  bytes: number[]
  /** Numbers into `makers`; −1 for the genesis block. */
  makers: number[]
  /** Whether they are in the chain: 1. */
  in_chain: number[]
  /** 1 where it stands on the head and nobody follows it yet, else 0. */
  open: number[]
}

/** What waited in a chain's pool whenever its first access node saw a new head, just after it. */
export type PoolRecords = {
  /** µs. */
  times: Float64Array
  /** Transactions and their units, gas or weight. */
  counts: Float64Array
  units: Float64Array
  /** The price, native units per gas or weight, above which at most a block's worth waited. */
  prices: Float64Array
}

/** The base fee along the chain of the best informed member. */
export type BaseFeeRecords = {
  /** Native units per gas, by height from 1. */
  prices: Float64Array
  /** What the blocks burned in all, other traffic's part included, native units. */
  burned: bigint
}

/** Who has decided on a chain, from the view of its best informed member. */
export type CommitteeRecords = {
  /** Names of the validators, those included that have no vote now. */
  names: readonly string[]
  /** By validator: its votes at the start. */
  initial: readonly number[]
  ends: readonly {
    time: Time
    height: number
    /** False where what had been registered did not come about. */
    succeeded: boolean
    /** By validator: its votes from then on. */
    weights: readonly number[]
  }[]
}

/** A way for money to travel: a chain, a card network, a bank, or a router over several. */
export type Rail = {
  name: string
  quote: (payment: PaymentId) => Quote
  /** Takes a payment; what becomes of it is written into the payments' columns and observed. */
  submit: (payment: PaymentId) => void
  observe: (observer: RailObserver) => void
  /** Payments that it has taken and that are neither final nor ended. */
  inFlight: () => number
  /** What besides them has yet to come to its end. */
  unfinished?: (() => number) | undefined
  /** Payments among those that are not included yet, and so may still move to another rail. */
  waiting: () => number
  /** The rails that a router chooses among; empty for a rail of its own. */
  parts: readonly Rail[]
  /** What may break here. */
  sites: readonly Site[]
  /** What lies between the sites, its nodes in their order; undefined where nothing does. */
  links?: Pick<Network<unknown>, 'addLinkFault'> | undefined
  /** Who keeps the rail going, for measures of distribution. */
  powers: readonly PowerShare[]
  /** The electrical power of the whole rail, W. */
  watts: number
  /**
   * True where the rail has stood still for so long that it cannot be chance, counted from a time
   * at the earliest: from when the last fault was over.
   */
  isStalled: (since: Time) => boolean
  /** Undefined where the rail has no blocks. */
  blocks: () => BlockRecords | undefined
  /** Calls a listener whenever a block is made, with how many there are. */
  onBlock?: ((listener: (made: number) => void) => void) | undefined
  /** What execution rules of their own did, where the rail has such. */
  execution?: (() => TempoRecords) | undefined
  /** Absent where the rail has no pool. */
  pool?: (() => PoolRecords) | undefined
  /** What units cost in its blocks; absent where there is no base fee. */
  baseFees?: (() => BaseFeeRecords) | undefined
  /** When a payment's payer held its block for justified, µs; undefined: not yet, or never. */
  justifiedAt?: ((payment: PaymentId) => Time | undefined) | undefined
  /**
   * Units of a payment, and of other kinds of transfers by name, which cost in proportion; absent
   * where no kinds are told apart.
   */
  transfers?: { unitsPerPayment: number; units: Readonly<Record<string, number>> } | undefined
  /** Ends of its consensus' epochs; undefined where its committee never changes. */
  committees?: (() => CommitteeRecords | undefined) | undefined
  /** Absent where no stake is at work. */
  stake?: (() => StakeRecords) | undefined
  /** Value in = value out + fees + in flight, over all accounts. True at every moment. */
  conserved: () => boolean
  /** Safety violations so far, in words; empty is good. */
  violations: () => readonly string[]
  /** Nothing will be asked of it any more: it stops making events. */
  rest: () => void
}
