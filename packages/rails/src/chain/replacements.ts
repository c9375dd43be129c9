import { createSampler, ms, type Simulation, type Time } from '@counterpoise/engine'
import type { PaymentId } from '@counterpoise/ledger'
import type { Escrow } from './escrow.ts'
import { createExpiry } from './expiry.ts'
import type { PaymentLives } from './lives.ts'
import type { Market } from './market.ts'
import type { ChainAccess, ChainRules } from './options.ts'
import type { BumpOptions, DoubleSpendOptions, Wallet } from './wallet.ts'

export type ReplacementsOptions = {
  name: string
  rules: ChainRules
  access: ChainAccess
  market: Market
  wallet: Wallet
  lives: PaymentLives
  escrow: Escrow
  bump: BumpOptions | undefined
  doubleSpend: DoubleSpendOptions | undefined
  isReachable: (payment: PaymentId) => boolean
  nodeOf: (payment: PaymentId) => number
}

/** What payers send after a payment: better bids for it, or its coins back to themselves. */
export type Replacements = {
  /** A payment has been sent at a price per unit; its payer gives no more than `most`. */
  begin: (payment: PaymentId, price: number, most: number) => void
  clear: () => void
}

/** How a payer has bid so far. */
type Bidding = { price: number; most: number; bumpsLeft: number }

/** Makes the payers' second thoughts; without options, nobody has any. */
export function createReplacements(
  simulation: Simulation,
  options: ReplacementsOptions,
): Replacements {
  const bumps = options.bump && createBumps(simulation, options, options.bump)
  const spends = options.doubleSpend && createSpends(simulation, options, options.doubleSpend)
  return {
    begin: (payment, price, most) => {
      bumps?.begin(payment, price, most)
      spends?.begin(payment, price)
    },
    clear: () => {
      bumps?.clear()
      spends?.clear()
    },
  }
}

function createBumps(
  simulation: Simulation,
  options: ReplacementsOptions,
  { after, factor, max }: BumpOptions,
): Replacements {
  const { name, market, wallet, lives, escrow, rules, access } = options
  const biddings = new Map<PaymentId, Bidding>()
  const stream = simulation.stream(`${name}/bumps`)
  const clientDelay = createSampler(access.clientDelayMs)
  const gossipDelay = createSampler(access.gossipDelayMs)
  const onTheirWay = new Map<PaymentId, number>()
  const feeCapOf = (price: number): number =>
    Math.ceil(price * rules.unitsPerPayment * rules.microUsdPerUnit)
  const again = (payment: PaymentId): void => due.remind(payment, simulation.now() + after)

  const due = createExpiry(simulation, `${name}/bump`, (payment) => {
    const bidding = biddings.get(payment)
    if (bidding === undefined) return
    if (!lives.isWaiting(payment)) return void biddings.delete(payment)
    const wanted = Math.max(bidding.price * factor, wallet.estimate(options.nodeOf(payment)))
    const price = Math.min(bidding.most, wanted)
    const toNode = clientDelay(stream)
    const onwards = gossipDelay(stream)
    const delay: Time = Math.max(0, ms(market.isRelayed ? toNode : toNode + onwards))
    // Who is cut off, or has nothing left to give, looks again later.
    const canSend = price > bidding.price && options.isReachable(payment)
    if (!canSend || !escrow.raise(payment, feeCapOf(price))) return again(payment)
    onTheirWay.set(payment, price)
    simulation.after(delay, arrive, payment)
  })
  const arrive = simulation.define(`${name}/bumped`, (payment) => {
    const price = onTheirWay.get(payment)
    const bidding = biddings.get(payment)
    onTheirWay.delete(payment)
    if (price === undefined || bidding === undefined) return
    // In a block already: the earlier bid holds, and what is held for more is given back then.
    if (!lives.isWaiting(payment)) return void biddings.delete(payment)
    if (market.replace(payment, { cap: price, tip: price })) {
      bidding.price = price
      bidding.bumpsLeft--
    } else escrow.lower(payment, feeCapOf(bidding.price))
    if (bidding.bumpsLeft > 0) again(payment)
    else biddings.delete(payment)
  })

  return {
    begin: (payment, price, most) => {
      if (max === 0) return
      biddings.set(payment, { price, most, bumpsLeft: max })
      again(payment)
    },
    clear: () => {
      due.clear()
      biddings.clear()
    },
  }
}

function createSpends(
  simulation: Simulation,
  options: ReplacementsOptions,
  { share, after, factor }: DoubleSpendOptions,
): { begin: (payment: PaymentId, price: number) => void; clear: () => void } {
  const { name, market, lives } = options
  const stream = simulation.stream(`${name}/doubleSpends`)
  const prices = new Map<PaymentId, number>()
  const kind = simulation.define(`${name}/doubleSpend`, (payment) => {
    const price = prices.get(payment)
    prices.delete(payment)
    if (price === undefined || !lives.isWaiting(payment) || !options.isReachable(payment)) return
    market.spendTwice(payment, { cap: price * factor, tip: price * factor })
  })
  return {
    begin: (payment, price) => {
      if (!stream.chance(share)) return
      prices.set(payment, price)
      simulation.after(after, kind, payment)
    },
    clear: () => prices.clear(),
  }
}
