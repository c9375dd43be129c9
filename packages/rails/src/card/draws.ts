import {
  createSampler,
  type Distribution,
  type Simulation,
  type Stream,
  type Time,
} from '@counterpoise/engine'
import type { PaymentId } from '@counterpoise/ledger'
import type { CardDelays } from './parameters.ts'

/** What chance holds for each payment. Delays are in µs; a share is uniform in (0, 1). */
export type Draws = {
  /** Makes the draws of a payment and of all before it, where they are not made yet. */
  reach: (payment: PaymentId) => void
  /** Draws anew for a payment that tries again. */
  renew: (payment: PaymentId) => void
  request: (payment: PaymentId) => Time
  network: (payment: PaymentId) => Time
  issuer: (payment: PaymentId) => Time
  response: (payment: PaymentId) => Time
  /** Decides whether the issuer declines. */
  declineShare: (payment: PaymentId) => number
  /** Decides whether stand-in processing approves. */
  standInShare: (payment: PaymentId) => number
}

const purposes = ['request', 'network', 'issuer', 'response', 'decline', 'stand-in'] as const
const [request, network, issuer, response, decline, standIn] = [0, 1, 2, 3, 4, 5] as const
const width = purposes.length

/**
 * Makes the draws of a card network's payments: one random stream per purpose, read in the order of
 * the payments' numbers, not of events.
 *
 * Payment n gets the n-th number of every stream, whatever happens to the payments around it and
 * whether or not they come to this rail. So two runs of which one has a fault (or another router)
 * stay in step, payment by payment, for common random numbers. A second attempt reads a stream of
 * its own, and moves nobody's first one.
 *
 * Only the 32 random bits are kept, 24 bytes per payment; a distribution is evaluated when asked.
 */
export function createDraws(simulation: Simulation, name: string, delaysMs: CardDelays): Draws {
  const streams = purposes.map((purpose) => simulation.stream(`card/${purpose}`, name))
  const retries = simulation.stream('card/retry', name)
  let bits = new Uint32Array(1024 * width)
  let drawn = 0

  const uniform = (payment: PaymentId, column: number): number =>
    (bits[payment * width + column]! + 0.5) * 2.3283064365386963e-10
  const delayBy = (distribution: Distribution, column: number): ((payment: PaymentId) => Time) => {
    const sampler = createSampler(distribution)
    const replay = createReplay()
    return (payment) => {
      replay.value[0] = uniform(payment, column)
      return Math.max(0, Math.round(sampler(replay) * 1_000))
    }
  }

  return {
    reach: (payment) => {
      if (payment < drawn) return
      while ((payment + 1) * width > bits.length) bits = doubled(bits)
      while (drawn <= payment) {
        const at = drawn++ * width
        for (let column = 0; column < width; column++) bits[at + column] = streams[column]!.bits()
      }
    },
    renew: (payment) => {
      const at = payment * width
      for (let column = 0; column < width; column++) bits[at + column] = retries.bits()
    },
    request: delayBy(delaysMs.access, request),
    network: delayBy(delaysMs.network, network),
    issuer: delayBy(delaysMs.issuer, issuer),
    response: delayBy(delaysMs.access, response),
    declineShare: (payment) => uniform(payment, decline),
    standInShare: (payment) => uniform(payment, standIn),
  }
}

/** A stream that gives one number, set beforehand, as often as it is asked. */
function createReplay(): Stream & { value: Float64Array } {
  const value = new Float64Array(1)
  return {
    name: 'card/replay',
    value,
    uniform: () => value[0]!,
    bits: () => Math.floor(value[0]! * 4_294_967_296),
    below: (count) => Math.floor(value[0]! * count),
    chance: (probability) => value[0]! < probability,
  }
}

function doubled(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const wider = new Uint32Array(column.length * 2)
  wider.set(column)
  return wider
}
