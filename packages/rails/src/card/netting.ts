import type { Time } from '@counterpoise/engine'
import type { MicroUsd, PaymentId, Payments } from '@counterpoise/ledger'
import { type CardFee, cardFee } from './fees.ts'
import { createIdList, type IdList } from './idList.ts'

/** One multilateral net settlement. */
export type CardSettlement = {
  settledAt: Time
  payments: number
  /** Sum of the payments' amounts. */
  gross: MicroUsd
  /** What each institution gets (or owes, below 0): issuers first, then acquirers. */
  positions: Float64Array
}

export type NettingOptions = {
  payments: Payments
  interchange: CardFee
  issuers: number
  acquirers: number
  issuerOf: (account: number) => number
}

/** What has been presented since the last settlement, and who owes how much for it. */
export type Netting = {
  presented: IdList
  /** Takes over an acquirer's batch and empties it. */
  present: (acquirer: number, batch: IdList) => void
  /** Returns the positions and begins anew. */
  close: (settledAt: Time) => CardSettlement
}

/**
 * Makes the net positions of institutions. A payment moves its amount without the interchange from
 * its issuer's position to its acquirer's: the issuer's payment by payment, the acquirer's as the
 * total of the batch.
 */
export function createNetting(options: NettingOptions): Netting {
  const { payments, interchange, issuers, acquirers, issuerOf } = options
  const presented = createIdList()
  let positions = new Float64Array(issuers + acquirers)
  let gross = 0

  return {
    presented,
    present: (acquirer, batch) => {
      let credit = 0
      for (let index = 0; index < batch.length(); index++) {
        const payment: PaymentId = batch.at(index)
        const amount = payments.amount(payment)
        const due = amount - cardFee(interchange, amount)
        const issuer = issuerOf(payments.from(payment))
        positions[issuer] = positions[issuer]! - due
        credit += due
        gross += amount
        presented.push(payment)
      }
      positions[issuers + acquirer] = positions[issuers + acquirer]! + credit
      batch.clear()
    },
    close: (settledAt) => {
      const settlement = { settledAt, payments: presented.length(), gross, positions }
      positions = new Float64Array(issuers + acquirers)
      gross = 0
      presented.clear()
      return settlement
    },
  }
}
