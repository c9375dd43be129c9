import {
  type EventHandle,
  priorities,
  type Simulation,
  type Time,
  toSeconds,
} from '@counterpoise/engine'
import type { Book, MicroUsd, PaymentId, Payments } from '@counterpoise/ledger'
import { type CardFee, cardFee } from './fees.ts'
import { createIdList } from './idList.ts'
import type { SettlementTimes } from './settlementTimes.ts'

/** One multilateral net settlement. */
export type CardSettlement = {
  settledAt: Time
  payments: number
  /** Sum of the payments' amounts. */
  gross: MicroUsd
  /** What each institution gets (or owes, below 0): issuers first, then acquirers. */
  positions: Float64Array
}

/** Presents what was authorised, nets it, and settles it on banking days. */
export type Clearing = {
  /** Puts an authorised payment into its acquirer's batch. */
  capture: (payment: PaymentId) => void
  /** When a payment captured at a time is expected to settle. */
  settlementAfter: (time: Time) => Time
  settlements: readonly CardSettlement[]
  violations: readonly string[]
  rest: () => void
}

export type ClearingOptions = {
  name: string
  payments: Payments
  book: Book
  times: SettlementTimes
  interchange: CardFee
  issuers: number
  acquirers: number
  issuerOf: (account: number) => number
  acquirerOf: (account: number) => number
  /** An acquirer that is down presents its batch at a later cut-off. */
  canPresent: (acquirer: number) => boolean
  onFinal: (payment: PaymentId) => void
}

/**
 * Makes the clearing of a card network. Its computers are others than those of the switch and have
 * no outages here; nor does an institution fail to pay what it owes.
 *
 * At the cut-off each acquirer presents its batch, and every payment moves the amount without the
 * interchange from its issuer's position to its acquirer's. At the settlement the positions are
 * paid, the merchant gets the amount without the merchant discount, and the payment is final. There
 * are events only while there is something to present or settle.
 */
export function createClearing(simulation: Simulation, options: ClearingOptions): Clearing {
  const { name, payments, book, times } = options
  const batches = Array.from({ length: options.acquirers }, createIdList)
  const presented = createIdList()
  const settlements: CardSettlement[] = []
  const violations: string[] = []
  let positions = new Float64Array(options.issuers + options.acquirers)
  let cutOff: EventHandle | undefined
  let settlement: EventHandle | undefined
  let gross = 0
  let resting = false

  const present = (acquirer: number): void => {
    const batch = batches[acquirer]!
    let credit = 0
    for (let index = 0; index < batch.length(); index++) {
      const payment = batch.at(index)
      const amount = payments.amount(payment)
      const due = amount - cardFee(options.interchange, amount)
      const issuer = options.issuerOf(payments.from(payment))
      positions[issuer] = positions[issuer]! - due
      credit += due
      gross += amount
      presented.push(payment)
    }
    const position = options.issuers + acquirer
    positions[position] = positions[position]! + credit
    batch.clear()
  }
  const awaitCutOff = (): void => {
    if (cutOff !== undefined || resting) return
    cutOff = simulation.at(times.cutOffFrom(simulation.now()), cutOffKind)
  }
  const atCutOff = (): void => {
    cutOff = undefined
    for (let acquirer = 0; acquirer < options.acquirers; acquirer++) {
      if (options.canPresent(acquirer)) present(acquirer)
    }
    if (presented.length() > 0 && settlement === undefined) {
      settlement = simulation.at(times.settlementAfter(simulation.now()), settlementKind)
    }
    if (batches.some((batch) => batch.length() > 0)) {
      cutOff = simulation.at(times.cutOffFrom(simulation.now() + 1), cutOffKind)
    }
  }
  const atSettlement = (): void => {
    settlement = undefined
    const before = book.inFlight()
    for (let index = 0; index < presented.length(); index++) finalise(presented.at(index))
    check(before - book.inFlight())
    const settledAt = simulation.now()
    settlements.push({ settledAt, payments: presented.length(), gross, positions })
    positions = new Float64Array(positions.length)
    gross = 0
    presented.clear()
  }
  const finalise = (payment: PaymentId): void => {
    if (payments.state(payment) !== 'included') {
      report(`payment ${payment} was presented, but is ${payments.state(payment)}`)
      return
    }
    const fee = payments.fee(payment)
    book.settle(payments.to(payment), payments.amount(payment) - fee, fee)
    payments.finalise(payment, simulation.now())
    options.onFinal(payment)
  }
  const check = (moved: MicroUsd): void => {
    const sum = positions.reduce((total, position) => total + position, 0)
    if (sum !== 0) report(`the net positions add up to ${sum} µ$ and not to 0`)
    if (moved !== gross) report(`${gross} µ$ were presented, but ${moved} µ$ were settled`)
  }
  const report = (what: string): void => {
    violations.push(`${name}: at ${toSeconds(simulation.now())} s ${what}`)
  }
  // Where both fall on one instant, the settlement is of what earlier cut-offs presented.
  const settlementKind = simulation.define(`${name}/settle`, atSettlement, priorities.protocol)
  const cutOffKind = simulation.define(`${name}/cut off`, atCutOff, priorities.protocol + 1)

  return {
    capture: (payment) => {
      batches[options.acquirerOf(payments.to(payment))]!.push(payment)
      awaitCutOff()
    },
    settlementAfter: (time) => times.settlementAfter(times.cutOffFrom(time)),
    settlements,
    violations,
    rest: () => {
      resting = true
      if (cutOff !== undefined) simulation.cancel(cutOff)
      if (settlement !== undefined) simulation.cancel(settlement)
    },
  }
}
