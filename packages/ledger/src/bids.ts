import type { PaymentId } from './payments.ts'

/** What a payment offers for its place in a block, in the chain's own unit per gas or weight. */
export type Bid = {
  /** The most that it pays in all, base fee included. */
  cap: number
  /** What it leaves to the block's producer, as far as the cap allows. */
  tip: number
}

/** What a pool remembers of the payments that were ever offered to it, in columns. */
export type Bids = {
  /** Notes the bid of a payment that is not in the pool, and puts it in, last in line. */
  open: (payment: PaymentId, bid: Bid, units: number) => void
  isIn: (payment: PaymentId) => boolean
  /** True where a payment is in the pool or may come back to it. */
  isKnown: (payment: PaymentId) => boolean
  /** Out of the pool until `enter`. */
  leave: (payment: PaymentId) => void
  /** Back in, at the old place in line. */
  enter: (payment: PaymentId) => void
  /** Out for good. */
  forget: (payment: PaymentId) => void
  cap: (payment: PaymentId) => number
  tip: (payment: PaymentId) => number
  units: (payment: PaymentId) => number
  /** Place in line, from 1; negative while the payment is out of the pool, 0 for good. */
  place: (payment: PaymentId) => number
  /** What it leaves to the producer under a base fee; negative where it cannot pay that. */
  effectiveTip: (payment: PaymentId, baseFee: number) => number
  /** How many payments are in the pool, and the sum of their units. */
  count: () => number
  totalUnits: () => number
  /** No payment that was ever offered has fewer units. */
  leastUnits: () => number
}

/** Makes empty columns. */
export function createBids(): Bids {
  let caps = new Float64Array(1024)
  let tips = new Float64Array(1024)
  let sizes = new Float64Array(1024)
  let places = new Int32Array(1024)
  let arrivals = 0
  let count = 0
  let totalUnits = 0
  let leastUnits = Number.POSITIVE_INFINITY

  const reach = (payment: PaymentId): void => {
    while (payment >= places.length) {
      const capacity = places.length * 2
      caps = widened(caps, new Float64Array(capacity))
      tips = widened(tips, new Float64Array(capacity))
      sizes = widened(sizes, new Float64Array(capacity))
      places = widened(places, new Int32Array(capacity))
    }
  }
  const isIn = (payment: PaymentId): boolean => places[payment]! > 0
  const turn = (payment: PaymentId, sign: 1 | -1): void => {
    places[payment] = -places[payment]!
    count += sign
    totalUnits += sign * sizes[payment]!
  }

  return {
    open: (payment, bid, units) => {
      reach(payment)
      caps[payment] = bid.cap
      tips[payment] = bid.tip
      sizes[payment] = units
      places[payment] = -++arrivals
      if (units < leastUnits) leastUnits = units
      turn(payment, 1)
    },
    isIn,
    isKnown: (payment) => payment < places.length && places[payment] !== 0,
    leave: (payment) => turn(payment, -1),
    enter: (payment) => turn(payment, 1),
    forget: (payment) => {
      if (isIn(payment)) turn(payment, -1)
      if (payment < places.length) places[payment] = 0
    },
    cap: (payment) => caps[payment]!,
    tip: (payment) => tips[payment]!,
    units: (payment) => sizes[payment]!,
    place: (payment) => places[payment]!,
    effectiveTip: (payment, baseFee) => Math.min(tips[payment]!, caps[payment]! - baseFee),
    count: () => count,
    totalUnits: () => totalUnits,
    leastUnits: () => leastUnits,
  }
}

function widened<column extends Float64Array | Int32Array>(from: column, to: column): column {
  to.set(from)
  return to
}
