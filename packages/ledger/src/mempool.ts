import { exp, log } from '@counterpoise/engine'
import type { PaymentId } from './payments.ts'
import { createScoreHeap, type ScoreHeap } from './scoreHeap.ts'

/** What a payment offers for its place in a block, in the chain's own unit per gas or weight. */
export type Bid = {
  /** The most that it pays in all, base fee included. */
  cap: number
  /** What it leaves to the block's producer, as far as the cap allows. */
  tip: number
}

export type MempoolOptions = {
  /** Gas or weight units of all payments together that the pool holds. */
  capacityUnits: number
  /** The least cap that it takes. */
  minimumPrice: number
  /** Called for a payment that better ones have crowded out. */
  onEvicted: (payment: PaymentId) => void
}

/** What became of a payment that was offered to the pool. */
export type Admission = 'added' | 'fee too low' | 'mempool full'

/**
 * Payments that wait for a block, shared by all nodes of a chain (fidelity `mempool: "shared"`).
 *
 * Blocks take the best effective tip first: min(tip, cap − base fee); equal ones in the order of
 * their arrival. Under a chain without base fee that is plain feerate order.
 */
export type Mempool = {
  offer: (payment: PaymentId, bid: Bid, units: number) => Admission
  has: (payment: PaymentId) => boolean
  /** Takes a payment out. False where it was not in. */
  remove: (payment: PaymentId) => boolean
  /** Puts a payment back that a reorganisation returned, with its old bid and place in line. */
  restore: (payment: PaymentId) => void
  /** Takes out the best payments whose units fit the limit, best first. */
  take: (limitUnits: number, baseFee: number) => PaymentId[]
  /** What a payment pays per unit under a base fee. */
  price: (payment: PaymentId, baseFee: number) => number
  cap: (payment: PaymentId) => number
  units: (payment: PaymentId) => number
  size: () => number
  totalUnits: () => number
  /** The cap above which at most `units` of the pool's payments stand. */
  priceAtDepth: (units: number) => number
}

const bucketsPerDecade = 48
const bucketsMax = 24 * bucketsPerDecade
const lowestDecade = -8

/** Makes an empty pool. */
export function createMempool(options: MempoolOptions): Mempool {
  const { capacityUnits, minimumPrice, onEvicted } = options
  let caps = new Float64Array(1024)
  let tips = new Float64Array(1024)
  let sizes = new Float64Array(1024)
  /** Place in line of a payment, from 1; negative while it is out of the pool, 0 before. */
  let places = new Float64Array(1024)
  const best = createScoreHeap()
  const worst = createScoreHeap()
  const unitsAtPrice = new Float64Array(bucketsMax)
  let arrivals = 0
  let count = 0
  let total = 0
  /** No payment stands in a bucket above this one. */
  let highest = 0

  const inPool = (payment: PaymentId): boolean => payment < places.length && places[payment]! > 0

  const enter = (payment: PaymentId): void => {
    places[payment] = Math.abs(places[payment]!)
    count++
    total += sizes[payment]!
    const bucket = bucketOf(caps[payment]!)
    unitsAtPrice[bucket] = unitsAtPrice[bucket]! + sizes[payment]!
    if (bucket > highest) highest = bucket
    best.push(tips[payment]!, places[payment]!, payment)
    // Among equal tips the latest leaves first, so that waiting is never punished.
    worst.push(-tips[payment]!, -places[payment]!, payment)
  }

  const leave = (payment: PaymentId): void => {
    places[payment] = -places[payment]!
    count--
    total -= sizes[payment]!
    const bucket = bucketOf(caps[payment]!)
    unitsAtPrice[bucket] = unitsAtPrice[bucket]! - sizes[payment]!
  }

  /** Drops entries of payments that have left, or stand elsewhere in the heap anew. */
  const skipStale = (heap: ScoreHeap, sign: 1 | -1): void => {
    while (heap.size() > 0 && places[heap.topId()] !== sign * heap.topSequence()) heap.pop()
  }

  const evictDownTo = (limit: number): void => {
    while (total > limit) {
      skipStale(worst, -1)
      const payment = worst.topId()
      worst.pop()
      leave(payment)
      onEvicted(payment)
    }
  }

  const grow = (payment: PaymentId): void => {
    while (payment >= places.length) {
      caps = doubled(caps)
      tips = doubled(tips)
      sizes = doubled(sizes)
      places = doubled(places)
    }
  }

  const effectiveTip = (payment: PaymentId, baseFee: number): number =>
    Math.min(tips[payment]!, caps[payment]! - baseFee)

  return {
    offer: (payment, bid, units) => {
      if (bid.cap < minimumPrice) return 'fee too low'
      grow(payment)
      if (total + units > capacityUnits) {
        skipStale(worst, -1)
        if (worst.size() === 0 || -worst.topScore() >= bid.tip) return 'mempool full'
        evictDownTo(capacityUnits - units)
      }
      caps[payment] = bid.cap
      tips[payment] = bid.tip
      sizes[payment] = units
      places[payment] = ++arrivals
      enter(payment)
      return 'added'
    },
    has: inPool,
    remove: (payment) => {
      if (!inPool(payment)) return false
      leave(payment)
      return true
    },
    restore: (payment) => {
      if (!inPool(payment)) enter(payment)
    },
    take: (limitUnits, baseFee) => {
      const taken: PaymentId[] = []
      const aside: PaymentId[] = []
      const lowered = createScoreHeap()
      let left = limitUnits
      let misfits = 0
      // Bitcoin Core gives up after as many misfits in a row, too; the rest could hardly fit.
      while (misfits < 1_000) {
        skipStale(best, 1)
        const fromLowered =
          lowered.size() > 0 && (best.size() === 0 || lowered.topScore() >= best.topScore())
        const heap = fromLowered ? lowered : best
        if (heap.size() === 0) break
        const payment = heap.topId()
        heap.pop()
        const tip = effectiveTip(payment, baseFee)
        if (!fromLowered && tip >= 0 && tip < tips[payment]!) {
          lowered.push(tip, places[payment]!, payment)
        } else if (tip < 0 || sizes[payment]! > left) {
          aside.push(payment)
          if (tip >= 0) misfits++
        } else {
          taken.push(payment)
          leave(payment)
          left -= sizes[payment]!
          misfits = 0
        }
        if (left <= 0) break
      }
      for (; lowered.size() > 0; lowered.pop()) aside.push(lowered.topId())
      for (const payment of aside) best.push(tips[payment]!, places[payment]!, payment)
      return taken
    },
    price: (payment, baseFee) => baseFee + Math.max(0, effectiveTip(payment, baseFee)),
    cap: (payment) => caps[payment]!,
    units: (payment) => sizes[payment]!,
    size: () => count,
    totalUnits: () => total,
    priceAtDepth: (units) => {
      while (highest > 0 && unitsAtPrice[highest] === 0) highest--
      let above = 0
      for (let bucket = highest; bucket >= 0; bucket--) {
        above += unitsAtPrice[bucket]!
        if (above > units) return priceOf(bucket + 1)
      }
      return minimumPrice
    },
  }
}

const ln10 = 2.302585092994046

function bucketOf(price: number): number {
  const bucket = Math.floor((log(price) / ln10 - lowestDecade) * bucketsPerDecade)
  return bucket < 0 ? 0 : bucket >= bucketsMax ? bucketsMax - 1 : bucket
}

const prices: number[] = []

/** The lower edge of a bucket. */
function priceOf(bucket: number): number {
  let price = prices[bucket]
  if (price === undefined) {
    price = exp((bucket / bucketsPerDecade + lowestDecade) * ln10)
    prices[bucket] = price
  }
  return price
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(column.length * 2)
  wider.set(column)
  return wider
}
