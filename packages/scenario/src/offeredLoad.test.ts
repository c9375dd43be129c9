import { createSimulation } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { arrivalsOf, offeredLoad } from './offeredLoad.ts'
import { workloadSchema } from './schema/workload.ts'
import type { Draft } from './testing.ts'

const workload = (given: Draft) =>
  workloadSchema.parse({
    ...{ for: '100s', amount: { kind: 'constant', usd: 2.5 }, patience: [{ for: '5s' }] },
    arrivals: [{ kind: 'regular', ratePerSecond: 50 }],
    ...given,
    accounts: { count: 10, openingUsd: 1, ...given.accounts },
  })

function ordersOf(given: Draft) {
  const load = offeredLoad(workload(given), createSimulation({ seed: 'load' }))
  const orders = []
  for (let order = load.next(); order !== undefined; order = load.next()) orders.push({ ...order })
  return orders
}

test('default: amounts in millionths of a dollar, spans in µs, nothing after the end', () => {
  const orders = ordersOf({})
  expect(orders).toHaveLength(5_000)
  expect(new Set(orders.map(({ amount }) => amount))).toEqual(new Set([2_500_000]))
  expect(new Set(orders.map(({ patience }) => patience))).toEqual(new Set([5e6]))
  expect(orders.at(-1)!.intendedAt).toBe(99_990_000)
})

test('behavior: who pays by one exponent, who is paid by the other', () => {
  /** The shares that account 0 has of the payments from and to somebody. */
  const shares = (accounts: object): number[] => {
    const orders = ordersOf({ accounts })
    return (['from', 'to'] as const).map(
      (side) => orders.filter((order) => order[side] === 0).length / orders.length,
    )
  }
  const [payer, rarely] = shares({ payerExponent: 3, payeeExponent: 0 })
  // 1 / ζ(3), nearly; and who has paid is not paid.
  expect(payer).toBeCloseTo(1 / 1.198, 1)
  expect(rarely).toBeLessThan(0.05)
  const [evenly, payee] = shares({ payerExponent: 0, payeeExponent: 3 })
  expect(evenly).toBeCloseTo(0.1, 1)
  expect(payee).toBeGreaterThan(0.7)
})

test('behavior: patience is drawn by its weights', () => {
  const orders = ordersOf({ patience: [{ for: '5s', weight: 9 }, { for: '7s' }] })
  const long = orders.filter(({ patience }) => patience === 7e6).length
  // Four deviations of a binomial count.
  expect(Math.abs(long - 500)).toBeLessThan(4 * Math.sqrt(5_000 * 0.1 * 0.9))
})

test('behavior: steps and shapes as they are told', () => {
  const steps = [{ at: '10s', ratePerSecond: 3 }, { at: '20s', ratePerSecond: 6 }]
  const even = { kind: 'steps', process: 'regular', steps, until: '30s' }
  const orders = ordersOf({ arrivals: [even] })
  expect(orders).toHaveLength(90)
  const gaps = orders.slice(1).map(({ intendedAt }, k) => intendedAt - orders[k]!.intendedAt)
  expect(gaps.filter((gap) => Math.abs(gap - 1e6 / 6) < 2)).toHaveLength(59)
  const [shape] = workload({
    arrivals: [{ kind: 'shape', shape: 'twitter-castle', at: '5s', scale: 0.01 }],
  }).arrivals.map(arrivalsOf)
  expect([4e6, 6e6, 55.5e6, 94e6, 96e6].map((at) => shape!.meanRate(at))).toEqual([
    ...[0, 57, expect.closeTo(1_431.99, 9), 57, 0],
  ])
})
