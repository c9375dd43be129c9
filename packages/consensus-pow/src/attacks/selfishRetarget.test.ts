import { describe, expect, test } from 'vitest'
import { selfishGrowth, selfishRevenue } from '../closedForms.ts'
import { runMinerLevel } from '../minerLevel/runMinerLevel.ts'
import { selfishMining } from './strategies.ts'
import { meanOfTwelve } from './testing.ts'

const replications = 12
const retargetInterval = 2_016
const targetInterval = 600_000_000

/** The attacker's blocks of the chain per target interval, period by period. */
function incomes(alpha: number, gamma: number, replication: number, periods: number): number[] {
  const { tree } = runMinerLevel({
    ...{ seed: 'income', replication, shares: [alpha, 0.5 * (1 - alpha), 0.5 * (1 - alpha)] },
    // Some of them become stale, and the last period must be whole.
    blocks: Math.ceil(((periods + 1) * retargetInterval) / selfishGrowth(alpha)),
    attack: { strategy: selfishMining(), miner: 0, gamma },
    ...{ retarget: 'bitcoin', retargetInterval, tree: true },
  })
  const { parents, finders, times, head } = tree!
  const chain: number[] = []
  for (let block = head; block !== 0; block = parents[block]!) chain.unshift(block)
  return Array.from({ length: periods }, (_, period) => {
    const blocks = chain.slice(period * retargetInterval, (period + 1) * retargetInterval)
    const began = period === 0 ? 0 : times[chain[period * retargetInterval - 1]!]!
    const intervals = (times[blocks.at(-1)!]! - began) / targetInterval
    return blocks.filter((block) => finders[block] === 0).length / intervals
  })
}

function expectMean(values: readonly number[], expected: number, widthMax: number): void {
  const { mean, ci99 } = meanOfTwelve(values)
  expect(Math.abs(mean - expected), `${mean} ± ${ci99} for ${expected}`).toBeLessThan(ci99)
  expect(ci99, 'width').toBeLessThan(widthMax)
}

describe('a selfish miner earns more by time only once the difficulty has followed', () => {
  const cases = [
    [0.4, 0],
    [0.35, 0.5],
    [0.3, 0.9],
  ] as const

  test.each(cases)('alpha = %d, gamma = %d', (alpha, gamma) => {
    const share = selfishRevenue(alpha, gamma)
    const before = share * selfishGrowth(alpha)
    // What the cases are about: SM1 loses in the first period and wins in those after it.
    expect(before).toBeLessThan(alpha)
    expect(share).toBeGreaterThan(alpha)
    const runs = Array.from({ length: replications }, (_, replication) =>
      incomes(alpha, gamma, replication, 11),
    )
    expectMean(runs.map(([first]) => first!), before, 0.02)
    const later = runs.map((periods) => periods.slice(1).reduce((sum, each) => sum + each, 0) / 10)
    expectMean(later, share, 0.01)
  })

  test('without a retarget it earns as before it, for ever', () => {
    const { miners, growth } = runMinerLevel({
      ...{ seed: 'no retarget', shares: [0.4, 0.3, 0.3], blocks: 400_000 },
      attack: { strategy: selfishMining(), miner: 0, gamma: 0 },
    })
    expect(growth / selfishGrowth(0.4)).toBeCloseTo(1, 2)
    expect(miners[0]!.revenueShare * growth).toBeLessThan(0.36)
  })
})

test('the chain grows as an honest one without an attacker, and half as fast at half', () => {
  expect([0, 0.5].map(selfishGrowth)).toEqual([1, 0.5])
})
