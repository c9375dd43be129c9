import { describe, expect, test } from 'vitest'
import { retargetedInterval } from '../closedForms.ts'
import { runTimewarp, timewarpDifficulties } from './timewarp.ts'

describe('timewarp', () => {
  test('who finds every block drives the difficulty down, as on the average', () => {
    const { difficulties, growth, lastStampAheadS } = runTimewarp({ attackerShare: 1, periods: 9 })
    const expected = timewarpDifficulties(9)
    expect(expected.slice(0, 4)).toEqual([1, 1, 0.5, 0.2])
    // A period of 2,016 exponential intervals varies by 2.2 %; the product by a few times that.
    difficulties.forEach((difficulty, period) => {
      expect(Math.abs(difficulty / expected[period]! - 1)).toBeLessThan(0.1)
    })
    expect(growth).toBeGreaterThan(3)
    expect(lastStampAheadS).toBe(7_200)
  })

  test('honest clocks keep the mean interval of a retarget', () => {
    const { growth } = runTimewarp({ attackerShare: 0, periods: 200 })
    expect(Math.abs(1 / growth / (retargetedInterval(600) / 600) - 1)).toBeLessThan(0.006)
  })

  test('behavior: a limit on the first block of a period (BIP 54) takes the attack away', () => {
    const options = { attackerShare: 1, periods: 20 }
    const { growth, difficulties } = runTimewarp({ ...options, firstBlockLimitS: 600 })
    expect(growth).toBeLessThan(1.02)
    expect(Math.min(...difficulties)).toBeGreaterThan(0.9)
  })

  test('behavior: half of the hash rate cannot hold the median back', () => {
    expect(runTimewarp({ attackerShare: 0.5, periods: 20 }).growth).toBeLessThan(1.03)
    const large = runTimewarp({ attackerShare: 0.9, periods: 20 }).growth
    expect(large).toBeGreaterThan(1.5)
    expect(() => runTimewarp({ attackerShare: 2, periods: 1 })).toThrow('from 0 to 1')
  })
})

test('default: one retarget takes off no more than three quarters, as in Bitcoin', () => {
  // Every last block of a period says that it is years later than it is.
  const { difficulties } = runTimewarp({ attackerShare: 1, periods: 2, futureLimitS: 1e8 })
  expect(difficulties).toEqual([1, 0.25])
})
