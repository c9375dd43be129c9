import type { RunningChain } from '@counterpoise/consensus'
import type { Simulation } from '@counterpoise/engine'
import {
  type Bid,
  type BlockId,
  type FailureReason,
  type MicroUsd,
  type PaymentId,
  tempoFee,
  type TempoReceipt,
  type TempoTransaction,
  type TempoTransactionOrder,
  transactionOf,
} from '@counterpoise/ledger'
import type { Market, MarketOptions } from '../market.ts'
import { createBatches } from './batches.ts'
import { createChannelTransactions } from './channelTransactions.ts'
import { createTempoExecution, type TempoExecution } from './execution.ts'
import type { TempoOptions } from './options.ts'
import { createNoncePlaces } from './places.ts'
import { createPolicies } from './policies.ts'
import { tempoRecords } from './records.ts'
import { createSessions } from './sessions.ts'
import { createTempoSigner, type SignedPayment } from './signer.ts'

export type TempoMarketOptions = MarketOptions & { tempo: TempoOptions }

/** One pool for all nodes, from which blocks are filled by Tempo's rules. */
export function createTempoMarket(simulation: Simulation, options: TempoMarketOptions): Market {
  const { blocks, chain, lives, tempo } = options
  const { accessNodes, name, payments, relays = [], rules, validators } = chain
  const transactions: TempoTransaction[] = []
  const signed = new Map<PaymentId, SignedPayment>()
  const places = createNoncePlaces()
  const policies = createPolicies(simulation, name, tempo)
  const signer = createTempoSigner(simulation, {
    ...{ name, payments, tempo, isLookedUp: policies.isLookedUp },
    bytesPerPayment: rules.bytesPerPayment,
  })
  /** The transaction is in no pool any more, and will be in no block. */
  const giveUp = (id: number, reason: FailureReason): void => {
    const { calls, place, sequence } = transactions[id]!
    if (sequence >= 0) places.giveBack(sequence, place)
    for (const { payment } of calls) if (lives.isWaiting(payment)) lives.fail(payment, reason)
    if (calls.length === 0) channels.lost(id, reason)
  }
  const execution = createTempoExecution({
    ...{ blocks, rules, tempo, policies, validators, transactions },
    followers: accessNodes.length + relays.length,
    currencyOf: signer.tokenOf,
    onEvicted: (id) => giveUp(id, 'evicted'),
    onDropped: (id, why) => giveUp(id, why === 'nonce expired' ? why : 'conflicted'),
  })
  const { chain: filled, mempool, state } = execution
  const found = createReceipts(execution, transactions)

  const enter = (order: TempoTransactionOrder, bid: Bid): FailureReason | undefined => {
    const { cap, tip } = bid
    const maxFee = tempoFee(BigInt(cap), BigInt(order.gasLimit))
    const pays = tempo.tokens[order.feeToken]!.name
    const hasRoute = execution.producerTokens.some((to) => state.amm.route(pays, to, maxFee))
    if (!hasRoute) return 'no fee liquidity'
    const id = transactions.length
    const { from, nonce, nonceKey } = order
    const sequence = nonce === 'expiring' ? -1 : state.sequenceOf(from, nonceKey)
    const place = sequence < 0 ? 0 : places.take(sequence)
    transactions.push(transactionOf(order, { id, sequence, place }))
    const units = state.gasOf(transactions[id]!, true)
    const admission = mempool.offer(id, { cap, tip }, units)
    if (admission === 'added') {
      for (const { payment } of order.calls) found.note(payment, id)
      return undefined
    }
    if (sequence >= 0) places.giveBack(sequence, place)
    return admission
  }
  const withdraw = (payment: PaymentId): boolean => {
    if (batches.remove(payment) || sessions.remove(payment)) return true
    const id = found.idOf(payment)
    const bid = id === -1 ? undefined : { cap: mempool.cap(id), tip: mempool.tip(id) }
    if (bid === undefined || !mempool.withdraw(id)) return false
    const { place, sequence, ...order } = transactions[id]!
    if (sequence >= 0) places.giveBack(sequence, place)
    // The others of a batch are signed anew, without it.
    const others = order.calls.filter((call) => call.payment !== payment)
    const bytes = order.bytes - tempo.batches.bytesPerCall
    if (others.length > 0) send({ ...order, calls: others, bytes }, bid)
    return true
  }
  const send = (order: TempoTransactionOrder, bid: Bid): void => {
    const refused = enter(order, bid)
    if (refused === undefined) return
    for (const { payment } of order.calls) {
      if (lives.isWaiting(payment)) lives.fail(payment, refused)
    }
  }
  const feeCap = ({ gasLimit }: TempoTransactionOrder, { cap }: Bid): MicroUsd =>
    Number(tempoFee(BigInt(cap), BigInt(gasLimit)))
  const channels = createChannelTransactions(simulation, {
    ...{ name, book: chain.book, feeCap },
    enter: (order, bid) => enter(order, bid) ?? transactions.length - 1,
    contents: (block) => filled.block(block)!,
  })
  const sessions = createSessions(simulation, {
    ...{ chain, tempo, lives, transactions: channels, refuses: policies.refuses },
    tokenOf: signer.tokenOf,
  })
  const batches = createBatches(simulation, { name, tempo, send })
  let charges = 0
  let cluster: RunningChain | undefined

  return {
    ...{ build: filled.build, baseFee: filled.baseFee, nextBaseFee: filled.nextBaseFee },
    registered: state.registered,
    isRelayed: false,
    terms: (payment, bid) => {
      const drawn = signer.sign(payment)
      const { delay, isSponsored, order } = drawn
      const whole = { cap: wholePrice(bid.cap), tip: wholePrice(bid.tip) }
      if (sessions.take(payment, order, whole)) {
        return { feeCap: 0, isSponsored: false, isTaken: true }
      }
      signed.set(payment, drawn)
      const most = feeCap(order, whole)
      if (delay > 0) charges++
      return { feeCap: most, isSponsored, delay }
    },
    offer: (payment, bid) => {
      const drawn = signed.get(payment)!
      signed.delete(payment)
      const whole = { cap: wholePrice(bid.cap), tip: wholePrice(bid.tip) }
      return batches.add(payment, drawn, whole) ? undefined : enter(drawn.order, whole)
    },
    admits: (bid) => mempool.admission(bid, rules.unitsPerPayment) === 'added',
    replace: () => false,
    spendTwice: () => false,
    withdraw,
    knows: (payment) =>
      batches.holds(payment) ||
      sessions.holds(payment) ||
      (found.idOf(payment) !== -1 && mempool.knows(found.idOf(payment))),
    reasonGone: () => 'evicted',
    price: (payment, block) => mempool.price(found.idOf(payment), filled.baseFee(block)),
    fee: found.fee,
    isRefused: found.isRefused,
    checkCost: execution.checkCost,
    priceAtDepth: mempool.priceAtDepth,
    estimate: () => undefined,
    waitingUnits: mempool.totalUnits,
    waitingCount: mempool.size,
    join: (joined) => {
      cluster = joined
    },
    finalise: channels.finalise,
    unfinished: sessions.open,
    records: () =>
      tempoRecords({
        ...{ cluster: cluster!, execution, tempo, transactions, charges },
        sessions: sessions.records(),
      }),
  }
}

/** Attodollars per gas are whole numbers; nobody pays more than what was bid. */
const wholePrice = (price: number): number =>
  Math.floor(Math.min(price, Number.MAX_SAFE_INTEGER))

/** Finds what became of payments in blocks. */
type Receipts = {
  /** The payment is in this transaction from now on. */
  note: (payment: PaymentId, id: number) => void
  /** −1 where it never was in one. */
  idOf: (payment: PaymentId) => number
  /** The payment's part of the fee of its transaction in a block that carries it. */
  fee: (payment: PaymentId, block: BlockId) => MicroUsd
  isRefused: (payment: PaymentId, block: BlockId) => boolean
}

function createReceipts({ chain }: TempoExecution, transactions: TempoTransaction[]): Receipts {
  const ids: number[] = []
  /** Of a block: where each of its transactions is. Made when somebody asks, for the last one. */
  let indexed: BlockId = -1
  let index = new Map<number, number>()

  const placeOf = (payment: PaymentId, block: BlockId): number => {
    if (indexed !== block) {
      index = new Map(chain.block(block)!.ids.map((id, place) => [id, place]))
      indexed = block
    }
    return index.get(ids[payment]!)!
  }
  return {
    note: (payment, id) => {
      ids[payment] = id
    },
    idOf: (payment) => ids[payment] ?? -1,
    fee: (payment, block) => {
      const receipt: TempoReceipt = chain.block(block)!.receipts[placeOf(payment, block)]!
      const { calls } = transactions[ids[payment]!]!
      const share = Math.floor(receipt.fee / calls.length)
      // The first one bears what cannot be divided.
      return calls[0]!.payment === payment ? receipt.fee - share * (calls.length - 1) : share
    },
    isRefused: (payment, block) => {
      const { refused } = chain.block(block)!
      return refused.size > 0 && refused.has(placeOf(payment, block))
    },
  }
}
