import { exp, minutes, toSeconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { chainBlocksByMiner } from './measures.ts'
import { createMiners, type Miners, runBlocks } from './testing.ts'

/** Seconds between the blocks of a chain, in order. */
function intervals({ cluster, blocks }: Miners): Float64Array {
  const head = cluster.head(0)
  const gaps = new Float64Array(blocks.height(head))
  for (let block = head; blocks.height(block) > 0; block = blocks.parent(block)) {
    const gap = blocks.time(block) - blocks.time(blocks.parent(block))
    gaps[blocks.height(block) - 1] = toSeconds(gap)
  }
  return gaps
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

/** 2.576 standard deviations hold 99 % of a normal distribution. */
const z99 = 2.576

describe('constant difficulty and hash rate', () => {
  const count = 100_000
  const miners = createMiners({ weights: [5, 3, 2], parameters: { retarget: 'none' } })
  runBlocks(miners, count)
  const gaps = intervals(miners)

  test('without delay, no block is stale', () => {
    expect(gaps).toHaveLength(count)
  })

  test('the mean interval is 600 s', () => {
    expect(Math.abs(mean(gaps) - 600)).toBeLessThan((z99 * 600) / Math.sqrt(count))
  })

  test('intervals are exponential (Kolmogorov–Smirnov, 1 %)', () => {
    const sample = gaps.slice(0, 10_000).sort()
    let distance = 0
    sample.forEach((gap, index) => {
      const expected = 1 - exp(-gap / 600)
      const above = (index + 1) / sample.length - expected
      const below = expected - index / sample.length
      distance = Math.max(distance, above, below)
    })
    expect(distance * Math.sqrt(sample.length)).toBeLessThan(1.628)
  })

  test('the intervals do not depend on the ones before', () => {
    const average = mean(gaps)
    let covariance = 0
    let variance = 0
    for (let index = 1; index < count; index++) {
      covariance += (gaps[index]! - average) * (gaps[index - 1]! - average)
      variance += (gaps[index]! - average) * (gaps[index]! - average)
    }
    expect(Math.abs(covariance / variance)).toBeLessThan(z99 / Math.sqrt(count))
  })

  const expectShare = (hits: number, of: number, expected: number): void => {
    const tolerance = z99 * Math.sqrt((expected * (1 - expected)) / of)
    expect(Math.abs(hits / of - expected)).toBeLessThan(tolerance)
  }

  test('no block in 60 minutes: e⁻⁶', () => {
    expectShare(gaps.filter((gap) => gap > 3_600).length, count, exp(-6))
  })

  test('six confirmations take Gamma(6, 600 s): 2.034 % of them more than two hours', () => {
    const sixes = Float64Array.from({ length: Math.floor(count / 6) }, (_, index) =>
      gaps.subarray(6 * index, 6 * index + 6).reduce((sum, gap) => sum + gap),
    )
    expect(Math.abs(mean(sixes) - 3_600)).toBeLessThan(
      (z99 * 600 * Math.sqrt(6)) / Math.sqrt(sixes.length),
    )
    expectShare(sixes.filter((wait) => wait > 7_200).length, sixes.length, 0.020341029416928398)
  })

  test('each miner finds its share of the blocks', () => {
    const found = chainBlocksByMiner(miners.blocks, miners.cluster.head(0), 3)
    expectShare(found[0]!, count, 0.5)
    expectShare(found[1]!, count, 0.3)
    expectShare(found[2]!, count, 0.2)
  })
})

test('behavior: a miner that is down finds nothing, and the others go on', () => {
  const miners = createMiners({ weights: [1, 1], parameters: { retarget: 'none' } })
  runBlocks(miners, 100)
  const { simulation, cluster, blocks } = miners
  const start = simulation.now()
  cluster.network.takeDown(1)
  simulation.run({ until: start + minutes(10_000) })
  const found = blocks.size() - 101
  expect(blocks.proposer(blocks.size() - 1)).toBe(0)
  // Poisson(500), 99 %.
  expect(Math.abs(found - 500)).toBeLessThan(z99 * Math.sqrt(500))
  cluster.network.bringUp(1)
  simulation.run({ until: simulation.now() })
  // Its clock would have run out while it was down: it starts anew.
  expect(blocks.size() - 101).toBe(found)
  simulation.run({ until: simulation.now() + minutes(10_000) })
  const both = chainBlocksByMiner(blocks, cluster.head(1), 2)
  expect(Math.abs(both[1]! - 550)).toBeLessThan(z99 * Math.sqrt(550))
  expect(cluster.head(1)).toBe(cluster.head(0))
})

test('behavior: observers follow and do not mine', () => {
  const miners = createMiners({ weights: [1, 0, 0], delay: 1_000 })
  const { simulation, cluster, blocks } = miners
  runBlocks(miners, 50)
  simulation.run({ until: simulation.now() + 1_000 })
  expect(blocks.height(cluster.head(0))).toBe(50)
  expect(cluster.head(1)).toBe(cluster.head(0))
  expect(cluster.head(2)).toBe(cluster.head(0))
  expect([...chainBlocksByMiner(blocks, cluster.head(2), 3)]).toEqual([50, 0, 0])
})

describe('determinism', () => {
  const run = (seed: string): string => {
    const miners = createMiners({ seed, weights: [1, 2, 3, 4], delay: minutes(1) })
    runBlocks(miners, 300)
    return miners.simulation.digest()
  }

  test('the same seed gives the same events, another seed others', () => {
    expect(run('a')).toBe(run('a'))
    expect(run('a')).not.toBe(run('b'))
  })
})
