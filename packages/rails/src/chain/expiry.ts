import { priorities, seconds, type Simulation } from '@counterpoise/engine'
import type { PaymentId } from '@counterpoise/ledger'

/** Reminds a rail of payments whose patience is over, to the second. */
export type Expiry = {
  /** Asks to be told of a payment at a time (rounded up to a whole second). */
  remind: (payment: PaymentId, at: number) => void
  clear: () => void
}

/** Makes a calendar of one entry per second in which somebody's patience ends. */
export function createExpiry(
  simulation: Simulation,
  name: string,
  onDue: (payment: PaymentId) => void,
): Expiry {
  const due = new Map<number, PaymentId[]>()
  const kind = simulation.define(
    `${name}/expire`,
    (second) => {
      const payments = due.get(second) ?? []
      due.delete(second)
      payments.forEach(onDue)
    },
    priorities.measure,
  )
  return {
    remind: (payment, at) => {
      const second = Math.ceil(at / seconds(1))
      const payments = due.get(second)
      if (payments !== undefined) payments.push(payment)
      else {
        due.set(second, [payment])
        simulation.at(second * seconds(1), kind, second)
      }
    },
    clear: () => due.clear(),
  }
}
