import { seconds } from '@counterpoise/engine'
import type { BlockRecords } from '@counterpoise/rails'
import { expect, test } from 'vitest'
import { blocksOf } from './blocks.ts'

const maker = { operator: 'one', chain: 3, stale: 1, rewards: 30, fees: 2_000_000 }

const records: BlockRecords = {
  times: Float64Array.from([10, 20, 50, 60].map(seconds)),
  stale: 2,
  makers: [
    maker,
    { operator: 'two', chain: 1, stale: 0, rewards: 12, fees: 500_000 },
    { operator: 'none', chain: 0, stale: 0, rewards: 0, fees: 0 },
  ],
  reorganisations: new Map([
    [3, 1],
    [1, 20],
  ]),
  spread: {
    blocks: 4,
    arrivals: 40,
    mean: 5,
    quantiles: [1, 2, 3, 4, 5, 6],
    blockQuantiles: [10, 20, 30, 40, 50, 60],
    nodeQuantiles: [11, 21, 31, 41, 51, 61],
    unaware: 7,
  },
}

test('default: shares, intervals and quantiles of what was recorded', () => {
  const figures = blocksOf(records)
  expect(figures.count).toBe(4)
  expect(figures.stale_share).toBe(2 / 6)
  // 10, 30 and 10 s between neighbours.
  const close = (value: number) => expect.closeTo(value, 6)
  expect(figures.interval_ms).toEqual({
    ...{ mean: close(50_000 / 3), p10: 10_000, p25: 10_000, p50: 10_000 },
    // From the second of three to the third: a half, 0.8, 0.9 and 0.98 of the way.
    ...{ p75: close(20_000), p90: close(26_000), p95: close(28_000), p99: close(29_600) },
  })
  expect(figures.reorg_depths).toEqual({ 1: 20, 3: 1 })
  const quantiles = { p10: 1, p25: 2, p50: 3, p75: 4, p90: 5, p99: 6 }
  expect(figures.propagation_ms).toEqual({ mean: 5, ...quantiles })
  expect(figures.propagation_block_ms).toMatchObject({ p10: 10, p99: 60 })
  expect(figures.propagation_block_median_ms).toBe(30)
  expect(figures.propagation_node_ms).toMatchObject({ p10: 11, p50: 31, p99: 61 })
  expect(figures.unaware_ms).toBe(7)
})

test('default: by operator', () => {
  const figures = blocksOf(records)
  expect(figures.stale_by_miner).toEqual({ one: 1 / 4, two: 0, none: null })
  expect(figures.blocks_by_miner).toEqual({ one: 3, two: 1, none: 0 })
  expect(figures.revenue_by_miner).toEqual({
    one: { share_of_chain: 3 / 4, subsidy_native: 30, fees_usd: 2 },
    two: { share_of_chain: 1 / 4, subsidy_native: 12, fees_usd: 0.5 },
    none: { share_of_chain: 0, subsidy_native: 0, fees_usd: 0 },
  })
  expect(figures.fees_usd).toBe(2.5)
})

test('behavior: more than a hundred operators are not told apart', () => {
  const makers = Array.from({ length: 101 }, (_, k) => ({ ...maker, operator: `${k}` }))
  expect(blocksOf({ ...records, makers })).not.toHaveProperty('stale_by_miner')
  expect(blocksOf({ ...records, makers: makers.slice(1) })).toHaveProperty('stale_by_miner')
})

test('behavior: what attacks came to is told as it was recorded', () => {
  const attacks = { censorship: { hash_share: 0.4 } }
  expect(blocksOf({ ...records, attacks }).attacks).toEqual(attacks)
  expect(blocksOf(records)).not.toHaveProperty('attacks')
})

test('behavior: no block at all', () => {
  const times = new Float64Array(0)
  const figures = blocksOf({ ...records, times, stale: 0, makers: [], spread: undefined })
  expect(figures).toMatchObject({ count: 0, stale_share: null, interval_ms: null })
  expect(figures).not.toHaveProperty('propagation_ms')
  const idle = blocksOf({ ...records, times, stale: 0, makers: [{ ...maker, chain: 0, stale: 0 }] })
  expect(idle).toMatchObject({
    stale_by_miner: { one: null },
    revenue_by_miner: { one: { share_of_chain: null } },
  })
})
