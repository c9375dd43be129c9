import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bid, createMempool, type PaymentId } from './index.ts'

type Entry = { payment: PaymentId; bid: Bid; units: number; place: number }

const capacityUnits = 20
const minimumPrice = 2

/** The pool as a plain array, sorted anew whenever somebody asks. */
function createNaivePool() {
  const known = new Map<PaymentId, Entry>()
  const inPool = new Set<PaymentId>()
  const evicted: PaymentId[] = []
  let baseFee = 0
  let arrivals = 0

  const tipOf = ({ bid }: Entry, fee: number): number => Math.min(bid.tip, bid.cap - fee)
  const entries = (): Entry[] => [...inPool].map((payment) => known.get(payment)!)
  const total = (): number => entries().reduce((sum, { units }) => sum + units, 0)
  const bestFirst = (fee: number): Entry[] =>
    entries().sort((a, b) => tipOf(b, fee) - tipOf(a, fee) || a.place - b.place)
  const dropWorst = (limit: number, belowTip: number): Entry[] => {
    const dropped: Entry[] = []
    for (const entry of bestFirst(baseFee).reverse()) {
      if (total() <= limit || tipOf(entry, baseFee) >= belowTip) break
      inPool.delete(entry.payment)
      dropped.push(entry)
    }
    return dropped
  }
  const forget = (dropped: readonly Entry[]): void => {
    for (const { payment } of dropped) {
      known.delete(payment)
      evicted.push(payment)
    }
  }

  return {
    known,
    evicted,
    entries,
    total,
    has: (payment: PaymentId) => inPool.has(payment),
    expect: (fee: number) => {
      baseFee = fee
    },
    offer: (payment: PaymentId, bid: Bid, units: number) => {
      if (bid.cap < minimumPrice) return 'fee too low'
      const entry = { payment, bid, units, place: ++arrivals }
      const dropped = dropWorst(capacityUnits - units, tipOf(entry, baseFee))
      if (total() + units > capacityUnits) {
        for (const { payment: other } of dropped) inPool.add(other)
        arrivals--
        return 'mempool full'
      }
      forget(dropped)
      known.set(payment, entry)
      inPool.add(payment)
      return 'added'
    },
    remove: (payment: PaymentId) => inPool.delete(payment),
    withdraw: (payment: PaymentId) => inPool.delete(payment) && known.delete(payment),
    restore: (payment: PaymentId) => {
      if (known.has(payment)) inPool.add(payment)
    },
    trim: () => forget(dropWorst(capacityUnits, Number.POSITIVE_INFINITY)),
    take: (limitUnits: number, fee: number, countMax: number) => {
      const taken: PaymentId[] = []
      let left = limitUnits
      for (const entry of bestFirst(fee)) {
        if (tipOf(entry, fee) < 0 || entry.units > left || taken.length === countMax) continue
        left -= entry.units
        taken.push(entry.payment)
        inPool.delete(entry.payment)
      }
      return taken
    },
  }
}

const ids = Array.from({ length: 16 }, (_, id) => id)
const payment = fc.nat(15)
const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      offer: payment,
      cap: fc.integer({ min: 0, max: 20 }),
      tip: fc.integer({ min: 0, max: 12 }),
      units: fc.integer({ min: 1, max: 7 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ remove: payment }) },
  { weight: 3, arbitrary: fc.record({ restore: payment }) },
  { weight: 1, arbitrary: fc.record({ withdraw: payment }) },
  { weight: 2, arbitrary: fc.record({ expectBaseFee: fc.nat(15) }) },
  {
    weight: 2,
    arbitrary: fc.record({ take: fc.nat(40), baseFee: fc.nat(15), countMax: fc.nat(8) }),
  },
)

const actionsOf = fc.array(action, { maxLength: 200, size: 'max' })

test('behaves as a sorted array under any sequence of what may happen to it', () => {
  fc.assert(
    fc.property(actionsOf, (actions) => {
      const naive = createNaivePool()
      const evicted: PaymentId[] = []
      const pool = createMempool({
        capacityUnits,
        minimumPrice,
        onEvicted: (dropped) => evicted.push(dropped),
      })
      for (const step of actions) {
        if ('offer' in step) {
          if (naive.has(step.offer)) continue
          const bid = { cap: step.cap, tip: Math.min(step.tip, step.cap) }
          const foreseen = pool.admission(bid, step.units)
          const admission = pool.offer(step.offer, bid, step.units)
          expect(admission).toBe(naive.offer(step.offer, bid, step.units))
          expect(foreseen).toBe(admission)
        } else if ('remove' in step) {
          expect(pool.remove(step.remove)).toBe(naive.remove(step.remove))
        } else if ('restore' in step) {
          pool.restore(step.restore)
          naive.restore(step.restore)
          pool.trim()
          naive.trim()
        } else if ('withdraw' in step) {
          expect(pool.withdraw(step.withdraw)).toBe(naive.withdraw(step.withdraw))
        } else if ('expectBaseFee' in step) {
          pool.expectBaseFee(step.expectBaseFee)
          naive.expect(step.expectBaseFee)
        } else {
          const { take, baseFee, countMax } = step
          expect(pool.take(take, baseFee, countMax)).toEqual(naive.take(take, baseFee, countMax))
        }
        expect(pool.size()).toBe(naive.entries().length)
        expect(pool.totalUnits()).toBe(naive.total())
        expect(pool.totalUnits()).toBeLessThanOrEqual(capacityUnits)
        expect(evicted).toEqual(naive.evicted)
        expect(ids.filter(pool.has)).toEqual(ids.filter(naive.has))
        expect(ids.filter(pool.knows)).toEqual(ids.filter((id) => naive.known.has(id)))
      }
    }),
    fuzzParameters(120),
  )
})

const many = { maxLength: 60, size: 'max' } as const

test('the price at a depth is the naive one, to within one level', () => {
  const bid = fc.record({ price: fc.double({ min: 2, max: 1e12, noNaN: true }), units: fc.nat(50) })
  fc.assert(
    fc.property(fc.array(bid, many), fc.nat(1_500), fc.nat(10), (bids, depth, out) => {
      const pool = createMempool({ capacityUnits: 1e9, minimumPrice, onEvicted: () => {} })
      bids.forEach(({ price, units }, id) => pool.offer(id, { cap: price, tip: price }, units))
      bids.slice(0, out).forEach((_, id) => pool.remove(id))
      const left = bids.slice(out).sort((a, b) => b.price - a.price)
      let above = 0
      const reached = left.find(({ units }) => (above += units) > depth)
      const price = pool.priceAtDepth(depth)
      if (reached === undefined) expect(price).toBe(minimumPrice)
      else {
        expect(price).toBeGreaterThan(reached.price * 0.999_999)
        expect(price).toBeLessThan(reached.price * 1.05)
      }
    }),
    fuzzParameters(200),
  )
})
