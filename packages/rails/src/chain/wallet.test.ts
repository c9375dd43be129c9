import { createStream } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createWallet, type WalletOptions } from './wallet.ts'

const options: WalletOptions = {
  strategy: 'base fee',
  targetBlocks: 3,
  headroom: 2,
  tip: { kind: 'constant', value: 4 },
  budgetUsd: { median: 1, sigma: 0 },
}

/** A unit of price is a thousandth of a dollar for a payment: 100 units at 10 µ$. */
const createAt = (
  changes: Partial<WalletOptions>,
  priceAtDepth = (_units: number) => 0,
  estimate = (_target: number, _node: number): number | undefined => undefined,
) =>
  createWallet(
    { ...options, ...changes },
    {
      market: { priceAtDepth, estimate },
      ...{ unitsLimit: 1_000, minimumPrice: 5, unitsPerPayment: 100, microUsdPerUnit: 10 },
    },
  )

const at = (nextBaseFee: number) => ({ nextBaseFee, node: 7 })
const streamOf = (purpose: string) => createStream({ seed: 'wallet', replication: 0, purpose })
const [tips, budgets] = [streamOf('tips'), streamOf('budgets')]

test('base fee: headroom over the next base fee, and a tip', () => {
  const wallet = createAt({})
  expect(wallet.bid(at(50), tips, budgets)).toEqual({ cap: 104, tip: 4, most: 1_000 })
  expect(wallet.typicalBid(at(50))).toEqual({ cap: 104, tip: 4 })
})

test('mempool depth: what stands three blocks deep, times the factor', () => {
  const wallet = createAt({ strategy: 'mempool depth' }, (units) => units / 100)
  expect(wallet.bid(at(0), tips, budgets)).toEqual({ cap: 120, tip: 120, most: 1_000 })
})

test('bitcoin estimate: what the node says for the target, or what stands so deep', () => {
  const estimate = (target: number, node: number) => target * 10 + node
  const wallet = createAt({ strategy: 'bitcoin estimate' }, (units) => units / 100, estimate)
  expect(wallet.bid(at(0), tips, budgets).cap).toBe(37 * 4)
  expect(wallet.estimate(7)).toBe(37)
  const unsure = createAt({ strategy: 'bitcoin estimate' }, (units) => units / 100)
  expect(unsure.estimate(7)).toBe(30)
})

test('behavior: at least the minimum price, at most the budget', () => {
  const low = { kind: 'constant', value: 0.1 } as const
  expect(createAt({ strategy: 'mempool depth', tip: low }).bid(at(0), tips, budgets).cap).toBe(5)
  const poor = { median: 0.02, sigma: 0 }
  const cap = createAt({ budgetUsd: poor }).bid(at(50), tips, budgets).cap
  expect(cap).toBeCloseTo(20, 9)
  expect(createAt({ budgetUsd: poor }).typicalBid(at(50)).cap).toBe(104)
})

test('behavior: no tip is negative', () => {
  const tip = { kind: 'constant', value: -3 } as const
  expect(createAt({ tip }).bid(at(50), tips, budgets)).toEqual({ cap: 100, tip: 0, most: 1_000 })
})

test.each([
  [{ kind: 'uniform', low: 2, high: 4 }, 3],
  [{ kind: 'lognormal', median: 7, sigma: 2 }, 7],
  [{ kind: 'exponential', mean: 6 }, 6],
  [{ kind: 'pareto', scale: 3, shape: 1 }, 6],
  // Half of them are below 3 · 2^(1 / 2).
  [{ kind: 'pareto', scale: 3, shape: 2 }, 3 * Math.SQRT2],
] as const)('the typical tip of %o is %d', (tip, expected) => {
  expect(createAt({ tip }).typicalBid(at(0)).tip).toBeCloseTo(expected, 9)
})
