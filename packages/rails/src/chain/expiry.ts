import {
  type EventHandle,
  priorities,
  seconds,
  type Simulation,
  type Time,
} from '@counterpoise/engine'
import type { PaymentId } from '@counterpoise/ledger'

/** Reminds a rail of payments, to the second: when their patience is over, for instance. */
export type Expiry = {
  /** Asks to be told of a payment at a time, rounded up to a whole second; the past is now. */
  remind: (payment: PaymentId, at: Time) => void
  /** Forgets everybody and takes its events back. */
  clear: () => void
}

/** Makes a calendar of one event per second in which somebody is due. */
export function createExpiry(
  simulation: Simulation,
  name: string,
  onDue: (payment: PaymentId) => void,
): Expiry {
  const due = new Map<number, { payments: PaymentId[]; event: EventHandle }>()
  const kind = simulation.define(
    `${name}/expire`,
    (second) => {
      const entry = due.get(second)
      due.delete(second)
      entry?.payments.forEach(onDue)
    },
    priorities.measure,
  )
  return {
    remind: (payment, at) => {
      const second = Math.ceil(Math.max(at, simulation.now()) / seconds(1))
      // Whose patience outlasts what can be counted waits for ever.
      if (second >= secondsMax) return
      const entry = due.get(second)
      if (entry !== undefined) entry.payments.push(payment)
      else {
        const event = simulation.at(second * seconds(1), kind, second)
        due.set(second, { payments: [payment], event })
      }
    },
    clear: () => {
      for (const { event } of due.values()) simulation.cancel(event)
      due.clear()
    },
  }
}

/** The second travels with its event, which carries integers of 32 bits: 68 years. */
const secondsMax = 2_147_483_647
