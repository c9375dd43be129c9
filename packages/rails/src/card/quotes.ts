import { meanOf, type Time } from '@counterpoise/engine'
import type { PaymentId } from '@counterpoise/ledger'
import type { Quote } from '../contract.ts'
import type { Desk } from './desk.ts'
import { cardFee } from './fees.ts'
import type { CardParameters } from './parameters.ts'

/** Quotes from the means of the path, and what is known now of queues and outages. */
export function createQuotes(
  desk: Desk,
  parameters: CardParameters,
  settlementAfter: (time: Time) => Time,
): (payment: PaymentId) => Quote {
  const { payments, simulation, networkSwitch, issuers } = desk
  const { delaysMs, standIn, merchantDiscount, chargebackRate, clientTimeOut } = parameters
  const withoutIssuer = Math.round((2 * meanOf(delaysMs.access) + meanOf(delaysMs.network)) * 1_000)
  const issuerMean = Math.min(standIn.timeOut, Math.round(meanOf(delaysMs.issuer) * 1_000))
  return (payment) => {
    const amount = payments.amount(payment)
    const acquirer = desk.acquirerOf[payments.to(payment)]!
    const isStandIn = issuers.standsIn(desk.issuerOf[payments.from(payment)]!)
    const centre = networkSwitch.route(desk.homes[acquirer]!)
    const reachable = desk.acquirers.isUp(acquirer) && centre >= 0
    const queue = centre >= 0 ? networkSwitch.delay(centre) : 0
    const path = withoutIssuer + queue + (isStandIn ? 0 : issuerMean)
    const timeToInclusion = Math.min(clientTimeOut, path)
    const now = simulation.now()
    return {
      available:
        reachable &&
        desk.book.balance(payments.from(payment)) >= amount &&
        !(isStandIn && amount > standIn.floorLimit),
      fee: cardFee(merchantDiscount, amount),
      timeToInclusion,
      timeToFinality: settlementAfter(now + timeToInclusion) - now,
      risk: chargebackRate,
    }
  }
}
