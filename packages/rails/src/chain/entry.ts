import { createSampler, ms, seconds, type Simulation, type Time } from '@counterpoise/engine'
import type { Bid, PaymentId, Payments } from '@counterpoise/ledger'
import type { Escrow } from './escrow.ts'
import { createExpiry } from './expiry.ts'
import type { PaymentLives } from './lives.ts'
import type { Market, PaymentTerms } from './market.ts'
import type { ChainAccess, ChainRules } from './options.ts'
import type { Replacements } from './replacements.ts'
import type { MarketView, Wallet } from './wallet.ts'

export type EntryOptions = {
  name: string
  payments: Payments
  market: Market
  rules: ChainRules
  access: ChainAccess
  lives: PaymentLives
  escrow: Escrow
  wallet: Wallet
  replacements: Replacements
  isReachable: (payment: PaymentId) => boolean
  /** The market, from the view of the payer's access node. */
  view: (payment: PaymentId) => MarketView
}

/** The way of payments into the pool, and out of it when nobody waits for them any more. */
export type Entry = {
  submit: (payment: PaymentId) => void
  /** Looks again, within a second, whether a payment that waits still has a chance. */
  review: (payment: PaymentId) => void
  clear: () => void
}

/** Makes the payers' side of a chain: bids, the way to the access node and on, and patience. */
export function createEntry(simulation: Simulation, options: EntryOptions): Entry {
  const { name, payments, market, rules, access, lives, escrow, wallet, replacements } = options
  const { unitsPerPayment, microUsdPerUnit, mempoolExpiry = Number.POSITIVE_INFINITY } = rules
  const streams = {
    tips: simulation.stream(`${name}/tips`),
    budgets: simulation.stream(`${name}/budgets`),
    delays: simulation.stream(`${name}/access`),
  }
  const clientDelay = createSampler(access.clientDelayMs)
  const gossipDelay = createSampler(access.gossipDelayMs)
  const onItsWay = new Map<PaymentId, Bid>()

  const deadline = (payment: PaymentId): Time =>
    payments.intendedAt(payment) + payments.patience(payment)

  /** When its payer or the pool gives it up, whichever is first. */
  const givenUpAt = (payment: PaymentId): Time =>
    Math.min(deadline(payment), payments.submittedAt(payment) + mempoolExpiry)

  const expiry = createExpiry(simulation, name, (payment) => {
    if (!lives.isWaiting(payment)) return
    const isAway = onItsWay.has(payment)
    // The pool dropped it while a block held it that has since lost its place.
    if (!isAway && !market.knows(payment)) return lives.fail(payment, market.reasonGone(payment))
    if (simulation.now() < givenUpAt(payment)) return
    if (onItsWay.delete(payment) || market.withdraw(payment)) {
      if (simulation.now() < deadline(payment)) return lives.fail(payment, 'evicted')
      return lives.expire(payment)
    }
    // It is in a block that its payer has not seen. Should that block lose its place, it returns.
    expiry.remind(payment, simulation.now() + Math.max(seconds(1), access.typicalInterval))
  })

  const arriveKind = simulation.define(`${name}/arrive`, (payment) => {
    const bid = onItsWay.get(payment)
    if (bid === undefined) return
    onItsWay.delete(payment)
    const refused = market.offer(payment, bid)
    if (refused !== undefined) lives.fail(payment, refused)
  })

  const holdMoney = (payment: PaymentId, { feeCap, isSponsored }: PaymentTerms): boolean =>
    isSponsored ? escrow.sponsor(payment, feeCap) : escrow.hold(payment, feeCap)

  return {
    submit: (payment) => {
      lives.begin(payment)
      // Drawn in any case: what one payment meets does not shift what the next one draws.
      const bid = wallet.bid(options.view(payment), streams.tips, streams.budgets)
      const toNode = clientDelay(streams.delays)
      const onwards = gossipDelay(streams.delays)
      const terms: PaymentTerms = market.terms?.(payment, bid) ?? {
        feeCap: Math.ceil(bid.cap * unitsPerPayment * microUsdPerUnit),
        isSponsored: false,
      }
      if (terms.isTaken) return expiry.remind(payment, givenUpAt(payment))
      const way = Math.max(0, ms(market.isRelayed ? toNode : toNode + onwards))
      if (!options.isReachable(payment)) return lives.fail(payment, 'no access')
      if (!holdMoney(payment, terms)) return lives.fail(payment, 'insufficient funds')
      onItsWay.set(payment, bid)
      simulation.after(way + (terms.delay ?? 0), arriveKind, payment)
      expiry.remind(payment, givenUpAt(payment))
      replacements.begin(payment, bid.cap, bid.most)
    },
    review: (payment) => expiry.remind(payment, simulation.now()),
    clear: () => {
      expiry.clear()
      replacements.clear()
    },
  }
}
