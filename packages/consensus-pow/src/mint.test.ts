import { minutes } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { blockOverheadBytes } from './messages.ts'
import type { NakamotoParameters } from './parameters.ts'
import { createMiners, runBlocks } from './testing.ts'

const count = 1_000

/** Bytes of the blocks of one miner, the overhead of each left out. */
function sizesOf(blockBytes: NakamotoParameters['blockBytes']): number[] {
  const miners = createMiners({ weights: [1], parameters: { blockBytes } })
  runBlocks(miners, count)
  return Array.from({ length: count }, (_, k) => miners.blocks.bytes(k + 1) - blockOverheadBytes)
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** 2.576 standard deviations hold 99 % of a normal distribution. */
const z99 = 2.576

describe('the bytes of a block besides its payments', () => {
  test('a number is rounded to whole bytes', () => {
    expect(new Set(sizesOf(999.6))).toEqual(new Set([1_000]))
    expect(new Set(sizesOf(1_000.4))).toEqual(new Set([1_000]))
  })

  test('a distribution is drawn from for each block, in whole bytes', () => {
    const sizes = sizesOf({ kind: 'exponential', mean: 100_000 })
    expect(sizes.every((size) => Number.isInteger(size))).toBe(true)
    expect(new Set(sizes).size).toBeGreaterThan(count - 20)
    expect(Math.abs(mean(sizes) - 100_000)).toBeLessThan((z99 * 100_000) / Math.sqrt(count))
  })

  test('what is drawn below 0 is 0', () => {
    const sizes = sizesOf({ kind: 'normal', mean: 0, deviation: 1_000 })
    const none = sizes.filter((size) => size === 0).length
    expect(sizes.every((size) => size >= 0)).toBe(true)
    expect(Math.abs(none / count - 0.5)).toBeLessThan((z99 * 0.5) / Math.sqrt(count))
  })
})

test('the round of a block is its height, on stale branches too', () => {
  const miners = createMiners({ weights: [1, 1, 1], delay: minutes(1) })
  runBlocks(miners, 100)
  const { blocks, cluster } = miners
  expect(blocks.height(cluster.head(0))).toBeLessThan(100)
  for (let block = 1; block < blocks.size(); block++) {
    expect(blocks.round(block)).toBe(blocks.round(blocks.parent(block)) + 1)
  }
})
