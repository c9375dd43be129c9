import type { Simulation, Time } from '@counterpoise/engine'
import {
  type Bid,
  type BlockId,
  type Book,
  type FailureReason,
  type MicroUsd,
  type TempoTransactionOrder,
} from '@counterpoise/ledger'

/** A transaction without payments, and what its end means. */
export type ChannelTransaction = {
  /** Its sender, who pays for it. */
  account: number
  order: TempoTransactionOrder
  bid: Bid
  /** Until it is in the pool, µs. */
  delay: Time
  onFinal: () => void
  onLost: (reason: FailureReason) => void
}

/** Sends transactions that carry no payments, pays for them, and learns when they are final. */
export type ChannelTransactions = {
  /** False where the account cannot pay for it. */
  send: (transaction: ChannelTransaction) => boolean
  /** It is in no pool any more and will be in no block. False where it is none of these. */
  lost: (id: number, reason: FailureReason) => void
  /** The block is final for an access node; told again by others. */
  finalise: (block: BlockId) => void
}

export type ChannelTransactionsOptions = {
  name: string
  book: Book
  /** The most that a transaction may cost. */
  feeCap: (order: TempoTransactionOrder, bid: Bid) => MicroUsd
  /** Why the pool does not take it, or its number. */
  enter: (order: TempoTransactionOrder, bid: Bid) => FailureReason | number
  /** Numbers of the transactions of a block, and what each has cost in it. */
  contents: (block: BlockId) => { ids: readonly number[]; receipts: readonly { fee: number }[] }
}

export function createChannelTransactions(
  simulation: Simulation,
  options: ChannelTransactionsOptions,
): ChannelTransactions {
  const { book, contents, enter, feeCap, name } = options
  const sent: ChannelTransaction[] = []
  /** Those in the pool or in a block that is not final, by their numbers in the pool. */
  const pending = new Map<number, ChannelTransaction>()

  const giveBack = (transaction: ChannelTransaction, reason: FailureReason): void => {
    const { account, bid, order, onLost } = transaction
    book.release(account, feeCap(order, bid))
    onLost(reason)
  }
  const arriveKind = simulation.define(`${name}/channel`, (number) => {
    const transaction = sent[number]!
    const entered = enter(transaction.order, transaction.bid)
    if (typeof entered === 'number') pending.set(entered, transaction)
    else giveBack(transaction, entered)
  })
  const finish = (transaction: ChannelTransaction, fee: MicroUsd): void => {
    const { account, bid, order, onFinal } = transaction
    book.settle(account, 0, fee)
    book.release(account, feeCap(order, bid) - fee)
    onFinal()
  }

  return {
    send: (transaction) => {
      const { account, bid, delay, order } = transaction
      if (!book.hold(account, feeCap(order, bid))) return false
      simulation.after(delay, arriveKind, sent.length)
      sent.push(transaction)
      return true
    },
    lost: (id, reason) => {
      const transaction = pending.get(id)
      if (transaction === undefined) return
      pending.delete(id)
      giveBack(transaction, reason)
    },
    finalise: (block) => {
      if (pending.size === 0) return
      const { ids, receipts } = contents(block)
      for (const [place, id] of ids.entries()) {
        const transaction = pending.get(id)
        if (transaction === undefined) continue
        pending.delete(id)
        finish(transaction, receipts[place]!.fee)
      }
    },
  }
}
