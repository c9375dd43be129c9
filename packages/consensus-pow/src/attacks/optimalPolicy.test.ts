import { describe, expect, test } from 'vitest'
import { selfishRevenue } from '../closedForms.ts'
import { MinerLevelError } from '../minerLevel/errors.ts'
import { runMinerLevel } from '../minerLevel/runMinerLevel.ts'
import { forks } from './attack.ts'
import { optimalPolicy } from './optimalPolicy.ts'
import { honestTable, selfishTable, strategyOfTable } from './policyTable.ts'

describe('the optimal policy', () => {
  // Table 1 of Sapirstein, Sompolinsky and Zohar (2016), gamma 0, to five digits.
  test.each([
    [1 / 3, 40, 0.33705],
    [0.35, 60, 0.37077],
  ])('alpha = %f: the published revenue', (alpha, size, published) => {
    expect(optimalPolicy({ alpha, gamma: 0, size }).revenue).toBeCloseTo(published, 5)
  })

  test.each([0.1, 0.25, 0.4])('alpha = %f, gamma = 1: alpha / (1 − alpha)', (alpha) => {
    // Nobody can do better: every block of the attacker replaces one of the others.
    const { revenue } = optimalPolicy({ alpha, gamma: 1 })
    expect(Math.abs(revenue - alpha / (1 - alpha))).toBeLessThan(1e-6)
  })

  test('below the published threshold of 0.3294 it is to be honest, above it is not', () => {
    expect(optimalPolicy({ alpha: 0.328, gamma: 0 }).revenue).toBeCloseTo(0.328, 8)
    expect(optimalPolicy({ alpha: 0.33, gamma: 0 }).revenue).toBeGreaterThan(0.3303)
  })

  test('never worse than SM1, and played out it earns what it promises', () => {
    const [alpha, gamma] = [0.4, 0.5]
    const { policy, revenue } = optimalPolicy({ alpha, gamma })
    expect(revenue).toBeGreaterThan(selfishRevenue(alpha, gamma) + 0.01)
    const attack = { strategy: strategyOfTable(policy), miner: 0, gamma }
    const values = Array.from({ length: 12 }, (_, replication) => {
      const options = { seed: 'optimal', replication, shares: [alpha, 1 - alpha], blocks: 60_000 }
      return runMinerLevel({ ...options, attack }).miners[0]!.revenueShare
    })
    const mean = values.reduce((sum, value) => sum + value, 0) / 12
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    // Student's t with 11 degrees of freedom, 99 %.
    const ci99 = 3.106 * Math.sqrt(squares / 11 / 12)
    expect(Math.abs(mean - revenue)).toBeLessThan(ci99)
    expect(ci99).toBeLessThan(0.008)
  })

  test.each([0, 0.5, 0.7])('error: alpha = %f', (alpha) => {
    expect(() => optimalPolicy({ alpha, gamma: 0 })).toThrow(MinerLevelError)
  })
})

describe('policy tables', () => {
  test('SM1 as a table of 4', () => {
    expect(selfishTable(4)).toMatchInlineSnapshot(`
      {
        "active": [
          "waaaa",
          "wwaaa",
          "wowaa",
          "wwowa",
          "ooooa",
        ],
        "irrelevant": [
          "waaaa",
          "wwaaa",
          "wowaa",
          "wwowa",
          "ooooa",
        ],
        "name": "selfish",
        "relevant": [
          "waaaa",
          "wmaaa",
          "wowaa",
          "wwowa",
          "ooooa",
        ],
        "size": 4,
      }
    `)
  })

  test('a table survives being written down, and decides as it says', () => {
    const table = JSON.parse(JSON.stringify(selfishTable(6))) as ReturnType<typeof selfishTable>
    const { decide } = strategyOfTable(table)
    const letters = ['a', 'o', 'm', 'w']
    expect(letters[decide(1, 1, forks.relevant, false)]).toBe('m')
    expect(letters[decide(1, 1, forks.irrelevant, false)]).toBe('w')
    expect(letters[decide(2, 1, forks.active, false)]).toBe('o')
    expect(letters[decide(9, 2, forks.relevant, false)]).toBe('o')
    expect(letters[decide(2, 9, forks.relevant, false)]).toBe('a')
  })

  test('error: a table that asks for what cannot be done, or has holes', () => {
    const honest = honestTable(2)
    const wrong = { ...honest, irrelevant: ['wao', ...honest.irrelevant.slice(1)] }
    expect(() => strategyOfTable(wrong)).toThrow("'o' with 0 own and 2 other blocks")
    const matching = { ...honest, irrelevant: [...honest.irrelevant.slice(0, 2), 'omo'] }
    expect(() => strategyOfTable(matching)).toThrow('cannot be done')
    expect(() => strategyOfTable({ ...honest, active: [] })).toThrow('3 rows of 3 letters')
  })
})
