import { createSampler, ms, type Simulation, type Stream } from '@counterpoise/engine'
import {
  type Bid,
  type FailureReason,
  type MicroUsd,
  type PaymentId,
  tempoChannelGas,
  tempoTransactionGas,
  type TempoTransactionOrder,
} from '@counterpoise/ledger'
import type { PaymentLives } from '../lives.ts'
import type { ChainRailOptions } from '../options.ts'
import type { ChannelTransactions } from './channelTransactions.ts'
import type { TempoOptions, TempoSessionRecords } from './options.ts'

/** Payments of the Machine Payments Protocol by vouchers on a channel. */
export type Sessions = {
  /** Takes a payment of a pair that keeps a session. False where it is sent to the chain. */
  take: (payment: PaymentId, order: TempoTransactionOrder, bid: Bid) => boolean
  /** Whether the payment waits for its channel, or its voucher is under way. */
  holds: (payment: PaymentId) => boolean
  /** Its payer has given it up. False where no session holds it. */
  remove: (payment: PaymentId) => boolean
  /** Sessions that are not closed for good. */
  open: () => number
  records: () => TempoSessionRecords
}

export type SessionsOptions = {
  chain: ChainRailOptions
  tempo: TempoOptions
  lives: PaymentLives
  transactions: ChannelTransactions
  /** The number of the token that an account pays with. */
  tokenOf: (account: number) => number
  /** Whether a policy refuses a transfer as of now. */
  refuses: (token: number, from: number, to: number) => boolean
}

/** A channel from a payer to a payee. */
type Session = {
  number: number
  from: number
  to: number
  state: 'new' | 'funding' | 'open' | 'closing' | 'closed'
  /** What is deposited and no voucher has been given for. */
  left: MicroUsd
  /** What vouchers are for that are not settled on the chain. */
  unsettled: MicroUsd
  /** Payments that wait until more is deposited. */
  queue: PaymentId[]
  /** Payments whose voucher is under way. */
  underWay: Set<PaymentId>
  /** Counts vouchers, so that a long silence is known as such. */
  uses: number
  /** How its payer signs and bids. */
  order: TempoTransactionOrder
  bid: Bid
}

/**
 * Keeps the sessions of those pairs of accounts that have one. A voucher is good for what is
 * deposited, so that its payee has the payment for sure; what is left of the deposit comes back at
 * the end. Its payer opens a channel and tops it up, its payee settles and closes it.
 *
 * Source: tempoxyz/tempo d656ef5, tips/tip-1034.md; tempoxyz/docs df75434, guide/machine-payments.
 */
export function createSessions(simulation: Simulation, options: SessionsOptions): Sessions {
  const { chain, lives, refuses, tempo, transactions } = options
  const { access, book, name, payments } = chain
  const { closeAfter, deposit, settleEvery, share } = tempo.sessions
  const keepsSession = createPairChoice(simulation.stream(`${name}/tempo/sessions`), share)
  const ways = simulation.stream(`${name}/tempo/channels`)
  const [toNode, onwards] = [access.clientDelayMs, access.gossipDelayMs].map(createSampler)
  const voucherDelay = createSampler(tempo.sessions.voucherMs)
  const vouchers = simulation.stream(`${name}/tempo/vouchers`)
  const counts = { opened: 0, toppedUp: 0, settled: 0, closed: 0, vouchers: 0 }
  const sessions: Session[] = []
  /** The session of each pair that takes payments. */
  const current = new Map<number, Session>()
  const holder = new Map<PaymentId, Session>()

  const send = (
    session: Session,
    what: keyof typeof tempoChannelGas,
    ends: { onFinal: () => void; onLost: (reason: FailureReason) => void },
  ): boolean => {
    const isPayers = what === 'open' || what === 'topUp'
    const account = isPayers ? session.from : session.to
    const feeToken = options.tokenOf(account)
    const own = { from: account, feeToken, nonce: 'protocol', nonceKey: 0 } as const
    const order: TempoTransactionOrder = {
      ...{ ...session.order, calls: [], callGas: tempoChannelGas[what] },
      ...(isPayers ? {} : { ...own, validBefore: Number.MAX_SAFE_INTEGER }),
    }
    const most = tempoTransactionGas(order, { nonceKey: true, balances: 0 })
    return transactions.send({
      ...{ account, bid: session.bid, ...ends },
      delay: Math.max(0, ms(toNode!(ways) + onwards!(ways))),
      order: { ...order, gasLimit: Math.max(order.gasLimit, most) },
    })
  }

  /** Opens the channel, or tops it up, so that the payments that wait can go on. */
  const fund = (session: Session): void => {
    const what = session.state === 'new' ? 'open' : 'topUp'
    const added = Math.max(deposit, payments.amount(session.queue[0]!) - session.left)
    const refuse = (reason: FailureReason): void => {
      if (what === 'open') leave(session, 'closed')
      else session.state = 'open'
      for (const payment of session.queue.splice(0)) {
        holder.delete(payment)
        lives.fail(payment, reason)
      }
    }
    if (!book.hold(session.from, added)) return refuse('insufficient funds')
    session.state = 'funding'
    const isSent = send(session, what, {
      onFinal: () => {
        counts[what === 'open' ? 'opened' : 'toppedUp']++
        session.state = 'open'
        session.left += added
        serve(session)
        remindOfSilence(session)
      },
      onLost: (reason) => {
        book.release(session.from, added)
        refuse(reason)
        // The silence may have been long enough while the deposit was under way.
        if (session.state === 'open') remindOfSilence(session)
      },
    })
    if (isSent) return
    book.release(session.from, added)
    refuse('insufficient funds')
  }
  const serve = (session: Session): void => {
    while (session.queue.length > 0 && payments.amount(session.queue[0]!) <= session.left) {
      const payment = session.queue.shift()!
      session.left -= payments.amount(payment)
      session.underWay.add(payment)
      simulation.after(Math.max(0, ms(voucherDelay(vouchers))), voucherKind, payment)
    }
    if (session.queue.length > 0) fund(session)
  }
  const voucherKind = simulation.define(`${name}/voucher`, (payment) => {
    const session = holder.get(payment)
    if (session === undefined || !session.underWay.delete(payment)) return
    holder.delete(payment)
    counts.vouchers++
    lives.deliver(payment)
    owe(session, payments.amount(payment))
    session.uses++
    remindOfSilence(session)
  })

  /** Adds to what is to be settled; all of it is, some time after the first of it has come. */
  const owe = (session: Session, amount: MicroUsd): void => {
    if (session.unsettled === 0 && settleEvery !== undefined) {
      simulation.after(settleEvery, settleKind, session.number)
    }
    session.unsettled += amount
  }
  const settleKind = simulation.define(`${name}/settle`, (number) => {
    const session = sessions[number]!
    const { state, unsettled } = session
    if (state === 'closing' || state === 'closed') return
    session.unsettled = 0
    // A payee who cannot pay for it, or finds no place in a block, tries again.
    const onLost = (): void => owe(session, unsettled)
    const isSent = send(session, 'settle', { onFinal: () => void counts.settled++, onLost })
    if (!isSent) onLost()
  })

  const remindOfSilence = ({ number, uses }: Session): void =>
    void simulation.after(closeAfter, silenceKind, number, uses)
  const silenceKind = simulation.define(`${name}/silence`, (number, uses) => {
    const session = sessions[number]!
    const isSilent = session.uses === uses && session.underWay.size === 0
    if (!isSilent || session.state !== 'open') return
    leave(session, 'closing')
    close(session)
  })
  const closeKind = simulation.define(`${name}/close`, (number) => close(sessions[number]!))
  const close = (session: Session): void => {
    // A payee who cannot pay for it, or bids too little, tries again.
    const onLost = (): void => void simulation.after(closeAfter, closeKind, session.number)
    const isSent = send(session, 'close', {
      onFinal: () => {
        counts.closed++
        session.state = 'closed'
        book.release(session.from, session.left)
        session.left = 0
      },
      onLost,
    })
    if (!isSent) onLost()
  }
  const leave = (session: Session, state: 'closing' | 'closed'): void => {
    session.state = state
    const pair = pairOf(session.from, session.to)
    if (current.get(pair) === session) current.delete(pair)
  }

  return {
    take: (payment, order, bid) => {
      const [from, to] = [payments.from(payment), payments.to(payment)]
      const pair = pairOf(from, to)
      const isKept = keepsSession(pair)
      if (!isKept || from === to || order.lane === 'general') return false
      if (refuses(order.token, from, to)) return false
      let session = current.get(pair)
      if (session === undefined) {
        const number = sessions.length
        session = { number, from, to, order, bid, ...freshSession() }
        sessions.push(session)
        current.set(pair, session)
      }
      Object.assign(session, { order, bid })
      session.queue.push(payment)
      holder.set(payment, session)
      if (session.state === 'new') fund(session)
      else if (session.state === 'open') serve(session)
      return true
    },
    holds: (payment) => holder.has(payment),
    remove: (payment) => {
      const session = holder.get(payment)
      if (session === undefined) return false
      holder.delete(payment)
      if (session.underWay.delete(payment)) {
        session.left += payments.amount(payment)
        // Nothing else may come that ends the silence while this was under way.
        remindOfSilence(session)
      } else session.queue.splice(session.queue.indexOf(payment), 1)
      return true
    },
    open: () => sessions.filter(({ state }) => state !== 'closed').length,
    records: () => ({ ...counts }),
  }
}

const freshSession = () => ({
  ...{ state: 'new' as Session['state'], left: 0, unsettled: 0, uses: 0 },
  ...{ queue: [] as PaymentId[], underWay: new Set<PaymentId>() },
})

/** The most accounts of a rail, as far as pairs of them have a number each. */
const accountsMax = 67_108_864

const pairOf = (from: number, to: number): number => from * accountsMax + to

/** Whether each pair is of a share of all, drawn when it first comes up. */
function createPairChoice(stream: Stream, share: number): (pair: number) => boolean {
  const chosen = new Map<number, boolean>()
  return (pair) => {
    const known = chosen.get(pair) ?? stream.uniform() < share
    if (share > 0) chosen.set(pair, known)
    return known
  }
}
