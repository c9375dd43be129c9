import type { Simulation, Time } from '@counterpoise/engine'
import type { PaymentId } from '@counterpoise/ledger'
import type { Quote } from '../contract.ts'
import type { Market } from './market.ts'
import { type ChainAccess, type ChainRules, unitsPerBlock } from './options.ts'
import type { MarketView, Wallet, WalletOptions } from './wallet.ts'

export type QuotesOptions = {
  market: Market
  rules: ChainRules
  access: ChainAccess
  wallet: Wallet
  walletOptions: WalletOptions
  isReachable: (payment: PaymentId) => boolean
  /** The market, from the view of the payer's access node. */
  view: (payment: PaymentId) => MarketView
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
  const { market, rules, access, wallet, walletOptions } = options
  const { unitsPerPayment, microUsdPerUnit } = rules
  const blockUnits = unitsPerBlock(rules)

  const blocksToWait = (node: number): number =>
    walletOptions.strategy === 'base fee'
      ? 1 + Math.floor(market.waitingUnits(node) / blockUnits)
      : walletOptions.targetBlocks
  const isStalled = (payment: PaymentId): boolean =>
    simulation.now() - options.lastProgress(payment) >= stallFactor * access.typicalInterval

  return (payment) => {
    const view = options.view(payment)
    const bid = wallet.typicalBid(view)
    const price = Math.min(bid.cap, view.nextBaseFee + bid.tip)
    const timeToInclusion = blocksToWait(view.node) * access.typicalInterval
    return {
      available:
        options.isReachable(payment) &&
        !isStalled(payment) &&
        market.admits(bid, view.node),
      fee: Math.ceil(price * unitsPerPayment * microUsdPerUnit),
      timeToInclusion,
      timeToFinality: timeToInclusion + access.typicalFinality,
      risk: 0,
    }
  }
}
