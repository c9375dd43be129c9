import { describe, expect, test } from 'vitest'
import {
  doubleSpend,
  doubleSpendNakamoto,
  doubleSpendWithLead,
  selfishRevenue,
} from '../closedForms.ts'
import { runMinerLevel } from '../minerLevel/runMinerLevel.ts'
import type { Strategy } from './attack.ts'
import {
  blocksUntilInclusion,
  featherForkSuccess,
  majorityCatchUp,
  withholdingRevenue,
} from './attackForms.ts'
import { poolPayouts } from './poolPayouts.ts'
import {
  doubleSpending,
  featherForking,
  honestMining,
  majorityMining,
  selfishMining,
} from './strategies.ts'
import { meanOfTwelve } from './testing.ts'

const replications = 12
/** Whether the 99 % confidence interval of a mean holds a figure, and is narrow enough to tell. */
function expectMean(values: readonly number[], expected: number, widthMax: number): void {
  const { mean, ci99 } = meanOfTwelve(values)
  expect(Math.abs(mean - expected), `${mean} ± ${ci99} for ${expected}`).toBeLessThan(ci99)
  expect(ci99, 'width').toBeLessThan(widthMax)
}

/** The same run in fresh replications. */
function replicate(measure: (replication: number) => number): number[] {
  return Array.from({ length: replications }, (_, replication) => measure(replication))
}

/** A share of independent trials, within 99 %. */
function expectShare(hits: number, of: number, expected: number): void {
  const tolerance = 2.576 * Math.sqrt((expected * (1 - expected)) / of)
  expect(Math.abs(hits / of - expected), `${hits} of ${of} for ${expected}`).toBeLessThan(tolerance)
}

const revenueOf = (strategy: Strategy, alpha: number, gamma: number, blocks: number): number[] =>
  replicate((replication) => {
    const attack = { strategy, miner: 0, gamma }
    const shares = [alpha, 0.4 * (1 - alpha), 0.6 * (1 - alpha)]
    const options = { seed: 'revenue', replication, shares, blocks, attack }
    return runMinerLevel(options).miners[0]!.revenueShare
  })

describe('selfish mining (SM1)', () => {
  const grid = [0.1, 0.25, 1 / 3, 0.42].flatMap((alpha) =>
    [0, 0.5, 0.9].map((gamma) => [alpha, gamma] as const),
  )

  test.each(grid)('revenue at alpha = %f, gamma = %f', (alpha, gamma) => {
    const values = revenueOf(selfishMining(), alpha, gamma, 40_000)
    expectMean(values, selfishRevenue(alpha, gamma), 0.01)
  })

  test('with first-seen miners and no delay, nobody takes its block in a tie', () => {
    const values = replicate((replication) => {
      const attack = { strategy: selfishMining(), miner: 0 }
      const options = { seed: 'seen', replication, shares: [0.35, 0.65], blocks: 40_000, attack }
      return runMinerLevel(options).miners[0]!.revenueShare
    })
    expectMean(values, selfishRevenue(0.35, 0), 0.01)
  })

  test('every block found is in the chain, stale, or open at the end', () => {
    const attack = { strategy: selfishMining(), miner: 0, gamma: 0.5 }
    const options = { seed: 'counts', shares: [0.4, 0.6], blocks: 50_000, attack, tree: true }
    const { miners, tree, ...result } = runMinerLevel(options)
    let height = 0
    for (let block = tree!.head; block > 0; block = tree!.parents[block]!) height++
    expect(result.chainBlocks).toBe(height)
    expect(result.chainBlocks + result.stale + result.open).toBe(50_000)
    expect(result.open).toBeLessThan(50)
    // SM1 hides nothing for good but what it withholds while it is overtaken.
    expect(result.stale).toBe(miners.reduce((sum, { stale }) => sum + stale, 0))
    expect(result.staleShare).toBeGreaterThan(0.2)
  })

  test('behavior: mining honestly earns the share of the hash rate, and nothing is stale', () => {
    const attack = { strategy: honestMining(), miner: 0, gamma: 0.5 }
    const options = { seed: 'honest', shares: [0.3, 0.7], blocks: 100_000, attack }
    const { miners, stale } = runMinerLevel(options)
    expect(stale).toBe(0)
    expectShare(miners[0]!.chainBlocks, 100_000, 0.3)
  })
})

describe('double spend', () => {
  const run = (
    q: number,
    confirmations: number,
    premined = 1,
    blocks = 300_000,
  ): [number, number] => {
    const strategy = doubleSpending({ confirmations, premined, giveUpDeficit: 60 })
    const attack = { strategy, miner: 0 }
    const options = { seed: 'double spend', shares: [q, 1 - q], blocks, attack }
    const { successes, attempts } = runMinerLevel(options).attack!
    expect(attempts).toBeGreaterThan(1_500)
    return [successes, attempts]
  }
  const grid = [0.1, 0.2, 0.3].flatMap((q) => [1, 2, 3, 4, 5, 6].map((z) => [q, z] as const))

  test.each(grid)('q = %f, z = %i: the exact law', (q, z) => {
    const [successes, attempts] = run(q, z)
    expectShare(successes, attempts, doubleSpend(q, z))
  })

  test("behavior: not Nakamoto's approximation", () => {
    const [successes, attempts] = run(0.3, 6, 1, 900_000)
    const approximation = doubleSpendNakamoto(0.3, 6)
    const tolerance = 2.576 * Math.sqrt((approximation * (1 - approximation)) / attempts)
    expect(successes / attempts - approximation).toBeGreaterThan(tolerance)
  })

  test('behavior: without a block in hand the attacker has to overtake', () => {
    const [successes, attempts] = run(0.3, 2, 0)
    expectShare(successes, attempts, doubleSpendWithLead(0.3, 2, 0))
  })
})

describe('majority', () => {
  const attack = { strategy: majorityMining(), miner: 0 }
  const options = { seed: 'majority', shares: [0.6, 0.4], blocks: 200_000, attack }
  const result = runMinerLevel(options)

  test('nothing of what the others find stays', () => {
    expect(result.miners[0]!.revenueShare).toBeGreaterThan(0.9999)
    expectShare(result.staleShare * 200_000, 200_000, 0.4)
  })

  test('a block of the others is gone after two more than it, on a drift of 0.2 a block', () => {
    const { attempts, blocksInAttempts } = result.attack!
    const expected = majorityCatchUp(0.6, 1)
    expect(expected).toBeCloseTo(10, 10)
    // First passage of two steps up: its variance is 2 · 4pq / (p − q)³.
    const deviation = Math.sqrt((2 * 4 * 0.6 * 0.4) / 0.2 ** 3 / attempts)
    expect(Math.abs(blocksInAttempts / attempts - expected)).toBeLessThan(2.576 * deviation)
  })
})

describe('feather forking', () => {
  const run = (q: number, giveUpConfirmations: number): ReturnType<typeof runMinerLevel> => {
    const strategy = featherForking({ targetShare: 0.05, giveUpConfirmations })
    const attack = { strategy, miner: 0 }
    const options = { seed: 'feather', shares: [q, 1 - q], blocks: 400_000, attack }
    return runMinerLevel(options)
  }

  test.each([
    [0.2, 1],
    [0.3, 1],
    [0.3, 3],
    [0.4, 6],
  ])('q = %f, giving in at %i confirmations', (q, k) => {
    const { attempts, successes } = run(q, k).attack!
    expect(attempts).toBeGreaterThan(5_000)
    expectShare(successes, attempts, featherForkSuccess(q, k))
  })

  test('behavior: a majority that never gives in lets no censored payment through', () => {
    const { attack, stale } = run(0.6, Number.POSITIVE_INFINITY)
    expect(attack!.attempts).toBeGreaterThan(3_000)
    expect(attack!.successes).toBe(attack!.attempts)
    expect(stale).toBeGreaterThan(attack!.attempts)
  })
})

test('block withholding in a pool costs its members, and pays the pool that does it', () => {
  // Miner 1 is the part of the attacking pool (0 and 1) that works in pool 2.
  const [attacker, victim, infiltrators] = [0.3, 0.3, 0.06]
  const shares = [attacker - infiltrators, infiltrators, victim, 1 - attacker - victim]
  const payouts = Array.from({ length: replications }, (_, replication) => {
    const options = { seed: 'infiltrated', replication, shares, blocks: 100_000, discards: [1] }
    const result = runMinerLevel(options)
    expect(result.miners[1]!.found).toBe(0)
    expect(result.discarded).toBeGreaterThan(5_000)
    return poolPayouts(result, { pool: 2, infiltrators: [1] })
  })
  const expected = withholdingRevenue({ attacker, victim, infiltrators })
  expectMean(payouts.map((each) => each[0]! + each[1]!), expected.attacker, 0.003)
  expectMean(payouts.map((each) => each[2]!), expected.victim, 0.003)
  expectMean(payouts.map((each) => each[3]!), expected.others, 0.003)
  expect(expected.attacker).toBeGreaterThan(attacker)
  expect(expected.victim).toBeLessThan(victim)
})

test('censorship by leaving out: the others have to find the block', () => {
  const options = { seed: 'censors', shares: [0.35, 0.25, 0.4], omits: [0, 1], blocks: 200_000 }
  const { inclusionIntervals } = runMinerLevel(options)
  const expected = 600_000 * blocksUntilInclusion(0.6)
  const { meanMs, deviationMs, count } = inclusionIntervals
  expect(Math.abs(meanMs / expected - 1)).toBeLessThan(2.576 / Math.sqrt(count))
  // Thinned exponential intervals stay exponential.
  expect(Math.abs(deviationMs / expected - 1)).toBeLessThan((2.576 * Math.SQRT2) / Math.sqrt(count))
})

test('eclipsed miners work for the attacker: a third and a fifth are a majority', () => {
  const attack = { strategy: majorityMining(), miner: 0, allies: [1] }
  const options = { seed: 'allies', shares: [0.35, 0.2, 0.45], blocks: 100_000, attack }
  const { miners } = runMinerLevel(options)
  expect(miners[2]!.revenueShare).toBeLessThan(0.001)
  expectShare(miners[1]!.chainBlocks, miners[0]!.chainBlocks + miners[1]!.chainBlocks, 0.2 / 0.55)
})
