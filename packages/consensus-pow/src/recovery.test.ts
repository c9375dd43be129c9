import { emptyBlocks, type Executor } from '@counterpoise/consensus'
import { minutes, ms, seconds } from '@counterpoise/engine'
import type { BlockStore } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { createMiners, runBlocks } from './testing.ts'

test('behavior: a node that was down for long catches up in batches', () => {
  const miners = createMiners({ weights: [1, 1, 0], delay: ms(100) })
  const { simulation, cluster, blocks } = miners
  runBlocks(miners, 1)
  cluster.network.takeDown(2)
  runBlocks(miners, 1_000)
  expect(blocks.height(cluster.head(2))).toBeLessThanOrEqual(1)
  const before = cluster.network.counters().sent
  cluster.network.bringUp(2)
  // 1,000 blocks in batches of 16: 63 round trips.
  simulation.run({ until: simulation.now() + ms(200 * 63) })
  expect(blocks.height(cluster.head(2))).toBeGreaterThanOrEqual(1_000 - 3)
  expect(cluster.head(2)).toBe(cluster.head(1))
  const sent = cluster.network.counters().sent - before
  expect(sent).toBeGreaterThan(120)
  expect(sent).toBeLessThan(140)
})

test('behavior: a node that first comes up later than the others catches up', () => {
  const miners = createMiners({ weights: [1, 1], delay: ms(1) })
  const { simulation, cluster } = miners
  cluster.network.takeDown(1)
  runBlocks(miners, 16)
  cluster.network.bringUp(1)
  simulation.run({ until: simulation.now() + ms(2) })
  expect(cluster.head(1)).toBe(cluster.head(0))
})

test('behavior: it catches up as fast as it can check blocks', () => {
  const executor = (blocks: BlockStore): Executor => ({
    ...emptyBlocks(blocks),
    validate: () => seconds(1),
  })
  const miners = createMiners({ weights: [1, 1, 0], executor })
  const { simulation, cluster, blocks } = miners
  cluster.network.takeDown(2)
  runBlocks(miners, 200)
  const height = blocks.height(cluster.head(0))
  const start = simulation.now()
  cluster.network.bringUp(2)
  simulation.run({ until: start + seconds(100) })
  expect(blocks.height(cluster.head(2))).toBeLessThanOrEqual(100)
  expect(blocks.height(cluster.head(2))).toBeGreaterThan(80)
  // The last batch counts when all of it is checked, with what was found meanwhile.
  simulation.run({ until: start + seconds(height + 18) })
  expect(blocks.height(cluster.head(2))).toBeGreaterThanOrEqual(height - 2)
})

test.each([0, 1, 2, 3, 4, 5, 6, 7])('behavior: a silent peer is replaced (%i)', (run) => {
  const weights = [1, 0, 0, 0, 0]
  const miners = createMiners({ seed: `${run}`, weights, delay: ms(10) })
  const { simulation, cluster } = miners
  cluster.network.takeDown(4)
  runBlocks(miners, 10)
  simulation.run({ until: simulation.now() + ms(10) })
  // The miner is gone as well, so no new block helps; of four peers, one is there.
  for (const node of [0, 2, 3]) cluster.network.takeDown(node)
  cluster.network.bringUp(4)
  simulation.run({ until: simulation.now() + minutes(30) })
  expect(cluster.head(4)).not.toBe(0)
  expect(cluster.head(4)).toBe(cluster.head(1))
})

test('behavior: a block whose parent is unknown brings the parent', () => {
  const miners = createMiners({ weights: [1, 0], delay: ms(10) })
  const { simulation, cluster, blocks } = miners
  cluster.network.assignGroup(1, 1)
  runBlocks(miners, 40)
  simulation.run({ until: simulation.now() + ms(10) })
  cluster.network.assignGroup(1, 0)
  expect(cluster.head(1)).toBe(0)
  runBlocks(miners, 41)
  // The block, then three requests for 40 missing ones, each there and back.
  simulation.run({ until: simulation.now() + ms(10 + 3 * 20) })
  expect(blocks.height(cluster.head(1))).toBe(41)
})

test('behavior: with the network lossy, everybody still gets there', () => {
  const miners = createMiners({ weights: [1, 1, 1, 0, 0], delay: ms(100) })
  const { simulation, cluster } = miners
  cluster.network.setLossProbability(0.3)
  runBlocks(miners, 200)
  cluster.network.setLossProbability(0)
  runBlocks(miners, 210)
  simulation.run({ until: simulation.now() + minutes(1) })
  const heads = new Set([0, 1, 2, 3, 4].map(cluster.head))
  expect(heads.size).toBeLessThanOrEqual(2)
  const heights = [...heads].map(miners.blocks.height)
  expect(Math.max(...heights) - Math.min(...heights)).toBe(0)
})
