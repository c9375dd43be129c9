import { BaseError } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createMempool, type Mempool, type PaymentId } from './index.ts'

const createPool = (capacityUnits = 1_000): { pool: Mempool; evicted: PaymentId[] } => {
  const evicted: PaymentId[] = []
  const onEvicted = (payment: PaymentId): void => void evicted.push(payment)
  return { pool: createMempool({ capacityUnits, minimumPrice: 1, onEvicted }), evicted }
}

test('default: the highest feerate first, then the first in line', () => {
  const { pool } = createPool()
  for (const [payment, price] of [5, 9, 5, 7].entries()) {
    pool.offer(payment, { cap: price, tip: price }, 1)
  }
  expect(pool.take(3, 0)).toEqual([1, 3, 0])
  expect(pool.take(3, 0)).toEqual([2])
})

test('behavior: the base fee turns the order around, and back', () => {
  const { pool } = createPool()
  pool.offer(0, { cap: 12, tip: 10 }, 1)
  pool.offer(1, { cap: 30, tip: 4 }, 1)
  const firstUnder = (baseFee: number): PaymentId[] => {
    const taken = pool.take(1, baseFee)
    taken.forEach(pool.restore)
    return taken
  }
  // Effective tips: 10 and 4, 3 and 4, none and 4, none, 10 and 4.
  expect([0, 9, 20, 31, 2].map(firstUnder)).toEqual([[0], [1], [1], [], [0]])
})

test('a payment pays the base fee and its tip, as far as its cap allows', () => {
  const { pool } = createPool()
  pool.offer(0, { cap: 12, tip: 5 }, 1)
  expect([0, 7, 10, 12].map((baseFee) => pool.price(0, baseFee))).toEqual([5, 12, 12, 12])
})

test('behavior: a walk takes, leaves, drops for good, and shows again what it is asked to', () => {
  const { pool } = createPool()
  for (let k = 0; k < 5; k++) pool.offer(k, { cap: 9 - k, tip: 9 - k }, 1)
  const seen: PaymentId[] = []
  pool.walk(0, (payment, again) => {
    seen.push(payment)
    if (payment === 0) return 'take'
    if (payment === 2) again(1)
    if (payment === 3) return 'stop'
    return payment === 2 || seen.length > 3 ? 'drop' : 'leave'
  })
  expect(seen).toEqual([0, 1, 2, 1, 3])
  expect([0, 1, 2, 3, 4].map(pool.has)).toEqual([false, false, false, true, true])
  // What was taken can come back, what was dropped cannot.
  for (const payment of [0, 1, 2]) pool.restore(payment)
  expect([0, 1, 2].map(pool.has)).toEqual([true, false, false])
  expect([0, 1, 2, 4].map(pool.knows)).toEqual([true, false, false, true])
  expect(pool.take(9, 0)).toEqual([0, 3, 4])
})

test('behavior: a block is closed after 1,000 misfits in a row, as by Bitcoin Core', () => {
  const takenAmong = (misfits: number): PaymentId[] => {
    const { pool } = createPool(10_000)
    pool.offer(0, { cap: 9, tip: 9 }, 4)
    for (let k = 1; k <= misfits; k++) pool.offer(k, { cap: 5, tip: 5 }, 2)
    pool.offer(misfits + 1, { cap: 1, tip: 1 }, 1)
    return pool.take(5, 0)
  }
  expect(takenAmong(999)).toEqual([0, 1_000])
  expect(takenAmong(1_000)).toEqual([0])
})

test('behavior: a full pool drops who cannot pay the base fee before who tips less', () => {
  const { pool, evicted } = createPool(2)
  pool.expectBaseFee(10)
  pool.offer(0, { cap: 9, tip: 8 }, 1)
  pool.offer(1, { cap: 20, tip: 1 }, 1)
  expect(pool.offer(2, { cap: 20, tip: 2 }, 1)).toBe('added')
  expect(evicted).toEqual([0])
  expect(pool.offer(3, { cap: 20, tip: 1 }, 1)).toBe('mempool full')
})

test('behavior: nobody is dropped for a payment that does not fit in the end', () => {
  const { pool, evicted } = createPool(4)
  pool.offer(0, { cap: 2, tip: 2 }, 2)
  pool.offer(1, { cap: 9, tip: 9 }, 2)
  expect(pool.offer(2, { cap: 5, tip: 5 }, 3)).toBe('mempool full')
  expect(pool.offer(3, { cap: 99, tip: 99 }, 5)).toBe('mempool full')
  expect([pool.size(), evicted]).toEqual([2, []])
  expect(pool.take(4, 0)).toEqual([1, 0])
})

test('behavior: the pool has taken the better one in before it tells of the worse', () => {
  const seen: boolean[] = []
  const pool: Mempool = createMempool({
    ...{ capacityUnits: 1, minimumPrice: 1 },
    onEvicted: () => seen.push(pool.has(1)),
  })
  pool.offer(0, { cap: 2, tip: 2 }, 1)
  pool.offer(1, { cap: 3, tip: 3 }, 1)
  expect(seen).toEqual([true])
})

test('behavior: what was withdrawn, or never offered, does not come back', () => {
  const { pool } = createPool()
  pool.offer(3, { cap: 2, tip: 2 }, 1)
  expect(pool.withdraw(3)).toBe(true)
  expect(pool.withdraw(3)).toBe(false)
  pool.restore(3)
  pool.restore(4)
  pool.restore(1_000_000)
  expect([pool.size(), pool.totalUnits(), pool.take(9, 0)]).toEqual([0, 0, []])
})

test('behavior: coming and going for long leaves no trace', () => {
  const { pool } = createPool()
  for (let payment = 0; payment < 100; payment++) {
    pool.offer(payment, { cap: 10 + payment, tip: payment }, 1)
  }
  for (let round = 0; round < 200; round++) {
    for (let payment = 0; payment < 100; payment++) pool.remove(payment)
    for (let payment = 0; payment < 100; payment++) pool.restore(payment)
  }
  expect(pool.take(1_000, 5)).toEqual(Array.from({ length: 100 }, (_, index) => 99 - index))
})

test('behavior: misfits wait for the next block, smaller ones go first', () => {
  const { pool } = createPool()
  pool.offer(0, { cap: 9, tip: 9 }, 6)
  pool.offer(1, { cap: 8, tip: 8 }, 6)
  pool.offer(2, { cap: 7, tip: 7 }, 3)
  expect(pool.take(10, 0)).toEqual([0, 2])
  expect(pool.take(10, 0)).toEqual([1])
})

test('behavior: an offer twice is a mistake; a bid that is no number is too low', () => {
  const { pool } = createPool()
  pool.offer(0, { cap: 2, tip: 2 }, 1)
  expect(() => pool.offer(0, { cap: 3, tip: 3 }, 1)).toThrow(BaseError)
  expect(pool.offer(1, { cap: Number.NaN, tip: 1 }, 1)).toBe('fee too low')
  expect(pool.offer(1, { cap: 0.5, tip: 0.5 }, 1)).toBe('fee too low')
})

test('behavior: thousands who came and went do not disturb the order of those who stay', () => {
  const { pool, evicted } = createPool(3_000)
  for (let payment = 0; payment < 30_000; payment++) {
    const tip = 1 + ((payment * 7_919) % 1_009)
    pool.offer(payment, { cap: tip + (payment % 5), tip }, 1)
    if (payment % 3 === 0) pool.withdraw(payment)
    if (payment % 100 === 0) pool.take(40, 2)
  }
  const size = pool.size()
  const taken = pool.take(1e9, 0)
  expect(taken).toHaveLength(size)
  const order = taken.map((payment) => [-(1 + ((payment * 7_919) % 1_009)), payment] as const)
  expect(order).toEqual(order.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]))
  expect(new Set([...taken, ...evicted]).size).toBe(taken.length + evicted.length)
})
