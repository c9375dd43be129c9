import { hours, minutes } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import {
  type BitcoinPolicy,
  bitcoinPolicies,
  createBitcoinPool,
  createTransactions,
  type TransactionOrder,
} from '../index.ts'

/** A pool into which orders go one a second; `in` are the numbers that are there. */
function createDesk(policy: BitcoinPolicy) {
  const table = createTransactions()
  const left: string[] = []
  const pool = createBitcoinPool({ table, policy, onLeft: (id, why) => left.push(`${id} ${why}`) })
  let now = 0
  const offer = (order: TransactionOrder) => pool.submit(table.add(order), (now += 1_000_000))
  return {
    ...{ table, pool, left, offer },
    /** Of so many virtual bytes at a feerate, sat/vB. */
    pay: (rate: number, bytes = 100, more: Partial<TransactionOrder> = {}) =>
      offer({ fee: rate * bytes, weight: bytes * 4, ...more }),
    in: () => Array.from({ length: table.count() }, (_, id) => id).filter(pool.has),
  }
}

const rules = [
  { name: 'ancestors', policy: bitcoinPolicies.v29 },
  {
    name: 'clusters',
    policy: { ...bitcoinPolicies.v31, relayRate: 1_000, incrementalRate: 1_000 },
  },
]

describe.each(rules)('under the rules of $name', ({ policy }) => {
  test('default: the best feerate goes into a block first, equal ones by number', () => {
    const { pay, pool } = createDesk(policy)
    for (const rate of [3, 5, 3, 9]) pay(rate)
    expect(pool.select()).toEqual([3, 1, 0, 2])
    expect(pool.select(800)).toEqual([3, 1])
    expect(pool.size()).toBe(4)
  })

  test('a child pays for its parent', () => {
    const { pay, pool } = createDesk(policy)
    pay(1)
    pay(4)
    pay(9, 100, { parents: [0] })
    // The child alone pays 9, with its parent 5: the pair goes before 4.
    expect(pool.select()).toEqual([0, 2, 1])
    expect(pool.rate(2)).toBe(1_000 / 800)
  })

  test('a parent that pays well does not wait for its child', () => {
    const { pay, pool } = createDesk(policy)
    pay(9)
    pay(4)
    pay(1, 100, { parents: [0] })
    expect(pool.select()).toEqual([0, 1, 2])
  })

  test('what does not fit is passed over, and its child with it', () => {
    const { pay, pool } = createDesk(policy)
    pay(9, 300)
    pay(8, 100, { parents: [0] })
    pay(2)
    expect(pool.select(1_000)).toEqual([2])
  })

  test('behavior: below the block rate a miner leaves a block empty', () => {
    const { pay, pool } = createDesk({ ...policy, blockRate: 5_000 })
    pay(4)
    pay(5)
    expect(pool.select()).toEqual([1])
  })

  test('behavior: refusals', () => {
    const { pay, offer } = createDesk(policy)
    expect(offer({ fee: 99, weight: 400 })).toBe('below relay fee')
    expect(offer({ fee: 100, weight: 400 })).toBe(undefined)
    expect(offer({ fee: 100_000, weight: 400_001 })).toBe('too heavy')
    expect(pay(5, 100, { parents: [0] })).toBe('missing parents')
  })

  test('rule 3: a replacement pays at least what it replaces, descendants included', () => {
    const { pay, in: inPool, left } = createDesk(policy)
    pay(2, 100, { spends: [7] })
    pay(10, 200, { parents: [0] })
    // 2,200 satoshi are replaced: a better feerate is not enough.
    expect(pay(21, 100, { spends: [7] })).toBe(
      policy.rules === 'ancestors' ? 'lower fee than replaced' : 'does not improve the diagram',
    )
    expect(pay(23, 100, { spends: [7] })).toBe(undefined)
    expect(inPool()).toEqual([3])
    expect(left).toEqual(['0 replaced', '1 replaced'])
  })

  test('rule 4: and the incremental rate for its own size', () => {
    const { pay, offer } = createDesk(policy)
    pay(5, 100, { spends: [7] })
    expect(offer({ fee: 599, weight: 400, spends: [7] })).toBe('does not pay for its relay')
    expect(offer({ fee: 600, weight: 400, spends: [7] })).toBe(undefined)
  })

  test('rule 5: it replaces no more than a hundred', () => {
    const { pay } = createDesk(policy)
    const coins = Array.from({ length: 101 }, (_, coin) => coin)
    for (const coin of coins) pay(1, 100, { spends: [coin] })
    expect(pay(500, 400, { spends: coins })).toBe('replaces too many')
    expect(pay(500, 400, { spends: coins.slice(1) })).toBe(undefined)
  })

  test('behavior: none spends what it replaces', () => {
    const { pay } = createDesk(policy)
    pay(1, 100, { spends: [7] })
    expect(pay(9, 100, { spends: [7], parents: [0] })).toBe('spends replaced')
  })

  test('behavior: a coin that is spent in the chain is spent', () => {
    const { pay, pool, left } = createDesk(policy)
    pay(1, 100, { spends: [7] })
    pay(1, 100, { parents: [0] })
    pay(3, 100, { spends: [8] })
    // Number 3 comes in a block without having been in the pool.
    pay(0, 100, { spends: [7] })
    pool.connect([3], 0)
    expect(left).toEqual(['0 conflicted', '1 conflicted'])
    expect(pay(50, 100, { spends: [7] })).toBe('spent')
    expect(pool.isConfirmed(3)).toBe(true)
    expect(pool.has(2)).toBe(true)
  })

  test('a reorganisation returns what the new blocks lack, and a child keeps its parent', () => {
    const { pay, pool, in: inPool, left } = createDesk(policy)
    pay(5, 100, { spends: [1] })
    pay(6, 100, { spends: [2] })
    pay(7, 100, { parents: [0] })
    pool.connect([0, 1], 0)
    expect(inPool()).toEqual([2])
    pay(0, 100, { spends: [2] })
    pool.reorganise([0, 1], [3], 0)
    // Number 1 has lost its coin to 3; 0 is back under its child.
    expect(inPool()).toEqual([0, 2])
    expect(pool.select()).toEqual([0, 2])
    expect(left).toEqual(['1 conflicted'])
    expect([pool.size(), pool.totalWeight(), pool.totalFee()]).toEqual([2, 800, 1_200])
  })

  test('behavior: a returned one that lost its coin takes its descendants with it', () => {
    const { pay, pool, in: inPool } = createDesk(policy)
    pay(5, 100, { spends: [1] })
    pool.connect([0], 0)
    pay(5, 100, { parents: [0] })
    pay(5, 100, { spends: [1] })
    pool.reorganise([0], [2], 0)
    expect(inPool()).toEqual([])
  })

  test('a full pool drops the worst and raises its minimum, which falls after a block', () => {
    const small = { ...policy, capacityBytes: 1_000, bytesPerTransaction: 0, bytesPerWeightUnit: 1 }
    const { pay, pool, left, in: inPool } = createDesk(small)
    pay(5)
    pay(3)
    expect(pay(4)).toBe(undefined)
    expect([inPool(), left]).toEqual([[0, 2], ['1 evicted']])
    // 3 sat/vB and the incremental rate of 1.
    expect(pool.minimumRate(0)).toBe(4_000)
    expect(pay(3)).toBe('below pool minimum')
    expect(pool.minimumRate(hours(24))).toBe(4_000)
    pool.connect([0, 2], hours(24))
    // An empty pool: a half-life of 3 hours; below half the incremental rate it ends.
    expect(pool.minimumRate(hours(27))).toBe(2_000)
    expect(pool.minimumRate(hours(30))).toBe(1_000)
  })

  test('behavior: what has been in for two weeks goes, with its descendants', () => {
    const { table, pool } = createDesk(policy)
    const old = table.add({ fee: 500, weight: 400 })
    const child = table.add({ fee: 500, weight: 400, parents: [old] })
    const late = table.add({ fee: 500, weight: 400 })
    pool.submit(old, 0)
    pool.submit(child, hours(300))
    pool.submit(late, hours(1))
    pool.expire(hours(336))
    expect(pool.size()).toBe(3)
    pool.expire(hours(336) + minutes(1))
    expect([pool.has(old), pool.has(child), pool.has(late)]).toEqual([false, false, true])
  })

  test('the depth is that of feerates at which transactions would be mined', () => {
    const { pay, pool } = createDesk(policy)
    pay(1, 1_000)
    pay(9, 1_000, { parents: [0] })
    pay(40, 1_000)
    // 40 sat/vB are 10 sat/WU; the pair is at 5 sat/vB.
    expect(pool.rateAtDepth(3_999)! / 10).toBeCloseTo(1, 1)
    expect(pool.rateAtDepth(4_000)! / 1.25).toBeCloseTo(1, 1)
    // Under the rules of ancestors a parent stands at its own feerate.
    const parentRate = policy.rules === 'ancestors' ? 0.25 : 1.25
    expect(pool.rateAtDepth(11_999)! / parentRate).toBeCloseTo(1, 1)
    expect(pool.rateAtDepth(12_000)).toBe(undefined)
  })
})

describe('of v29 only', () => {
  test('rule 2: no new parent from the pool', () => {
    const { pay } = createDesk(bitcoinPolicies.v29)
    pay(1, 100, { spends: [7] })
    pay(1)
    expect(pay(9, 100, { spends: [7], parents: [1] })).toBe('new unconfirmed parent')
  })

  test('chains of 25, and the carve-out for one more child of the first', () => {
    const { pay } = createDesk(bitcoinPolicies.v29)
    pay(5)
    for (let id = 1; id < 25; id++) expect(pay(5, 100, { parents: [id - 1] })).toBe(undefined)
    expect(pay(5, 100, { parents: [24] })).toBe('too large a package')
    expect(pay(5, 10_001, { parents: [0] })).toBe('too large a package')
    expect(pay(5, 10_000, { parents: [0] })).toBe(undefined)
    expect(pay(5, 100, { parents: [0] })).toBe('too large a package')
  })

  test('ancestors of 101 kvB, itself included', () => {
    const { pay } = createDesk(bitcoinPolicies.v29)
    pay(2, 90_000)
    expect(pay(2, 11_001, { parents: [0] })).toBe('too large a package')
    expect(pay(2, 11_000, { parents: [0] })).toBe(undefined)
  })

  test('ancestors of 101 kvB together, though the descendants of each are less', () => {
    const { pay } = createDesk(bitcoinPolicies.v29)
    pay(2, 40_000)
    pay(2, 40_000)
    expect(pay(2, 21_001, { parents: [0, 1] })).toBe('too large a package')
    expect(pay(2, 21_000, { parents: [0, 1] })).toBe(undefined)
  })

  test('a reorganisation that makes a chain too long cuts it', () => {
    const { pay, pool, left } = createDesk(bitcoinPolicies.v29)
    for (let id = 0; id < 5; id++) pay(5, 100, { parents: id === 0 ? [] : [id - 1] })
    pool.connect([0, 1, 2, 3, 4], 0)
    for (let id = 5; id < 30; id++) pay(5, 100, { parents: [id - 1] })
    pool.reorganise([0, 1, 2, 3, 4], [], 0)
    expect(pool.size()).toBe(25)
    expect(left).toEqual([25, 26, 27, 28, 29].map((id) => `${id} package`))
  })
})

describe('of v31 only', () => {
  const { v31 } = bitcoinPolicies

  test('a transaction that joins two clusters must leave one of at most 64', () => {
    const { pay } = createDesk(v31)
    for (let id = 0; id < 40; id++) pay(5, 100, { parents: id === 0 ? [] : [id - 1] })
    for (let id = 40; id < 64; id++) pay(5, 100, { parents: id === 40 ? [] : [id - 1] })
    expect(pay(5, 100, { parents: [39, 63] })).toBe('too large a package')
    expect(pay(5, 100, { parents: [39] })).toBe(undefined)
  })

  test('and of at most 101 kvB', () => {
    const { pay } = createDesk(v31)
    pay(2, 60_000)
    expect(pay(2, 41_001, { parents: [0] })).toBe('too large a package')
    expect(pay(2, 41_000, { parents: [0] })).toBe(undefined)
  })

  test('a new parent is fine where the diagram improves', () => {
    const { pay } = createDesk(v31)
    pay(1, 100, { spends: [7] })
    pay(1)
    expect(pay(9, 100, { spends: [7], parents: [1] })).toBe(undefined)
  })

  test('a higher fee at a lower feerate does not improve the diagram', () => {
    const { pay } = createDesk(v31)
    pay(10, 100, { spends: [7] })
    expect(pay(9, 200, { spends: [7] })).toBe('does not improve the diagram')
  })

  test('a reorganisation that makes a cluster too large drops its worst chunks', () => {
    const { pay, pool, left } = createDesk(v31)
    pay(50)
    pool.connect([0], 0)
    for (let id = 1; id <= 64; id++) pay(id, 100, { parents: [0] })
    pool.reorganise([0], [], 0)
    expect(left).toEqual(['1 package'])
    expect(pool.select()[0]).toBe(0)
  })
})
