import type {
  Behaviour,
  ClusterNetworkOptions,
  ClusterOptions,
  ConsensusModel,
  Member,
  ServiceTimes,
} from '@counterpoise/consensus'
import type { Distribution, Time } from '@counterpoise/engine'
import type { BaseFeeRule, BitcoinPolicy, Book, OtherTraffic, Payments } from '@counterpoise/ledger'
import type { TempoOptions } from './tempo/options.ts'
import type { NodeId } from '@counterpoise/network'
import type { RelaySchedule } from './relaySchedule.ts'
import type { WalletOptions } from './wallet.ts'

/** How a chain's pools follow Bitcoin's rules; units are weight, prices are satoshi per unit. */
export type BitcoinRules = {
  policy: BitcoinPolicy
  /** With it, miners and access nodes have pools of their own; else all nodes share one. */
  relay?: RelaySchedule | undefined
}

/** What a chain's blocks hold and what a place in them costs. */
export type ChainRules = {
  baseFee: BaseFeeRule
  /** Gas or weight units of a block, and of a payment in it. */
  unitsLimit: number
  unitsPerPayment: number
  /** What other kinds of transfers take, by name: their cost is told beside that of payments. */
  transferUnits?: Readonly<Record<string, number>> | undefined
  bytesLimit: number
  bytesPerPayment: number
  /** What the pool holds and the least price per unit that it takes. */
  mempoolUnits: number
  /** How long the pool keeps a payment, µs; without it, as long as its payer waits. */
  mempoolExpiry?: Time | undefined
  minimumPrice: number
  /** Millionths of a dollar per native unit of price times gas or weight. */
  microUsdPerUnit: number
  /** Units that a node executes per second when it checks a block; 0 takes no time. */
  unitsPerSecond: number
  /** Pools by Bitcoin's rules; without it, one pool of payments that know no others. */
  bitcoin?: BitcoinRules | undefined
  /** Blocks by Tempo's rules; without it, by units and bytes alone. */
  tempo?: TempoOptions | undefined
  /** What else uses the blocks; nothing without it. */
  otherTraffic?: OtherTraffic | undefined
}

/** What work takes each node of a chain, µs; bandwidth belongs to its places. */
export type ServiceCosts = ServiceTimes & {
  /** Verifying the signature of a payment. */
  payment: number
  /** Writing down a byte of a block. */
  persistedByte: number
}

/** How payers reach the chain and when they take a payment for done. */
export type ChainAccess = {
  /** From the payer to its access node, one way, ms. */
  clientDelayMs: Distribution
  /** From the access node to the pool of the next producer, ms. */
  gossipDelayMs: Distribution
  /** For chains of probabilistic finality: the blocks, its own included, that make it final. */
  confirmations: number
  /** Mean time between blocks, for quotes. */
  typicalInterval: Time
  /** Mean time from inclusion to finality, for quotes. */
  typicalFinality: Time
}

/** What lies between a chain's nodes. */
export type ChainNetwork = ClusterNetworkOptions<unknown> &
  Pick<ClusterOptions<unknown, unknown>, 'broadcast'>

export type ChainRailOptions = {
  name: string
  /** The rail's number in the payments' columns. */
  number: number
  payments: Payments
  book: Book
  model: ConsensusModel
  parameters: unknown
  /** Who makes blocks. */
  validators: readonly Member[]
  /** Nodes by which payers reach the chain, at least one; a payer always uses the same one. */
  accessNodes: readonly Member[]
  /** Nodes that pass messages on and have no say; the last ones of the network's places. */
  relays?: readonly Member[] | undefined
  network: ChainNetwork
  /** Work besides execution (`rules.unitsPerSecond`); none without it. */
  service?: ServiceCosts | undefined
  /** Validators that depart from the protocol. A model that keeps all together knows none. */
  behaviours?: ReadonlyMap<NodeId, Behaviour> | undefined
  rules: ChainRules
  wallet: WalletOptions
  access: ChainAccess
  watts: number
}

/** Units that the payments of a full block use, whether units or bytes fill it. */
export function unitsPerBlock(rules: ChainRules): number {
  const { unitsPerPayment, bytesLimit, bytesPerPayment, otherTraffic } = rules
  const { unitsPerBlock: other = 0, laneLimit = rules.unitsLimit } = otherTraffic ?? {}
  const taken = (otherTraffic?.givesWay ?? true) ? 0 : Math.min(other, laneLimit)
  const unitsLimit = rules.unitsLimit - taken
  if (bytesPerPayment === 0) return unitsLimit
  return Math.min(unitsLimit, Math.floor(bytesLimit / bytesPerPayment) * unitsPerPayment)
}
