import { seconds, toSeconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createRetarget, difficultyOf } from './difficulty.ts'
import { nakamotoParameters } from './parameters.ts'
import { createMiners, createWorkChain, runBlocks } from './testing.ts'

describe('DigiShield', () => {
  const parameters = nakamotoParameters.parse({ retarget: 'digishield', targetIntervalMs: 60_000 })

  // Dogecoin Core: 60 s + (actual − 60 s) / 8, kept between 45 s and 90 s, for 60 s.
  test.each([
    [60, 60],
    [100, 65],
    [20, 55],
    [0, 52.5],
    [300, 90],
    [299, 89.875],
    [100_000, 90],
    [-60, 45],
    [-59, 45.125],
    [-1_000, 45],
  ])('after an interval of %f s it counts %f s', (actual, counted) => {
    const { blocks, add } = createWorkChain()
    const first = add(0, 2_000, { difficulty: 3 })
    const second = add(first, 2_000 + actual, { difficulty: 3 })
    const next = createRetarget(parameters, blocks)
    expect(next(second, 0)).toBeCloseTo((3 * 60) / counted, 12)
    expect(next(first, 0)).toBeCloseTo((3 * 60) / 90, 12)
    expect(next(0, 0)).toBe(1)
  })

  test('default: it holds the interval, and finds it again after a step of the hash rate', () => {
    const hashRateSteps = [{ atMs: 60_000 * 5_000, factor: 3 }]
    const miners = createMiners({
      weights: [1, 0],
      parameters: { retarget: 'digishield', targetIntervalMs: 60_000, hashRateSteps },
    })
    runBlocks(miners, 10_000)
    const { blocks, cluster } = miners
    const time = (height: number): number =>
      toSeconds(blocks.time(blocks.ancestorAt(cluster.head(0), height)))
    const before = (time(4_500) - time(100)) / 4_400
    const after = (time(9_900) - time(5_400)) / 4_500
    // The damping is not symmetric: the mean is off by a share that both must have.
    expect(before).toBeGreaterThan(58)
    expect(before).toBeLessThan(66)
    expect(Math.abs(after / before - 1)).toBeLessThan(2.576 * Math.sqrt(2 / 4_400))
    expect(difficultyOf(blocks, cluster.head(0))).toBeGreaterThan(2)
  })
})

describe('Ethereum before the Merge', () => {
  type Fork = 'homestead' | 'byzantium'

  const rule = (retarget: Fork, interval: number, uncles?: number[]): number => {
    const { blocks, add } = createWorkChain()
    const parent = add(0, 1_000, { difficulty: 2_048, uncles })
    const parameters = nakamotoParameters.parse({ retarget })
    return createRetarget(parameters, blocks)(parent, seconds(1_000 + interval)) - 2_048
  }

  // EIP-2: max(1 − ⌊interval / 10⌋, −99) parts of 2048.
  test.each([
    [1, 1],
    [9, 1],
    [10, 0],
    [19, 0],
    [20, -1],
    [999, -98],
    [1_000, -99],
    [5_000, -99],
  ])('Homestead, %i s: %i / 2048', (interval, parts) => {
    expect(rule('homestead', interval)).toBeCloseTo(parts, 9)
  })

  test('Homestead does not look at uncles', () => {
    expect(rule('homestead', 5, [7])).toBeCloseTo(1, 9)
  })

  // EIP-100: max((2 with uncles, else 1) − ⌊interval / 9⌋, −99).
  test.each([
    [1, [], 1],
    [8, [], 1],
    [9, [], 0],
    [17, [], 0],
    [18, [], -1],
    [1, [7], 2],
    [9, [7], 1],
    [18, [7, 8], 0],
    [900, [], -99],
    [5_000, [7], -99],
  ])('Byzantium, %i s, uncles of the parent %o: %i / 2048', (interval, uncles, parts) => {
    expect(rule('byzantium', interval, uncles)).toBeCloseTo(parts, 9)
  })

  /*
   * At rest the expected change is none: Σ over k of P(interval in its k-th step) · (1 − k) = 0.
   * For exponential intervals of mean m with whole seconds, 1 = e^(−10/m) / (1 − e^(−10/m)), so
   * e^(−10/m) = 1/2 and m = 10 / ln 2 = 14.43 s; the rounding of timestamps leaves it in place,
   * as it does not change their sum.
   */
  test('default: Homestead settles near 10 / ln 2 = 14.4 s', () => {
    const parameters = { retarget: 'homestead', targetIntervalMs: 14_000 } as const
    const miners = createMiners({ weights: [1], parameters })
    runBlocks(miners, 40_000)
    const { blocks, cluster } = miners
    const from = blocks.ancestorAt(cluster.head(0), 10_000)
    const mean = toSeconds(blocks.time(cluster.head(0)) - blocks.time(from)) / 30_000
    expect(Math.abs(mean / (10 / Math.LN2) - 1)).toBeLessThan(0.04)
  })
})
