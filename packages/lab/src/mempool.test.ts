import { seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { mempoolOf, waitingSeries } from './mempool.ts'

const records = {
  times: Float64Array.of(seconds(10), seconds(20), seconds(50)),
  counts: Float64Array.of(4, 1, 10),
  units: Float64Array.of(400, 100, 1_000),
  prices: Float64Array.of(2, 1, 3),
}

describe('mempoolOf', () => {
  test('default: a mean over time, from the first block to the end', () => {
    const result = mempoolOf(records, seconds(60))!
    // 10 s of 4, 30 s of 1 and 10 s of 10.
    expect(result.waiting).toEqual({ mean: 170 / 50, max: 10, end: 10 })
    expect(result.waiting_units.mean).toBe(340)
    expect(result.next_block_price).toEqual({ mean: 80 / 50, max: 3, end: 3 })
  })

  test('behavior: what comes after the end does not count', () => {
    expect(mempoolOf(records, seconds(30))!.waiting).toEqual({ mean: 2.5, max: 4, end: 1 })
  })

  test('behavior: no block, nothing to tell', () => {
    expect(mempoolOf(records, seconds(10))).toBe(null)
    const none = new Float64Array(0)
    expect(mempoolOf({ times: none, counts: none, units: none, prices: none }, 5)).toBe(null)
  })
})

test('a series of what waited at the end of each bin', () => {
  expect(waitingSeries(records, 15, seconds(75))).toEqual([4, 1, 1, 10, 10])
  expect(waitingSeries(records, 5, seconds(10))).toEqual([0, 4])
})
