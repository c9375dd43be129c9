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

describe('stamps by hand', () => {
  type Hand = {
    blocks: number
    intervalS: number
    /** How far the first stamp of a period may lie before the last one of the period before, s. */
    limitS?: number
    /** What the last block of a period that ends at a time says, s. */
    lastOf?: (end: number) => number
  }

  /**
   * Difficulties of periods, given how long each really took, s. Every stamp but the last one of a
   * period is the least that the median of eleven allows, in whole seconds.
   */
  function followed(periodsS: readonly number[], hand: Hand): number[] {
    const { blocks, intervalS, limitS = Number.POSITIVE_INFINITY, lastOf = () => 0 } = hand
    const stamps = Array.from({ length: 11 }, () => 0)
    const least = (): number => stamps.slice(-11).toSorted((a, b) => a - b)[5]! + 1
    const difficulties = [1]
    let end = 0
    periodsS.forEach((period, number) => {
      end += period
      const first = Math.max(least(), number === 0 ? 0 : stamps.at(-1)! - limitS)
      stamps.push(first)
      for (let block = 2; block < blocks; block++) stamps.push(least())
      stamps.push(Math.max(least(), lastOf(end)))
      difficulties.push((difficulties.at(-1)! * blocks * intervalS) / (stamps.at(-1)! - first))
    })
    return difficulties.slice(0, -1)
  }
  const noClamp = { retargetClampFactor: 1e9, periods: 6 }
  const expectSame = (found: readonly number[], expected: readonly number[]): void =>
    found.forEach((difficulty, k) => expect(difficulty / expected[k]!).toBeCloseTo(1, 9))

  test.each([undefined, 600])('of an attacker who finds all, with BIP 54 at %s', (limitS) => {
    const [blocks, intervalS] = [30, 100]
    const own = { retargetInterval: blocks, intervalS, firstBlockLimitS: limitS }
    const found = runTimewarp({ attackerShare: 1, ...noClamp, ...own })
    const lastOf = (end: number): number => end + 7_200
    expectSame(
      found.difficulties,
      followed(found.periodsS, { blocks, intervalS, lastOf, ...(limitS && { limitS }) }),
    )
  })

  test('of honest clocks that the median keeps ahead of their time', () => {
    const [blocks, intervalS] = [20, 0.01]
    const own = { retargetInterval: blocks, intervalS }
    const found = runTimewarp({ attackerShare: 0, ...noClamp, ...own })
    expectSame(found.difficulties, followed(found.periodsS, { blocks, intervalS }))
    expect(found.lastStampAheadS).toBeGreaterThan(10)
  })
})
