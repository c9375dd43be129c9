import { fuzzParameters } from '@counterpoise/dev'
import { exp, seconds } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Strategy } from '../attacks/attack.ts'
import { doubleSpending, selfishMining } from '../attacks/strategies.ts'
import { chainGrowth, retargetedInterval, staleShare } from '../closedForms.ts'
import { MinerLevelError } from './errors.ts'
import type { MinerLevelOptions } from './options.ts'
import { runMinerLevel } from './runMinerLevel.ts'
import { replayByHand } from './testing.ts'

const equalShares = (count: number): number[] => Array.from({ length: count }, () => 1)
const constant = (value: number): { kind: 'constant'; value: number } => ({
  kind: 'constant',
  value,
})
/** 2.576 standard deviations hold 99 % of a normal distribution. */
const z99 = 2.576

describe('without delay', () => {
  const blocks = 300_000
  const result = runMinerLevel({ seed: 'plain', shares: [5, 3, 2], blocks })

  test('every block is in the chain', () => {
    expect(result).toMatchObject({ blocks, chainBlocks: blocks, stale: 0, open: 0 })
    expect(result.reorganisations).toEqual([])
  })

  test('intervals have the mean and the deviation of 600 s', () => {
    const { count, meanMs, deviationMs } = result.intervals
    expect(count).toBe(blocks)
    expect(Math.abs(meanMs / 600_000 - 1)).toBeLessThan(z99 / Math.sqrt(blocks))
    // The deviation of an exponential sample varies by √2 / √n.
    expect(Math.abs(deviationMs / 600_000 - 1)).toBeLessThan((z99 * Math.SQRT2) / Math.sqrt(blocks))
  })

  test.each([1, 3, 6])('a share e^-%i of them is longer than that many targets', (targets) => {
    const { counts, binMs } = result.intervals
    const longer = counts.slice((targets * 600_000) / binMs).reduce((sum, n) => sum + n, 0)
    const expected = exp(-targets)
    const tolerance = z99 * Math.sqrt((expected * (1 - expected)) / blocks)
    expect(Math.abs(longer / blocks - expected)).toBeLessThan(tolerance)
  })

  test.each([0, 1, 2])('miner %i gets its share', (miner) => {
    const { share, revenueShare } = result.miners[miner]!
    expect(share).toBeCloseTo([0.5, 0.3, 0.2][miner]!, 12)
    const tolerance = z99 * Math.sqrt((share * (1 - share)) / blocks)
    expect(Math.abs(revenueShare - share)).toBeLessThan(tolerance)
  })
})

describe('many small miners, everybody hears after the same time', () => {
  // The first block of a height, then Poisson(LD) rivals until all know of it: by the delta method.
  test.each([0.1, 0.5, 1])('stale share and growth at L·D = %f', (blocksPerDelay) => {
    const shares = equalShares(1_000)
    const delayMs = constant(600_000 * blocksPerDelay)
    const result = runMinerLevel({ seed: 'growth', shares, blocks: 40_000, delayMs })
    const { chainBlocks, growth } = result
    const tolerance = (z99 * Math.sqrt(blocksPerDelay / chainBlocks)) / (1 + blocksPerDelay) ** 2
    expect(Math.abs(result.staleShare - staleShare(blocksPerDelay))).toBeLessThan(tolerance)
    // The time per height varies as one exponential interval does.
    const expected = chainGrowth(blocksPerDelay)
    expect(Math.abs(1 / growth - 1 / expected)).toBeLessThan(z99 / Math.sqrt(chainBlocks))
  })
})

test('default: every choice is that of a network played out arrival by arrival', () => {
  const delays = fc.constantFrom(0.01, 0.3, 1, 4)
  const miners = fc.integer({ min: 1, max: 6 })
  const parameters = fc.record({ seed: fc.string(), count: miners, delays })
  fc.assert(
    fc.property(parameters, ({ seed, count, delays: perInterval }) => {
      const shares = Array.from({ length: count }, (_, miner) => miner + 1)
      // Some pairs are closer than others, and not in the same way in both directions.
      const between = (from: number, to: number): number =>
        seconds(600 * perInterval * (1 + ((from * 7 + to * 3) % 5) / 5))
      const delayMs = shares.map((_, from) =>
        shares.map((__, to) => constant(between(from, to) / 1_000)),
      )
      const result = runMinerLevel({ seed, shares, blocks: 300, delayMs, tree: true })
      const tree = result.tree!
      const reference = replayByHand(tree, count, between)
      expect([...tree.parents]).toEqual(reference.parents)
      expect(result.chainBlocks).toBe(reference.chainBlocks)
      expect(result.stale + result.open).toBe(reference.stale)
      expect(result.open).toBe(0)
    }),
    fuzzParameters(60),
  )
})

test.each([0.2, 2])('reorganisations are those of every single miner, L·D = %f', (perInterval) => {
  const shares = [4, 3, 2, 1]
  const delayMs = constant(600_000 * perInterval)
  const result = runMinerLevel({ seed: 'depths', shares, blocks: 20_000, delayMs, tree: true })
  const reference = replayByHand(result.tree!, 4, () => seconds(600 * perInterval))
  const { reorganisations } = result
  expect(reorganisations.length).toBeGreaterThan(2)
  // The last fork may be left open by one and decided by the other.
  reorganisations.forEach((count, depth) => {
    expect(Math.abs(count - (reference.reorganisations[depth] ?? 0))).toBeLessThanOrEqual(4)
  })
})

test('behavior: of two equal blocks at the end, the older one is in the chain', () => {
  const finds = { finders: [0, 1], times: [seconds(1), seconds(2)] }
  const options = { shares: [1, 1], blocks: 2, delayMs: constant(1e6), finds, tree: true }
  expect(runMinerLevel(options).tree!.head).toBe(1)
})

test('behavior: what an attacker gives up of its own is no reorganisation', () => {
  // It never gets so far that it would show what it has.
  const strategy = doubleSpending({ confirmations: 1_000, giveUpDeficit: 2 })
  const attack = { strategy, miner: 0 }
  const { reorganisations, stale } = runMinerLevel({ shares: [0.3, 0.7], blocks: 5_000, attack })
  expect(stale).toBeGreaterThan(500)
  expect(reorganisations.reduce((sum, count) => sum + count, 0)).toBe(0)
})

describe('retarget', () => {
  const meanOf = (options: Partial<MinerLevelOptions>): number => {
    const shares = [1, 1]
    const base = { shares, blocks: 2_016 * 200, retarget: 'bitcoin' } as const
    return runMinerLevel({ seed: 'retarget', ...base, ...options }).intervals.meanMs
  }

  test('settles at N / (N − 2) of the target', () => {
    // Short periods, where two blocks in N show: the mean of one period's intervals varies by
    // 1 / √N, and those of different periods hardly depend on one another.
    const mean = meanOf({ retargetInterval: 20, blocks: 400_000 })
    const expected = 1_000 * retargetedInterval(600, 20)
    expect(expected).toBeCloseTo(666_666.67, 1)
    expect(Math.abs(mean / expected - 1)).toBeLessThan(0.006)
    expect(Math.abs(meanOf({}) / 600_595.8 - 1)).toBeLessThan(z99 / Math.sqrt(2_016 * 200))
  })

  test('a hash rate four times as high is made up for in one period', () => {
    const change = { atMs: 600_000 * 2_016, factor: 4 }
    const options = {
      ...{ seed: 'step', shares: [1], retarget: 'bitcoin', hashRateChanges: [change] } as const,
    }
    const { difficulty } = runMinerLevel({ ...options, blocks: 2_016 * 3 })
    expect(Math.abs(difficulty / 4 - 1)).toBeLessThan(0.1)
    const tenfold = { ...options, hashRateChanges: [{ ...change, factor: 10 }] }
    // The clamp lets it rise four times at once, and to ten times with the next period.
    expect(runMinerLevel({ ...tenfold, blocks: 2_016 * 2 + 100 }).difficulty).toBeLessThan(4.4)
    const later = runMinerLevel({ ...tenfold, blocks: 2_016 * 4 }).difficulty
    expect(Math.abs(later / 10 - 1)).toBeLessThan(0.1)
  })

  test('forks on both sides of a retarget go by work', () => {
    const delayMs = constant(300_000)
    const options = { shares: [3, 2, 1], retarget: 'bitcoin', retargetInterval: 10 } as const
    const result = runMinerLevel({ ...options, seed: 'mixed', blocks: 60_000, delayMs })
    expect(result.staleShare).toBeGreaterThan(0.1)
    expect(result.open).toBe(0)
    // The chain, not all blocks found, is kept at the target: N / (N − 1) of it, and a little more
    // since intervals vary, but less than without delay.
    const { meanMs } = result.intervals
    expect(meanMs).toBeGreaterThan((600_000 * 10) / 9)
    expect(meanMs).toBeLessThan(1_000 * retargetedInterval(600, 10))
  })
})

describe('hash rate', () => {
  test('a miner that leaves finds nothing more, and the others keep their rate', () => {
    const hashRateChanges = [{ atMs: 600_000 * 5_000, factor: 0, miner: 0 }]
    const options = { seed: 'leaves', shares: [1, 1], hashRateChanges }
    const { miners, elapsedMs } = runMinerLevel({ ...options, blocks: 10_000 })
    expect(Math.abs(miners[0]!.found - 2_500)).toBeLessThan(z99 * Math.sqrt(2_500))
    const spans = 5_000 + (10_000 - 5_000) * 2
    expect(Math.abs(elapsedMs / 600_000 / spans - 1)).toBeLessThan(0.05)
  })

  test('behavior: where nobody mines any more, the run ends', () => {
    const hashRateChanges = [{ atMs: 600_000 * 100, factor: 0 }]
    const { blocks } = runMinerLevel({ shares: [1], blocks: 1_000, hashRateChanges })
    expect(Math.abs(blocks - 100)).toBeLessThan(z99 * 10)
  })
})

describe('eclipse', () => {
  test('what the smaller side finds meanwhile is lost', () => {
    const eclipses = [{ victims: [0], fromMs: 600_000 * 100, forMs: 600_000 * 400 }]
    const options = { seed: 'eclipse', shares: [0.2, 0.5, 0.3], eclipses }
    const { miners, stale, reorganisations } = runMinerLevel({ ...options, blocks: 1_000 })
    expect(miners[1]!.stale + miners[2]!.stale).toBe(0)
    expect(miners[0]!.stale).toBe(stale)
    expect(Math.abs(stale - 80)).toBeLessThan(z99 * Math.sqrt(80))
    expect(reorganisations[stale]).toBe(1)
  })
})

test('behavior: the same seed gives the same run, another replication another one', () => {
  const delayMs = { kind: 'lognormal', median: 60_000, sigma: 0.5 } as const
  const options = { shares: [3, 2, 1], blocks: 20_000, delayMs }
  const one = runMinerLevel(options)
  expect(runMinerLevel(options)).toEqual(one)
  const { tree, ...rest } = runMinerLevel({ ...options, tree: true })
  expect({ ...rest, tree }).toMatchObject(rest)
  expect(rest).toEqual(one)
  expect(runMinerLevel({ ...options, replication: 1 }).elapsedMs).not.toBe(one.elapsedMs)
})

test.each([
  [{ shares: [] }, 'Shares of the hash rate'],
  [{ shares: [0, 0] }, 'Shares of the hash rate'],
  [{ blocks: 0 }, 'number of blocks'],
  [{ delayMs: constant(-1) }, 'at least 0'],
  [{ delayMs: [[constant(1)]] }, 'a row and a column for each miner'],
  [{ omits: [7] }, 'A miner is named by its number, 0 to 1.'],
  [{ retargetInterval: 1 }, 'at least 2 blocks apart'],
] satisfies [Partial<MinerLevelOptions>, string][])('error: %o', (options, message) => {
  const run = (): unknown => runMinerLevel({ shares: [1, 1], blocks: 10, ...options })
  expect(run).toThrow(MinerLevelError)
  expect(run).toThrow(message)
})

test('intervals that are all the target deviate by nothing, and fill one bin', () => {
  const times = [1, 2, 3, 4, 5].map((block) => seconds(600 * block))
  const finds = { finders: times.map(() => 0), times }
  const { intervals } = runMinerLevel({ shares: [1], blocks: 5, finds })
  expect(intervals).toMatchObject({ count: 5, meanMs: 600_000, deviationMs: 0, binMs: 12_000 })
  // Bins of a fiftieth: the target opens the one after fifty.
  expect(intervals.counts).toEqual([...Array.from({ length: 50 }, () => 0), 5])
})

test('behavior: of stale blocks those count as hidden that their finder has never shown', () => {
  const options = { seed: 'hidden', shares: [3, 7], blocks: 20_000 }
  const run = (strategy: Strategy) => runMinerLevel({ ...options, attack: { miner: 0, strategy } })
  // Who gives up a double spend throws away what nobody has seen; the others lose what all saw.
  const spender = run(doubleSpending({ confirmations: 2, giveUpDeficit: 3 }))
  expect(spender.hidden).toBe(spender.miners[0]!.stale)
  expect(spender.hidden).toBeGreaterThan(100)
  expect(spender.miners[1]!.stale).toBeGreaterThan(100)
  // A selfish miner shows its branch before it loses it.
  const selfish = run(selfishMining())
  expect(selfish.miners[0]!.stale).toBeGreaterThan(100)
  expect(selfish.hidden).toBe(0)
})
