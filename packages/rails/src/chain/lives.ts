import type { Simulation } from '@counterpoise/engine'
import type { FailureReason, MicroUsd, PaymentId, Payments } from '@counterpoise/ledger'
import type { RailObserver } from '../contract.ts'
import type { Escrow } from './escrow.ts'

/** The lives of a rail's payments: their states, their money, and who is told. */
export type PaymentLives = {
  /** True while the payment is this rail's, dead or alive. */
  isHere: (payment: PaymentId) => boolean
  /** True while the payment is this rail's and not in a block that its payer has seen. */
  isWaiting: (payment: PaymentId) => boolean
  begin: (payment: PaymentId) => void
  include: (payment: PaymentId, fee: MicroUsd) => void
  /** Ends a payment that waits by money in flight for it already, outside of any block. */
  deliver: (payment: PaymentId) => void
  /** A reorganisation took it out of the payer's chain: it waits again. */
  uninclude: (payment: PaymentId) => void
  finalise: (payment: PaymentId) => void
  /** Ends a payment that waits, and gives its money back. */
  fail: (payment: PaymentId, reason: FailureReason) => void
  /** Ends a payment that a block has refused: its fee is paid, the rest of its money comes back. */
  refuse: (payment: PaymentId, reason: FailureReason, fee: MicroUsd) => void
  /** Ends a payment that waits because its payer's patience is over. */
  expire: (payment: PaymentId) => void
  observe: (observer: RailObserver) => void
  waiting: () => number
  /** Those in a block and not final. */
  included: () => number
}

/** Makes the lives of the payments of the rail of a number. */
export function createLives(
  simulation: Simulation,
  options: { number: number; payments: Payments; escrow: Escrow },
): PaymentLives {
  const { number, payments, escrow } = options
  const observers: RailObserver[] = []
  let waiting = 0
  let included = 0

  const isHere = (payment: PaymentId): boolean => payments.rail(payment) === number
  const include = (payment: PaymentId, fee: MicroUsd): void => {
    waiting--
    included++
    payments.include(payment, simulation.now(), fee)
    for (const observer of observers) observer.included?.(payment)
  }
  const finalise = (payment: PaymentId): void => {
    included--
    escrow.settle(payment)
    payments.finalise(payment, simulation.now())
    for (const observer of observers) observer.finalised?.(payment)
  }
  const end = (payment: PaymentId, reason: FailureReason): void => {
    for (const observer of observers) observer.ended?.(payment, reason)
  }

  return {
    isHere,
    isWaiting: (payment) => isHere(payment) && payments.state(payment) === 'submitted',
    begin: (payment) => {
      waiting++
      payments.submit(payment, number, simulation.now())
      escrow.open(payment)
    },
    include,
    deliver: (payment) => {
      escrow.adopt(payment)
      include(payment, 0)
      finalise(payment)
    },
    uninclude: (payment) => {
      waiting++
      included--
      payments.uninclude(payment)
    },
    finalise,
    fail: (payment, reason) => {
      waiting--
      escrow.release(payment)
      payments.fail(payment, simulation.now(), reason)
      end(payment, reason)
    },
    refuse: (payment, reason, fee) => {
      waiting--
      escrow.charge(payment, fee)
      payments.fail(payment, simulation.now(), reason)
      end(payment, reason)
    },
    expire: (payment) => {
      waiting--
      escrow.release(payment)
      payments.expire(payment, simulation.now())
      end(payment, 'timed out')
    },
    observe: (observer) => {
      observers.push(observer)
    },
    waiting: () => waiting,
    included: () => included,
  }
}
