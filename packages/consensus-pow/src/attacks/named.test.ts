import { describe, expect, test } from 'vitest'
import { runMinerLevel } from '../minerLevel/runMinerLevel.ts'
import { strategyKinds, strategyOf, type StrategyOption, strategySchema } from './named.ts'
import { selfishTable } from './policyTable.ts'

describe('strategies by name', () => {
  const options: StrategyOption[] = [
    { kind: 'honest' },
    { kind: 'selfish' },
    { kind: 'policy', table: { ...selfishTable(10) } as never },
    { kind: 'optimal', alpha: 0.35, gamma: 0, size: 10 },
    { kind: 'double-spend', confirmations: 2 },
    { kind: 'majority' },
    { kind: 'feather-fork', targetShare: 0.1, giveUpConfirmations: 2 },
    { kind: 'feather-fork', targetShare: 0.1 },
  ]

  test('each kind there is can be made, and plays', () => {
    expect(new Set(options.map(({ kind }) => kind))).toEqual(new Set(strategyKinds))
    for (const option of options) {
      const attack = { strategy: strategyOf(option), miner: 0, gamma: 0.5 }
      const { blocks } = runMinerLevel({ shares: [0.6, 0.4], blocks: 2_000, attack })
      expect(blocks).toBe(2_000)
    }
  })

  test('a description survives JSON', () => {
    for (const option of options) {
      expect(strategySchema.safeParse(JSON.parse(JSON.stringify(option))).success).toBe(true)
    }
  })

  test('error: an unknown kind, a misspelt parameter', () => {
    expect(strategySchema.safeParse({ kind: 'selfsh' }).success).toBe(false)
    const misspelt = { kind: 'double-spend', confirmation: 2 }
    expect(strategySchema.safeParse(misspelt).success).toBe(false)
  })
})
