import { BaseError } from '@counterpoise/engine'
import { type Bid, type Bids, createBids } from './bids.ts'
import type { PaymentId } from './payments.ts'
import { createPriceLevels, type PriceLevels } from './priceLevels.ts'
import { type BestFirst, createBestFirst, createWorstFirst, type WorstFirst } from './ranking.ts'

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
 * their arrival. Under a chain without base fee that is plain feerate order. A full pool drops the
 * lowest effective tip under the expected base fee, among equal ones the latest, so that waiting
 * is never punished.
 */
export type Mempool = {
  /** Throws BaseError where the payment is in already. */
  offer: (payment: PaymentId, bid: Bid, units: number) => Admission
  /** What `offer` would answer now. */
  admission: (bid: Bid, units: number) => Admission
  has: (payment: PaymentId) => boolean
  /** True where a payment is in the pool, or a reorganisation may return it there. */
  knows: (payment: PaymentId) => boolean
  /** Takes a payment out because a block holds it. False where it was not in. */
  remove: (payment: PaymentId) => boolean
  /** Puts a payment back that a reorganisation returned, with its old bid and place in line. */
  restore: (payment: PaymentId) => void
  /** Takes a payment out for good: `restore` will ignore it. False where it was not in. */
  withdraw: (payment: PaymentId) => boolean
  /** Drops the worst payments until what `restore` has put back fits the pool. */
  trim: () => void
  /** Says which base fee the next block is expected to have; 0 before the first call. */
  expectBaseFee: (baseFee: number) => void
  /** Takes out the best payments, at most `countMax`, whose units fit the limit, best first. */
  take: (limitUnits: number, baseFee: number, countMax?: number) => PaymentId[]
  /**
   * Shows the payments that can pay a base fee, best first, and does with each as it is told. One
   * that was left is shown once more after `again`. Only what is taken out can be restored.
   */
  walk: (
    baseFee: number,
    visit: (payment: PaymentId, again: (payment: PaymentId) => void) => WalkVerdict,
  ) => void
  /** What a payment pays per unit under a base fee. */
  price: (payment: PaymentId, baseFee: number) => number
  cap: (payment: PaymentId) => number
  tip: (payment: PaymentId) => number
  units: (payment: PaymentId) => number
  size: () => number
  totalUnits: () => number
  /** The cap above which at most `units` of the pool's payments stand, to within 4.9 %. */
  priceAtDepth: (units: number) => number
}

/** Into the block, stays in the pool, out for good, or stays and ends the walk. */
export type WalkVerdict = 'take' | 'leave' | 'drop' | 'stop'

/** As Bitcoin Core's block assembler, which gives up after as many misfits in a row. */
const misfitsMax = 1_000

/** Makes an empty pool. */
export function createMempool(options: MempoolOptions): Mempool {
  const { capacityUnits, minimumPrice, onEvicted } = options
  const bids = createBids()
  const levels = createPriceLevels()
  const ranks: Ranks = { bids, best: createBestFirst(bids), worst: createWorstFirst(bids), levels }
  let expectedBaseFee = 0

  const enter = (payment: PaymentId): void => {
    bids.enter(payment)
    stand(ranks, payment, expectedBaseFee)
  }
  const evict = (payments: readonly PaymentId[]): void => {
    payments.forEach(bids.forget)
    payments.forEach(onEvicted)
  }
  const fits = (units: number): boolean => bids.totalUnits() + units <= capacityUnits

  /** Those who have to go for a bid, already taken out; undefined where the pool prefers them. */
  const crowdOutFor = (bid: Bid, units: number): PaymentId[] | undefined => {
    if (fits(units)) return []
    const belowTip = Math.min(bid.tip, bid.cap - expectedBaseFee)
    const out = crowdOut(ranks, capacityUnits - units, expectedBaseFee, belowTip)
    if (fits(units)) return out
    out.forEach(enter)
    return undefined
  }

  return {
    offer: (payment, bid, units) => {
      if (bids.isIn(payment)) throw new BaseError(`Payment ${payment} is in the pool already.`)
      if (!(bid.cap >= minimumPrice)) return 'fee too low'
      const crowdedOut = crowdOutFor(bid, units)
      if (crowdedOut === undefined) return 'mempool full'
      bids.open(payment, bid, units)
      stand(ranks, payment, expectedBaseFee)
      evict(crowdedOut)
      return 'added'
    },
    admission: (bid, units) => {
      if (!(bid.cap >= minimumPrice)) return 'fee too low'
      if (fits(units)) return 'added'
      const crowdedOut = crowdOutFor(bid, units)
      crowdedOut?.forEach(enter)
      return crowdedOut === undefined ? 'mempool full' : 'added'
    },
    has: bids.isIn,
    knows: bids.isKnown,
    remove: (payment) => {
      if (!bids.isIn(payment)) return false
      leave(ranks, payment)
      return true
    },
    restore: (payment) => {
      if (!bids.isIn(payment) && bids.isKnown(payment)) enter(payment)
    },
    withdraw: (payment) => {
      if (!bids.isIn(payment)) return false
      leave(ranks, payment)
      bids.forget(payment)
      return true
    },
    trim: () => evict(crowdOut(ranks, capacityUnits, expectedBaseFee, Number.POSITIVE_INFINITY)),
    expectBaseFee: (baseFee) => {
      expectedBaseFee = baseFee
    },
    take: (limitUnits, baseFee, countMax = Number.POSITIVE_INFINITY) =>
      takeBest(ranks, limitUnits, baseFee, countMax),
    walk: (baseFee, visit) => walkBest(ranks, baseFee, visit),
    price: (payment, baseFee) => baseFee + Math.max(0, bids.effectiveTip(payment, baseFee)),
    cap: bids.cap,
    tip: bids.tip,
    units: bids.units,
    size: bids.count,
    totalUnits: bids.totalUnits,
    priceAtDepth: (units) => levels.priceAtDepth(units) ?? minimumPrice,
  }
}

/** The payments of a pool, in each order in which they are asked for. */
type Ranks = { bids: Bids; best: BestFirst; worst: WorstFirst; levels: PriceLevels }

/** Lines up a payment that has just come in. */
function stand({ bids, best, worst, levels }: Ranks, payment: PaymentId, baseFee: number): void {
  levels.add(levels.levelOf(bids.cap(payment)), bids.units(payment))
  best.add(payment, baseFee)
  worst.add(payment)
}

function leave({ bids, levels }: Ranks, payment: PaymentId): void {
  bids.leave(payment)
  levels.add(levels.levelOf(bids.cap(payment)), -bids.units(payment))
}

/** Takes out the worst payments of effective tips below a limit until the rest fits. */
function crowdOut(
  ranks: Ranks,
  capacityUnits: number,
  baseFee: number,
  belowTip: number,
): PaymentId[] {
  const { bids, worst } = ranks
  const out: PaymentId[] = []
  while (bids.totalUnits() > capacityUnits) {
    const payment = worst.top(baseFee)
    if (payment === -1 || bids.effectiveTip(payment, baseFee) >= belowTip) break
    leave(ranks, payment)
    out.push(payment)
  }
  return out
}

function takeBest(
  ranks: Ranks,
  limitUnits: number,
  baseFee: number,
  countMax: number,
): PaymentId[] {
  const { bids, best } = ranks
  const taken: PaymentId[] = []
  const misfits: PaymentId[] = []
  let left = limitUnits
  let inRow = 0
  while (taken.length < countMax && left >= bids.leastUnits() && inRow < misfitsMax) {
    const payment = best.next(baseFee)
    if (payment === -1) break
    if (bids.units(payment) > left) {
      misfits.push(payment)
      inRow++
    } else {
      taken.push(payment)
      leave(ranks, payment)
      left -= bids.units(payment)
      inRow = 0
    }
  }
  for (const payment of misfits) best.add(payment, baseFee)
  return taken
}

function walkBest(ranks: Ranks, baseFee: number, visit: Parameters<Mempool['walk']>[1]): void {
  const { bids, best } = ranks
  const passed = new Set<PaymentId>()
  const again = (payment: PaymentId): void => {
    if (passed.delete(payment)) best.add(payment, baseFee)
  }
  for (;;) {
    const payment = best.next(baseFee)
    if (payment === -1) break
    const verdict = visit(payment, again)
    if (verdict === 'take' || verdict === 'drop') {
      leave(ranks, payment)
      if (verdict === 'drop') bids.forget(payment)
    } else passed.add(payment)
    if (verdict === 'stop') break
  }
  for (const payment of passed) best.add(payment, baseFee)
}
