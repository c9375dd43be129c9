import type { Bids } from './bids.ts'
import type { PaymentId } from './payments.ts'
import { createScoreHeap, type ScoreHeap } from './scoreHeap.ts'

/**
 * The payments of a pool by one unchanging score.
 *
 * Who leaves the pool stays in the heap until surfacing there, and is met again by who comes back
 * meanwhile; when most of the heap has left, it is swept. So everything is O(log n) on average.
 */
type Ranking = {
  /** Adds a payment that is in the pool, unless it stands here already. */
  add: (payment: PaymentId, score: number) => void
  /** The payment of the largest score, or −1. */
  top: () => PaymentId
  topScore: () => number
  pop: () => void
}

/** @param sign 1: the first in line leads among equal scores; −1: the last one does. */
function createRanking(bids: Bids, sign: 1 | -1): Ranking {
  const heap: ScoreHeap = createScoreHeap()
  /** The place in line under which a payment stands in the heap; 0 where it does not. */
  let standing = new Int32Array(1024)

  const reach = (payment: PaymentId): void => {
    while (payment >= standing.length) {
      const wider = new Int32Array(standing.length * 2)
      wider.set(standing)
      standing = wider
    }
  }
  const strike = (sequence: number, payment: PaymentId): void => {
    if (standing[payment] === sign * sequence) standing[payment] = 0
  }
  const isCurrent = (sequence: number, payment: PaymentId): boolean =>
    bids.place(payment) === sign * sequence
  const sweep = (): void =>
    heap.keep((sequence, payment) => {
      if (isCurrent(sequence, payment)) return true
      strike(sequence, payment)
      return false
    })
  const pop = (): void => {
    strike(heap.topSequence(), heap.topId())
    heap.pop()
  }

  return {
    add: (payment, score) => {
      reach(payment)
      const place = bids.place(payment)
      if (standing[payment] === place) return
      if (heap.size() > 1024 && heap.size() > 2 * bids.count()) sweep()
      standing[payment] = place
      heap.push(score, sign * place, payment)
    },
    top: () => {
      while (heap.size() > 0 && !isCurrent(heap.topSequence(), heap.topId())) pop()
      return heap.size() > 0 ? heap.topId() : -1
    },
    topScore: () => heap.topScore(),
    pop,
  }
}

/** The payments of a pool in the order in which blocks take them. */
export type BestFirst = {
  add: (payment: PaymentId, baseFee: number) => void
  /**
   * Takes the payment of the highest effective tip that can pay the base fee, the first in line
   * among equals, or −1 where there is none.
   */
  next: (baseFee: number) => PaymentId
}

/**
 * Orders by min(tip, cap − base fee) under a base fee that changes, without ever sorting anew.
 *
 * Whose tip counts stands among the free ones, by tip; whose cap counts stands among the capped
 * ones, by cap. Both scores are upper bounds of the effective tip, so a payment that stands on the
 * wrong side since the base fee moved is found on surfacing, and changes sides then. Those who
 * cannot pay the base fee rest at the bottom of the capped ones and cost nothing.
 */
export function createBestFirst(bids: Bids): BestFirst {
  const free = createRanking(bids, 1)
  const capped = createRanking(bids, 1)

  const add = (payment: PaymentId, baseFee: number): void => {
    const cap = bids.cap(payment)
    const tip = bids.tip(payment)
    if (tip <= cap - baseFee) free.add(payment, tip)
    else capped.add(payment, cap)
  }

  return {
    add,
    next: (baseFee) => {
      for (;;) {
        const one = free.top()
        const other = capped.top()
        const oneTip = one === -1 ? -1 : free.topScore()
        const otherTip = other === -1 ? -1 : capped.topScore() - baseFee
        if (oneTip < 0 && otherTip < 0) return -1
        const isFree =
          oneTip > otherTip || (oneTip === otherTip && bids.place(one) < bids.place(other))
        const payment = isFree ? one : other
        if (isFree) free.pop()
        else capped.pop()
        if (bids.effectiveTip(payment, baseFee) === (isFree ? oneTip : otherTip)) return payment
        add(payment, baseFee)
      }
    },
  }
}

/** The payments of a pool in the order in which a full one drops them. */
export type WorstFirst = {
  add: (payment: PaymentId) => void
  /** The payment of the lowest effective tip, the last in line among equals, or −1. */
  top: (baseFee: number) => PaymentId
}

/** The least of min(tip, cap − base fee) is the least tip or the least cap, whichever is less. */
export function createWorstFirst(bids: Bids): WorstFirst {
  const byTip = createRanking(bids, -1)
  const byCap = createRanking(bids, -1)
  return {
    add: (payment) => {
      const cap = bids.cap(payment)
      const tip = bids.tip(payment)
      byCap.add(payment, -cap)
      // Base fees are not negative: otherwise the cap always decides.
      if (tip < cap) byTip.add(payment, -tip)
    },
    top: (baseFee) => {
      const one = byTip.top()
      const other = byCap.top()
      if (one === -1 || other === -1) return Math.max(one, other)
      const difference = bids.tip(one) - (bids.cap(other) - baseFee)
      if (difference !== 0) return difference < 0 ? one : other
      return bids.place(one) > bids.place(other) ? one : other
    },
  }
}
