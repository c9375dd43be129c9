import type { Book, MicroUsd, PaymentId, Payments } from '@counterpoise/ledger'

/** The money of payments under way: their amount and the most that they may cost. */
export type Escrow = {
  /** Forgets what an earlier attempt of the payment held. */
  open: (payment: PaymentId) => void
  /** Holds amount and fee cap. False where the account lacks them. */
  hold: (payment: PaymentId, feeCap: MicroUsd) => boolean
  /**
   * Holds the amount of a payment, and the most that it may cost of its payee, who pays the fee.
   * False where either lacks it.
   */
  sponsor: (payment: PaymentId, feeCap: MicroUsd) => boolean
  /** Takes over the amount of a payment that is in flight already, and costs nothing. */
  adopt: (payment: PaymentId) => void
  feeCap: (payment: PaymentId) => MicroUsd
  /** Holds a higher fee cap of a payment whose money is held. False where the account lacks it. */
  raise: (payment: PaymentId, feeCap: MicroUsd) => boolean
  /** Gives back what is held above a fee cap. */
  lower: (payment: PaymentId, feeCap: MicroUsd) => void
  /** Gives everything back to the payer, if anything is held. */
  release: (payment: PaymentId) => void
  /** Pays the payee and the fee, and gives the rest back. */
  settle: (payment: PaymentId) => void
  /** Pays the fee of a payment that was refused, whoever bears it, and gives the rest back. */
  charge: (payment: PaymentId, fee: MicroUsd) => void
}

/** Keeps the fee caps of a rail's payments in a column. */
export function createEscrow(payments: Payments, book: Book): Escrow {
  let caps = new Float64Array(1024).fill(-1)
  /** Payments whose payee pays the fee. */
  const sponsored = new Set<PaymentId>()
  const bearer = (payment: PaymentId): number =>
    sponsored.has(payment) ? payments.to(payment) : payments.from(payment)

  const reach = (payment: PaymentId): void => {
    while (payment >= caps.length) {
      const wider = new Float64Array(caps.length * 2).fill(-1)
      wider.set(caps)
      caps = wider
    }
  }

  return {
    open: (payment) => {
      reach(payment)
      caps[payment] = -1
      sponsored.delete(payment)
    },
    hold: (payment, feeCap) => {
      if (!book.hold(payments.from(payment), payments.amount(payment) + feeCap)) return false
      caps[payment] = feeCap
      return true
    },
    sponsor: (payment, feeCap) => {
      const [from, amount] = [payments.from(payment), payments.amount(payment)]
      if (!book.hold(from, amount)) return false
      if (!book.hold(payments.to(payment), feeCap)) {
        book.release(from, amount)
        return false
      }
      sponsored.add(payment)
      caps[payment] = feeCap
      return true
    },
    adopt: (payment) => {
      caps[payment] = 0
    },
    feeCap: (payment) => caps[payment]!,
    raise: (payment, feeCap) => {
      const more = feeCap - caps[payment]!
      if (more <= 0) return true
      if (!book.hold(bearer(payment), more)) return false
      caps[payment] = feeCap
      return true
    },
    lower: (payment, feeCap) => {
      const less = caps[payment]! - feeCap
      if (caps[payment]! < 0 || less <= 0) return
      book.release(bearer(payment), less)
      caps[payment] = feeCap
    },
    release: (payment) => {
      if (caps[payment]! < 0) return
      book.release(payments.from(payment), payments.amount(payment))
      book.release(bearer(payment), caps[payment]!)
      caps[payment] = -1
    },
    settle: (payment) => {
      const fee = payments.fee(payment)
      book.settle(payments.to(payment), payments.amount(payment), fee)
      book.release(bearer(payment), caps[payment]! - fee)
      caps[payment] = -1
    },
    charge: (payment, fee) => {
      book.settle(payments.from(payment), 0, fee)
      book.release(payments.from(payment), payments.amount(payment))
      book.release(bearer(payment), caps[payment]! - fee)
      caps[payment] = -1
    },
  }
}
