import type { PaymentId } from '@counterpoise/ledger'

/** How far a payment is on this rail. */
export const stages = {
  never: 0,
  /** Submitted, nothing held. */
  asking: 1,
  /** Approved, the amount held, the response under way. */
  held: 2,
  authorised: 3,
  settled: 4,
  /** Declined, timed out or expired; it may be submitted again. */
  ended: 5,
} as const

/** What the rail knows of each payment, in columns. */
export type CardTable = {
  /** One of `stages`. */
  stage: Uint8Array
  /** When the point of sale, or the payer, stops waiting. */
  giveUpAt: Float64Array
  /** The acquirer's epoch when it took the request. */
  acquirerEpoch: Int32Array
}

export function createTable(): CardTable {
  return {
    stage: new Uint8Array(1024),
    giveUpAt: new Float64Array(1024),
    acquirerEpoch: new Int32Array(1024),
  }
}

/** Widens the columns until they have a place for a payment. */
export function reachPayment(table: CardTable, payment: PaymentId): void {
  let capacity = table.stage.length
  if (payment < capacity) return
  while (capacity <= payment) capacity *= 2
  table.stage = copied(table.stage, new Uint8Array(capacity))
  table.giveUpAt = copied(table.giveUpAt, new Float64Array(capacity))
  table.acquirerEpoch = copied(table.acquirerEpoch, new Int32Array(capacity))
}

function copied<column extends Uint8Array | Float64Array | Int32Array>(
  from: column,
  to: column,
): column {
  to.set(from)
  return to
}
