import { describe, expect, test } from 'vitest'
import {
  type BitcoinPool,
  bitcoinPolicies,
  createBitcoinPool,
  createTransactions,
} from '../index.ts'

/** One of 36,800 WU that pays best, so many of 4,400 WU, and last a small one of 400 WU. */
function poolWith(rules: 'v29' | 'v31', misfits: number): { pool: BitcoinPool; small: number } {
  const table = createTransactions()
  const pool = createBitcoinPool({ table, policy: bitcoinPolicies[rules] })
  const pay = (rate: number, bytes: number): number => {
    const id = table.add({ fee: rate * bytes, weight: 4 * bytes })
    expect(pool.submit(id, 0)).toBeUndefined()
    return id
  }
  pay(50, 9_200)
  for (let k = 0; k < misfits; k++) pay(5, 1_100)
  return { pool, small: pay(2, 100) }
}

describe.each(['v29', 'v31'] as const)('where a block ends, %s', (rules) => {
  // Bitcoin Core: after more than 1,000 misfits in a row, once less than 4,000 WU are left.
  test.each([
    [1_000, 40_000, true],
    [1_001, 40_000, false],
    [1_001, 40_800, true],
  ])('%d misfits at a limit of %d WU: the last one is in, %s', (misfits, limit, isIn) => {
    const { pool, small } = poolWith(rules, misfits)
    expect(pool.select(limit)).toEqual(isIn ? [0, small] : [0])
  })

  test('what fits begins the count anew', () => {
    const { pool, small } = poolWith(rules, 1_001)
    // The first of the others fits, and a thousand do not.
    expect(pool.select(41_600)).toEqual([0, 1, small])
  })
})
