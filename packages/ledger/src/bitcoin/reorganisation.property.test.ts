import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitcoinPolicies, createBitcoinPool, createTransactions, type PoolRules } from '../index.ts'

const draft = fc.record({
  fee: fc.integer({ min: 100, max: 5_000 }),
  weight: fc.integer({ min: 200, max: 1_200 }),
  parents: fc.array(fc.nat(6), { maxLength: 2 }),
})
const blocks = fc.array(fc.integer({ min: 300, max: 4_000 }), { minLength: 1, maxLength: 4 })

test.each<PoolRules>(['ancestors', 'clusters'])(
  'behavior: blocks that come and go leave the pool as it was, under %s',
  (rules) => {
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 20 }), blocks, (drafts, limits) => {
        const table = createTransactions()
        const policy = { ...bitcoinPolicies.v30, rules }
        const pool = createBitcoinPool({ table, policy })
        drafts.forEach(({ parents, ...rest }, id) => {
          const before = [...new Set(parents.map((back) => id - 1 - back))]
          pool.submit(table.add({ ...rest, parents: before.filter((one) => one >= 0) }), 0)
        })
        const order = pool.select()
        const figures = [pool.size(), pool.totalWeight(), pool.totalFee()]
        const rates = order.map(pool.rate)
        const mined: number[] = []
        for (const limit of limits) {
          const block = pool.select(limit)
          pool.connect(block, 0)
          mined.push(...block)
        }
        // Two blocks that share a part with the chain that takes their place.
        const shared = mined.slice(0, mined.length >> 1)
        pool.reorganise(mined, shared, 0)
        for (const id of shared) expect(pool.isConfirmed(id)).toBe(true)
        pool.reorganise(shared, [], 0)
        expect(pool.select()).toEqual(order)
        expect([pool.size(), pool.totalWeight(), pool.totalFee()]).toEqual(figures)
        expect(order.map(pool.rate)).toEqual(rates)
      }),
      fuzzParameters(150),
    )
  },
)
