import { fuzzParameters } from '@counterpoise/dev'
import { minutes } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BitcoinPolicy,
  bitcoinPolicies,
  createBitcoinPool,
  createTransactions,
  type PoolRules,
  type TransactionOrder,
} from '../index.ts'
import { createNaivePool } from './testing.ts'
import { naiveAncestorBlock, naiveChunkBlock } from './testingBlock.ts'

const policyOf = (rules: PoolRules): BitcoinPolicy => ({
  ...bitcoinPolicies.v31,
  rules,
  relayRate: 200,
  incrementalRate: 300,
  blockRate: 400,
  capacityBytes: 100,
  bytesPerTransaction: 4,
  bytesPerWeightUnit: 0.25,
  expiry: minutes(300),
  limits: {
    ancestors: 4,
    ancestorBytes: 24,
    descendants: 4,
    descendantBytes: 24,
    carveOutBytes: 3,
    cluster: 6,
    clusterBytes: 30,
    replaced: rules === 'clusters' ? 1 : 2,
  },
})

type Draft = { fee: number; weight: number; spends: number[]; parents: number[] }

const draft: fc.Arbitrary<Draft> = fc.record({
  fee: fc.oneof(fc.nat(12), fc.nat(60)),
  weight: fc.integer({ min: 2, max: 40 }),
  spends: fc.uniqueArray(fc.nat(13), { maxLength: 2 }),
  parents: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(4), { maxLength: 2 })),
})
/** Parents are counted back, so that near ones are likely. */
const table = fc.array(draft, { minLength: 20, maxLength: 36 }).map((drafts) =>
  drafts.map(({ parents, ...rest }, id): TransactionOrder => ({
    ...rest,
    parents: [...new Set(parents.map((back) => id - 1 - back))].filter((one) => one >= 0),
  })),
)

const action = fc.oneof(
  { weight: 12, arbitrary: fc.record({ submit: fc.integer({ min: 0, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ again: fc.nat(35) }) },
  { weight: 1, arbitrary: fc.record({ block: fc.integer({ min: 5, max: 90 }) }) },
  { weight: 1, arbitrary: fc.record({ foreign: fc.nat(35) }) },
  { weight: 1, arbitrary: fc.record({ forget: fc.nat(35) }) },
  { weight: 1, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 200 }) }) },
)

const actions = fc.array(action, { maxLength: 70, size: 'max' })

describe.each(['ancestors', 'clusters'] as const)('%s', (rules) => {
  const policy = policyOf(rules)

  test('behaves as the plain pool under any sequence of what may happen to it', () => {
    fc.assert(
      fc.property(table, actions, (orders, steps) => {
        const transactions = createTransactions()
        for (const order of orders) transactions.add(order)
        const left: string[] = []
        const naiveLeft: string[] = []
        const pool = createBitcoinPool({
          table: transactions,
          policy,
          onLeft: (id, why) => left.push(`${id} ${why}`),
        })
        const naive = createNaivePool(orders, policy, (id, why) => naiveLeft.push(`${id} ${why}`))
        const confirmed = new Set<number>()
        let now = 0
        let next = 0
        for (const step of steps) {
          now += minutes(1)
          if ('submit' in step || 'again' in step) {
            const id = 'submit' in step ? next++ : step.again
            if (id >= orders.length) continue
            expect(pool.submit(id, now)).toBe(naive.submit(id, now))
          } else if ('block' in step) {
            const taken = pool.select(step.block)
            const clusterOf = (id: number): number => clusterRoot(orders, naive.ids(), id)
            const expected =
              rules === 'ancestors'
                ? naiveAncestorBlock(orders, naive.ids(), step.block, policy.blockRate)
                : naiveChunkBlock(naive.chunks(), clusterOf, step.block, policy.blockRate)
            expect(taken).toEqual(expected)
            for (const id of taken) confirmed.add(id)
            pool.connect(taken, now)
            naive.connect(taken, now)
          } else if ('foreign' in step) {
            const id = step.foreign
            if (!isMinable(orders, confirmed, id)) continue
            confirmed.add(id)
            pool.connect([id], now)
            naive.connect([id], now)
          } else if ('forget' in step) {
            pool.forget(step.forget)
            naive.forget(step.forget)
          } else {
            now += minutes(step.wait)
            pool.expire(now)
            naive.expire(now)
          }
          const ids = orders.map((_, id) => id)
          expect(ids.filter(pool.has)).toEqual(naive.ids())
          expect(pool.usedBytes()).toBeCloseTo(naive.usedBytes(), 9)
          expect(pool.minimumRate(now)).toBeCloseTo(naive.minimumRate(now), 6)
          expect(left.sort()).toEqual(naiveLeft.sort())
        }
      }),
      fuzzParameters(150),
    )
  })
})

/** The lowest of those that are connected with one in the pool. */
function clusterRoot(orders: readonly TransactionOrder[], ids: readonly number[], id: number) {
  const found = new Set([id])
  const linked = (one: number, other: number): boolean =>
    orders[one]!.parents!.includes(other) || orders[other]!.parents!.includes(one)
  for (const one of found) for (const other of ids) if (linked(one, other)) found.add(other)
  return Math.min(...found)
}

/** Whether a block may hold it next: its parents are in the chain and its coins are not spent. */
function isMinable(
  orders: readonly TransactionOrder[],
  confirmed: ReadonlySet<number>,
  id: number,
): boolean {
  const order = orders[id]
  if (order === undefined || confirmed.has(id)) return false
  const isSpent = [...confirmed].some((other) =>
    orders[other]!.spends!.some((coin) => order.spends!.includes(coin)),
  )
  return !isSpent && order.parents!.every((parent) => confirmed.has(parent))
}
