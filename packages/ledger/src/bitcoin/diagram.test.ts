import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Chunk,
  compareDiagrams,
  compareFeerates,
  createTransactions,
  linearise,
} from '../index.ts'
import { bitcoinPolicies } from './policy.ts'
import { createNaivePool } from './testing.ts'

const chunk = (fee: number, weight: number): Chunk => ({ ids: [0], fee, weight })

describe('compareDiagrams', () => {
  test.each([
    ['the same', [[9, 3]], [[9, 3]], 'equal'],
    ['cut where the feerate stays', [[9, 3]], [[3, 1], [6, 2]], 'equal'],
    ['more of a fee', [[10, 3]], [[9, 3]], 'better'],
    ['less weight for a fee', [[9, 2]], [[9, 3]], 'better'],
    ['early fees count', [[8, 1], [1, 2]], [[9, 3]], 'better'],
    ['more at first, less in the end', [[8, 1]], [[9, 3]], 'incomparable'],
    ['nothing for something', [], [[1, 1]], 'worse'],
    ['another chunk behind', [[9, 3], [1, 9]], [[9, 3]], 'better'],
    ['less weight for the second fee', [[9, 2], [4, 2]], [[9, 2], [4, 4]], 'better'],
  ] as const)('%s', (_name, one, other, expected) => {
    const chunks = (pairs: readonly (readonly [number, number])[]): Chunk[] =>
      pairs.map(([fee, weight]) => chunk(fee, weight))
    expect(compareDiagrams(chunks(one), chunks(other))).toBe(expected)
    const opposite = { better: 'worse', worse: 'better' } as Record<string, string>
    expect(compareDiagrams(chunks(other), chunks(one))).toBe(opposite[expected] ?? expected)
  })

  test('property: as the curves stand to each other at every weight', () => {
    /** Fees collected in a weight when the best go first, the last one in part. */
    const feesAt = (chunks: readonly Chunk[], weight: number): number => {
      const sorted = [...chunks].sort((a, b) => b.fee / b.weight - a.fee / a.weight)
      let [left, fees] = [weight, 0]
      for (const each of sorted) {
        fees += each.fee * Math.min(1, left / each.weight)
        left -= Math.min(left, each.weight)
      }
      return fees
    }
    const pair = fc.tuple(fc.nat(12), fc.integer({ min: 1, max: 5 }))
    const side = fc.array(pair.map(([fee, weight]) => chunk(fee, weight)), { maxLength: 4 })
    fc.assert(
      fc.property(side, side, (one, other) => {
        const differences = Array.from({ length: 21 }, (_, weight) =>
          Math.round((feesAt(one, weight) - feesAt(other, weight)) * 1e6),
        )
        const isAbove = differences.some((difference) => difference > 0)
        const isBelow = differences.some((difference) => difference < 0)
        const better = isBelow ? 'incomparable' : 'better'
        const expected = isAbove ? better : isBelow ? 'worse' : 'equal'
        expect(compareDiagrams(one, other)).toBe(expected)
      }),
      fuzzParameters(500),
    )
  })

  test('behavior: exact where products are beyond doubles', () => {
    const big = 3_000_000_001
    expect(compareDiagrams([chunk(big + 1, big)], [chunk(big, big)])).toBe('better')
    expect(compareDiagrams([chunk(big, big)], [chunk(big, big)])).toBe('equal')
  })
})

test('feerates that round to one double are told apart', () => {
  const [fee, size] = [2 ** 52 - 1, 2 ** 52]
  expect(fee / size === (fee - 1) / (size - 1) || compareFeerates(fee, size, fee - 1, size - 1) > 0)
    .toBe(true)
  expect(compareFeerates(fee, size, fee - 1, size - 1)).toBeGreaterThan(0)
  expect(compareFeerates(fee - 1, size - 1, fee, size)).toBeLessThan(0)
  expect(compareFeerates(1, 3, 2, 6)).toBe(0)
})

describe('linearise', () => {
  test('the best of all subsets at every step', () => {
    const draft = fc.record({
      fee: fc.nat(30),
      weight: fc.integer({ min: 1, max: 9 }),
      parents: fc.uniqueArray(fc.nat(8), { maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 9 }), (drafts) => {
        const table = createTransactions()
        const orders = drafts.map(({ parents, ...rest }, id) => ({
          ...rest,
          parents: id === 0 ? [] : [...new Set(parents.map((parent) => parent % id))],
        }))
        for (const order of orders) table.add(order)
        const policy = { ...bitcoinPolicies.v31, relayRate: 0, incrementalRate: 0 }
        const naive = createNaivePool(orders, policy)
        orders.forEach((_, id) => naive.submit(id, 0))
        const all = orders.map((_, id) => id)
        const found = linearise(table, all)
        // The plain pool goes cluster by cluster: compare as one row in order of feerate.
        const rates = found.map(({ fee, weight }) => fee / weight)
        expect([...rates].sort((a, b) => b - a)).toEqual(rates)
        const expected = naive.chunks()
        expect(compareDiagrams(found, expected)).toBe('equal')
        expect(found.flatMap(({ ids }) => ids).sort((a, b) => a - b)).toEqual(all)
        const position = new Map(found.flatMap(({ ids }) => ids).map((id, k) => [id, k]))
        for (const id of all) {
          for (const parent of orders[id]!.parents) {
            expect(position.get(parent)!).toBeLessThan(position.get(id)!)
          }
        }
      }),
      fuzzParameters(300),
    )
  })

  test('behavior: a parent that a child pays for in vain is worth its own fee', () => {
    const table = createTransactions()
    // The third one needs both before it. At the feerate of all it has 3 to give, and they lack 1
    // and 5: the first one is worth no more than its own fee in the end.
    for (const fee of [1, 0]) table.add({ fee, weight: 1 })
    table.add({ fee: 2, weight: 1, parents: [0, 1] })
    table.add({ fee: 2, weight: 1 })
    const chunks = linearise(table, [0, 1, 2, 3])
    expect(chunks.map(({ ids }) => ids)).toEqual([[3], [0], [1, 2]])
  })

  test('a wide cluster of 64: many parents of one child that pays for all', () => {
    const table = createTransactions()
    for (let id = 0; id < 63; id++) table.add({ fee: 100, weight: 400 })
    table.add({ fee: 1_000_000, weight: 400, parents: Array.from({ length: 63 }, (_, id) => id) })
    const chunks = linearise(table, Array.from({ length: 64 }, (_, id) => id))
    expect(chunks).toHaveLength(1)
    expect(chunks[0]!.fee).toBe(1_006_300)
  })
})
