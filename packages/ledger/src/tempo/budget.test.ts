import { describe, expect, test } from 'vitest'
import { createBuildBudget } from './budget.ts'
import { TempoError } from './forks.ts'

const options = { gasPerSecond: 1_000_000_000, multiplier: 1.5, persistNsPerByte: 4 }

describe('what a block takes of the build budget', () => {
  test('default: building, the same again for the others, and twice the writing', () => {
    const { cost } = createBuildBudget(options)
    // 100 Mgas at 1 Ggas/s take 100 ms; 1.5 times that to build; 1 MB takes 4 ms to write.
    expect(cost(100_000_000, 1_000_000, 2_000)).toBe(150_000 + 150_000 + 2 * 4_000)
    expect(cost(0, 0, 0)).toBe(0)
  })

  test('behavior: the 90th percentile of the last 64 checks, scaled to a larger block', () => {
    const budget = createBuildBudget({ ...options, persistNsPerByte: 0 })
    // 100 blocks; the last 64 took 37 … 100 ms, so the 58th of them, 94 ms, is the percentile.
    for (let k = 1; k <= 100; k++) budget.learn(k * 1_000, k * 1_000_000, k * 20)
    expect(budget.cost(94_000_000, 0, 1_880)).toBe(141_000 + 94_000)
    expect(budget.cost(1_000_000, 0, 20)).toBe(1_500 + 1_500)
    expect(budget.cost(188_000_000, 0, 1_880)).toBe(282_000 + 188_000)
    // Twice as many transactions in as much gas: 188 ms, but never more than the building.
    expect(budget.cost(94_000_000, 0, 3_760)).toBe(141_000 + 141_000)
    expect(budget.cost(188_000_000, 0, 5_640)).toBe(282_000 + 282_000)
  })

  test('behavior: of checks of equal blocks, nine in ten took no longer', () => {
    const budget = createBuildBudget({ ...options, persistNsPerByte: 0 })
    for (let k = 1; k <= 64; k++) budget.learn(k * 1_000, 100_000_000, 2_000)
    expect(budget.cost(100_000_000, 0, 2_000)).toBe(150_000 + 58_000)
  })

  test('behavior: no time where nothing has a speed; what makes no sense is refused', () => {
    const free = createBuildBudget({ gasPerSecond: 0, multiplier: 1, persistNsPerByte: 0 })
    expect(free.cost(500_000_000, 8_000_000, 10_000)).toBe(0)
    expect(() => createBuildBudget({ ...options, multiplier: 0.9 })).toThrow(TempoError)
    expect(() => createBuildBudget({ ...options, gasPerSecond: -1 })).toThrow(TempoError)
    expect(() => createBuildBudget({ ...options, persistNsPerByte: -1 })).toThrow(TempoError)
  })
})
