import type { Simulation, Time } from '@counterpoise/engine'
import {
  type Bid,
  type BlockId,
  type BlockStore,
  type ChainState,
  createChainState,
  createMempool,
  type FailureReason,
  type MicroUsd,
  type PaymentId,
} from '@counterpoise/ledger'
import type { Executor, RunningChain } from '@counterpoise/consensus'
import type { Network } from '@counterpoise/network'
import { createBitcoinMarket } from './bitcoinMarket.ts'
import type { PaymentLives } from './lives.ts'
import type { ChainRailOptions } from './options.ts'
import type { TempoRecords } from './tempo/options.ts'
import { createTempoMarket } from './tempo/tempoMarket.ts'

/** The pool or pools of a chain, and what blocks take from them, from the side of its payers. */
export type Market = Pick<ChainState, 'build' | 'baseFee' | 'nextBaseFee'> & {
  /** Whether it brings payments from node to node itself, so that none reaches all at once. */
  isRelayed: boolean
  /** A payment reaches its access node; why it is not taken, if so. */
  offer: (payment: PaymentId, bid: Bid) => FailureReason | undefined
  /** Whether a payment of a bid would be taken now, as a node sees it. */
  admits: (bid: Bid, node: number) => boolean
  /** Puts a better bid of a payment in the place of its last one. False where that is refused. */
  replace: (payment: PaymentId, bid: Bid) => boolean
  /** Puts a payment of its payer to itself, of a fee of its own, in the place of a payment. */
  spendTwice: (payment: PaymentId, bid: Bid) => boolean
  /** Takes a payment out that its payer has given up. False where it is in no pool. */
  withdraw: (payment: PaymentId) => boolean
  /** True where a payment is in a pool, or may come back to one, or is in a block. */
  knows: (payment: PaymentId) => boolean
  /** Why a payment that nobody knows any more is gone. */
  reasonGone: (payment: PaymentId) => FailureReason
  /** What a payment pays per unit in a block that carries it. */
  price: (payment: PaymentId, block: BlockId) => number
  /**
   * The most that a payment may cost, held until its fee is known, and who pays that. Asked once,
   * before it is sent; without it, the cap for the units of a payment, paid by its payer.
   */
  terms?: ((payment: PaymentId, bid: Bid) => PaymentTerms) | undefined
  /** What a payment costs in a block that carries it; else its price times its units. */
  fee?: ((payment: PaymentId, block: BlockId) => MicroUsd) | undefined
  /** Whether a block carries a payment that was refused in it, so that only its fee is paid. */
  isRefused?: ((payment: PaymentId, block: BlockId) => boolean) | undefined
  /** What checking a block takes a node, µs; else its units at the speed of the rules. */
  checkCost?: ((block: BlockId, node: number) => Time) | undefined
  /** By member: its votes by the chain that ends in a block; undefined where none change. */
  registered?: Executor['registered'] | undefined
  /** What the rules did that only they know of. */
  records?: (() => TempoRecords) | undefined
  /** The price above which at most so many units wait, as a node sees it. */
  priceAtDepth: (units: number, node: number) => number
  /** What the last blocks say is needed for a target; undefined where nobody can say. */
  estimate: (targetBlocks: number, node: number) => number | undefined
  /** Units that wait, as a node sees it. */
  waitingUnits: (node: number) => number
  /** Payments and other transactions that wait, as the first access node sees it. */
  waitingCount: () => number
  /** Makes links faulty for payments too, where these travel from node to node. */
  addLinkFault?: Network<unknown>['addLinkFault'] | undefined
  /** A block is final for an access node. */
  finalise?: ((block: BlockId) => void) | undefined
  /** What has to be brought to an end besides payments. */
  unfinished?: (() => number) | undefined
  /** Called once the nodes are there. */
  join: (cluster: RunningChain) => void
}

/** What a payment may cost, and whether its payee pays that. */
export type PaymentTerms = {
  feeCap: MicroUsd
  isSponsored: boolean
  /** Until its payer sends it, µs; at once without it. */
  delay?: Time | undefined
  /** It is not sent to the chain: the market brings it to its end. */
  isTaken?: boolean | undefined
}

export type MarketOptions = {
  chain: ChainRailOptions
  blocks: BlockStore
  lives: PaymentLives
  /** The number of the access node of a payment among the nodes. */
  accessOf: (payment: PaymentId) => number
}

/** Makes the market that the rules of a chain ask for. */
export function createMarket(simulation: Simulation, options: MarketOptions): Market {
  const { bitcoin, tempo } = options.chain.rules
  if (tempo !== undefined) return createTempoMarket(simulation, { ...options, tempo })
  return bitcoin === undefined
    ? createPriceMarket(options)
    : createBitcoinMarket(simulation, { ...options, bitcoin })
}

/** One pool for all nodes, ordered by effective tip; its payments know no others. */
function createPriceMarket({ chain, blocks, lives }: MarketOptions): Market {
  const { rules } = chain
  const { unitsPerPayment } = rules
  const mempool = createMempool({
    capacityUnits: rules.mempoolUnits,
    minimumPrice: rules.minimumPrice,
    // One that its payer has seen in a block is reviewed should that block lose its place.
    onEvicted: (payment) => {
      if (lives.isWaiting(payment)) lives.fail(payment, 'evicted')
    },
  })
  const state = createChainState({ ...rules, baseFeeRule: rules.baseFee, blocks, mempool })
  return {
    ...state,
    isRelayed: false,
    offer: (payment, bid) => {
      const admission = mempool.offer(payment, bid, unitsPerPayment)
      return admission === 'added' ? undefined : admission
    },
    admits: (bid) => mempool.admission(bid, unitsPerPayment) === 'added',
    replace: () => false,
    spendTwice: () => false,
    withdraw: mempool.withdraw,
    knows: mempool.knows,
    reasonGone: () => 'evicted',
    price: (payment, block) => mempool.price(payment, state.baseFee(block)),
    priceAtDepth: mempool.priceAtDepth,
    estimate: () => undefined,
    waitingUnits: mempool.totalUnits,
    waitingCount: mempool.size,
    join: () => {},
  }
}
