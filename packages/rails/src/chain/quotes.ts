import type { Simulation, Time } from '@counterpoise/engine'
import type { Mempool, PaymentId } from '@counterpoise/ledger'
import type { Quote } from '../contract.ts'
import { type ChainAccess, type ChainRules, unitsPerBlock } from './options.ts'
import type { Wallet, WalletOptions } from './wallet.ts'

export type QuotesOptions = {
  mempool: Mempool
  rules: ChainRules
  access: ChainAccess
  wallet: Wallet
  walletOptions: WalletOptions
  isReachable: (payment: PaymentId) => boolean
  /** The base fee of the next block, from the view of the payer's access node. */
  nextBaseFee: (payment: PaymentId) => number
  /** When the payer's access node last saw the chain move. */
  lastProgress: (payment: PaymentId) => Time
}

/** A chain that has not moved for as many typical intervals counts as stalled. */
export const stallFactor = 20

/** Makes what a chain offers its payers: a typical bid, and the queue before it. */
export function createQuotes(
  simulation: Simulation,
  options: QuotesOptions,
): (payment: PaymentId) => Quote {
  const { mempool, rules, access, wallet, walletOptions } = options
  const { unitsPerPayment, microUsdPerUnit } = rules
  const blockUnits = unitsPerBlock(rules)

  const blocksToWait = (): number =>
    walletOptions.strategy === 'mempool depth'
      ? walletOptions.targetBlocks
      : 1 + Math.floor(mempool.totalUnits() / blockUnits)
  const isStalled = (payment: PaymentId): boolean =>
    simulation.now() - options.lastProgress(payment) >= stallFactor * access.typicalInterval

  return (payment) => {
    const baseFee = options.nextBaseFee(payment)
    const bid = wallet.typicalBid(baseFee)
    const price = Math.min(bid.cap, baseFee + bid.tip)
    const timeToInclusion = blocksToWait() * access.typicalInterval
    return {
      available:
        options.isReachable(payment) &&
        !isStalled(payment) &&
        mempool.admission(bid, unitsPerPayment) === 'added',
      fee: Math.ceil(price * unitsPerPayment * microUsdPerUnit),
      timeToInclusion,
      timeToFinality: timeToInclusion + access.typicalFinality,
      risk: 0,
    }
  }
}
