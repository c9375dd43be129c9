import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitcoinPolicies, createBitcoinPool, createTransactions, type PoolRules } from '../index.ts'
import { createNaivePool } from './testing.ts'
import { naiveAncestorBlock, naiveChunkBlock } from './testingBlock.ts'

const draft = fc.record({
  fee: fc.integer({ min: 1, max: 400 }),
  weight: fc.integer({ min: 4, max: 40 }),
  parents: fc.array(fc.nat(3), { maxLength: 2 }),
})
const drafts = fc.array(draft, { minLength: 2, maxLength: 9 })

const rules = fc.constantFrom<PoolRules>('ancestors', 'clusters')

test('blocks of packages are those of the definition, at every limit', () => {
  fc.assert(
    fc.property(drafts, rules, fc.integer({ min: 10, max: 200 }), (some, ruleSet, limit) => {
      const policy = { ...bitcoinPolicies.v31, rules: ruleSet, relayRate: 0, blockRate: 500 }
      const table = createTransactions()
      const orders = some.map(({ parents, ...rest }, id) => ({
        ...rest,
        parents: [...new Set(parents.map((back) => id - 1 - back))].filter((one) => one >= 0),
      }))
      const pool = createBitcoinPool({ table, policy })
      const naive = createNaivePool(orders, policy)
      for (const order of orders) {
        const id = table.add(order)
        expect(pool.submit(id, 0)).toBe(naive.submit(id, 0))
      }
      const chunks = naive.chunks()
      const rootOf = (id: number): number => {
        const found = new Set([id])
        for (const one of found) {
          orders.forEach(({ parents }, other) => {
            if (parents.includes(one) || orders[one]!.parents.includes(other)) found.add(other)
          })
        }
        return Math.min(...found)
      }
      expect(pool.select(limit)).toEqual(
        ruleSet === 'ancestors'
          ? naiveAncestorBlock(orders, naive.ids(), limit, policy.blockRate)
          : naiveChunkBlock(chunks, rootOf, limit, policy.blockRate),
      )
    }),
    fuzzParameters(400),
  )
})
