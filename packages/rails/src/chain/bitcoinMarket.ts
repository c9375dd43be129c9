import type { Simulation } from '@counterpoise/engine'
import {
  createTransactions,
  type Departure,
  type FailureReason,
  type PaymentId,
  type Rejection,
  type TransactionId,
} from '@counterpoise/ledger'
import { createBitcoinLedger } from './bitcoinLedger.ts'
import type { Market, MarketOptions } from './market.ts'
import { createNodePool, type NodePool } from './nodePools.ts'
import { type BitcoinRules, unitsPerBlock } from './options.ts'

export type BitcoinMarketOptions = MarketOptions & { bitcoin: BitcoinRules }

/**
 * Pools by Bitcoin's rules. A payment is one or several transactions that spend one coin: its
 * first bid, better bids in its place, or a payment of its payer to itself. One of them at most
 * is in a chain; a payer's node says which.
 */
export function createBitcoinMarket(
  simulation: Simulation,
  options: BitcoinMarketOptions,
): Market {
  const { chain, blocks, lives, bitcoin } = options
  const { rules } = chain
  const table = createTransactions()
  const ledger = createBitcoinLedger({ table, blocks, unitsPerPayment: rules.unitsPerPayment })
  const reasons = new Map<PaymentId, FailureReason>()
  const pool = createNodePool({
    table,
    blocks,
    policy: bitcoin.policy,
    transactionsOf: ledger.transactionsOf,
    estimates: chain.wallet.strategy === 'bitcoin estimate',
    onLeft: (id, why) => leave(id, why),
  })
  const poolOf = (_node: number): NodePool => pool
  const room = unitsPerBlock(rules)
  const other = Math.min(
    rules.otherTraffic?.unitsPerBlock ?? 0,
    rules.otherTraffic?.laneLimit ?? rules.unitsLimit,
    rules.unitsLimit,
  )
  const givesWay = rules.otherTraffic?.givesWay ?? true

  /** A payment fails with the version that stands for it; an older one has been replaced by it. */
  const leave = (id: TransactionId, why: Departure): void => {
    const payment = ledger.paymentOf(id)
    if (payment === -1 || ledger.current(payment) !== id) return
    reasons.set(payment, reasonOf[why])
    if (lives.isWaiting(payment)) lives.fail(payment, reasonOf[why])
  }
  const rejected = (reason: Rejection): FailureReason =>
    reason === 'spent' || reason === 'missing parents'
      ? 'conflicted'
      : reason === 'below pool minimum'
        ? 'mempool full'
        : 'fee too low'

  const build: Market['build'] = (parent, seal) => {
    pool.moveTo(parent, seal.time)
    const taken = pool.pool.select(room)
    const used = taken.reduce((sum, id) => sum + table.weight(id), 0)
    const block = ledger.append(parent, seal, taken, {
      units: givesWay ? Math.max(used, other) : used + other,
      bytes: taken.length * rules.bytesPerPayment,
    })
    pool.moveTo(block, seal.time)
    return block
  }

  return {
    build,
    baseFee: () => 0,
    nextBaseFee: () => 0,
    offer: (payment, bid) => {
      const id = ledger.add(payment, bid)
      const reason = pool.submit(id, simulation.now())
      return reason === undefined ? undefined : rejected(reason)
    },
    admits: (bid, node) =>
      bid.cap * 4_000 >= poolOf(node).pool.minimumRate(simulation.now()),
    replace: (payment, bid) => {
      const before = ledger.current(payment)
      // The new version stands for the payment already when the old one leaves.
      const id = ledger.add(payment, bid)
      if (pool.submit(id, simulation.now()) === undefined) return true
      ledger.stand(payment, before)
      return false
    },
    spendTwice: (payment, bid) =>
      pool.submit(ledger.addRival(payment, bid), simulation.now()) === undefined,
    withdraw: (payment) => {
      const id = ledger.current(payment)
      return id !== -1 && pool.pool.forget(id).length > 0
    },
    knows: (payment) => {
      const id = ledger.current(payment)
      return id !== -1 && (pool.pool.has(id) || pool.pool.isConfirmed(id))
    },
    reasonGone: (payment) => reasons.get(payment) ?? 'evicted',
    price: (payment, block) => ledger.fee(payment, block) / rules.unitsPerPayment,
    priceAtDepth: (units, node) => poolOf(node).pool.rateAtDepth(units) ?? rules.minimumPrice,
    estimate: (targetBlocks, node) => {
      const rate = poolOf(node).estimator?.estimate(targetBlocks)
      return rate === undefined ? undefined : rate / 4_000
    },
    waitingUnits: (node) => poolOf(node).pool.totalWeight(),
    waitingCount: () => pool.pool.size(),
    join: () => {},
  }
}

const reasonOf: Record<Departure, FailureReason> = {
  evicted: 'evicted',
  expired: 'evicted',
  package: 'evicted',
  replaced: 'replaced',
  conflicted: 'conflicted',
}
