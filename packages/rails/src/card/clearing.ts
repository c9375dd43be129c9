import {
  type EventHandle,
  priorities,
  type Simulation,
  type Time,
  toSeconds,
} from '@counterpoise/engine'
import type { Book, MicroUsd, PaymentId } from '@counterpoise/ledger'
import { createIdList } from './idList.ts'
import { type CardSettlement, createNetting, type NettingOptions } from './netting.ts'
import type { SettlementTimes } from './settlementTimes.ts'

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

export type ClearingOptions = NettingOptions & {
  name: string
  book: Book
  times: SettlementTimes
  acquirerOf: (account: number) => number
  /** An acquirer that is down presents its batch at a later cut-off. */
  canPresent: (acquirer: number) => boolean
  onFinal: (payment: PaymentId) => void
}

/**
 * Makes the clearing of a card network. Its computers are others than those of the switch and have
 * no outages here; nor does an institution fail to pay what it owes.
 *
 * At the cut-off each acquirer presents its batch. At the settlement the net positions are paid,
 * the merchant gets the amount without the merchant discount, and the payment is final. There are
 * events only while there is something to present or settle.
 */
export function createClearing(simulation: Simulation, options: ClearingOptions): Clearing {
  const { name, payments, book, times } = options
  const batches = Array.from({ length: options.acquirers }, createIdList)
  const netting = createNetting(options)
  const settlements: CardSettlement[] = []
  const violations: string[] = []
  let cutOff: EventHandle | undefined
  let settlement: EventHandle | undefined
  let resting = false

  const awaitCutOff = (): void => {
    if (cutOff !== undefined || resting) return
    cutOff = simulation.at(times.cutOffFrom(simulation.now()), cutOffKind)
  }
  const atCutOff = (): void => {
    cutOff = undefined
    for (let acquirer = 0; acquirer < options.acquirers; acquirer++) {
      if (options.canPresent(acquirer)) netting.present(acquirer, batches[acquirer]!)
    }
    if (netting.presented.length() > 0 && settlement === undefined) {
      settlement = simulation.at(times.settlementAfter(simulation.now()), settlementKind)
    }
    if (batches.some((batch) => batch.length() > 0)) {
      cutOff = simulation.at(times.cutOffFrom(simulation.now() + 1), cutOffKind)
    }
  }
  const atSettlement = (): void => {
    settlement = undefined
    const { presented } = netting
    let moved = 0
    for (let index = 0; index < presented.length(); index++) moved += finalise(presented.at(index))
    const closed = netting.close(simulation.now())
    check(closed, moved)
    settlements.push(closed)
  }
  /** Pays the merchant; what left the flight. */
  const finalise = (payment: PaymentId): MicroUsd => {
    if (payments.state(payment) !== 'included') {
      report(`payment ${payment} was presented, but is ${payments.state(payment)}`)
      return 0
    }
    const before = book.inFlight()
    const fee = payments.fee(payment)
    book.settle(payments.to(payment), payments.amount(payment) - fee, fee)
    const moved = before - book.inFlight()
    payments.finalise(payment, simulation.now())
    options.onFinal(payment)
    return moved
  }
  const check = ({ positions, gross }: CardSettlement, moved: MicroUsd): void => {
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
