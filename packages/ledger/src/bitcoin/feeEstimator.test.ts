import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFeeEstimator } from '../index.ts'
import { createConfirmationStats, type Horizon } from './confirmationStats.ts'
import { bucketEdges } from './feeEstimator.ts'

/** A market in which every transaction of a feerate is mined after as many blocks. */
function createMarket(lowestBucket = 100) {
  const estimator = createFeeEstimator({ lowestBucket })
  const due = new Map<number, number[]>()
  let id = 0
  let height = 0
  return {
    estimator,
    /** Blocks before each of which come transactions, in pairs of feerate and blocks to wait. */
    run: (blocks: number, kinds: readonly { rate: number; wait: number; count: number }[]) => {
      for (let block = 0; block < blocks; block++) {
        for (const { rate, wait, count } of kinds) {
          for (let k = 0; k < count; k++) {
            estimator.enter(id, rate)
            const at = height + wait
            due.set(at, [...(due.get(at) ?? []), id++])
          }
        }
        height++
        estimator.connect(due.get(height) ?? [], height)
      }
    },
  }
}

describe('the buckets', () => {
  test('from 0.1 sat/vB, 5 % wide, and one without an edge', () => {
    const edges = bucketEdges(100)
    expect(edges[0]).toBe(100)
    expect(edges[1]).toBe(105)
    // ln 100,000 / ln 1.05 = 235.97 steps fit below 10,000 sat/vB.
    expect(edges.length).toBe(237)
    expect(edges.at(-1)).toBe(Number.POSITIVE_INFINITY)
    expect(bucketEdges(1_000).length).toBe(190)
  })
})

describe('estimate', () => {
  test('default: a market of one feerate has that feerate, at every target', () => {
    const { estimator, run } = createMarket()
    run(100, [{ rate: 7_300, wait: 1, count: 10 }])
    for (const target of [1, 2, 3, 6, 12, 24, 40]) {
      expect(estimator.estimate(target)).toBe(7_300)
      expect(estimator.estimate(target, 'conservative')).toBe(7_300)
    }
  })

  test('behavior: it knows nothing before there is a history', () => {
    const { estimator, run } = createMarket()
    expect(estimator.estimate(6)).toBe(undefined)
    run(4, [{ rate: 5_000, wait: 1, count: 10 }])
    // Three blocks since the first: half of that is one, and for one block nothing is known.
    expect(estimator.estimate(6)).toBe(undefined)
  })

  test('whoever has less time pays what was mined in time', () => {
    const { estimator, run } = createMarket()
    const cheap = { rate: 1_000, wait: 10, count: 20 }
    const dear = { rate: 20_000, wait: 1, count: 20 }
    run(400, [cheap, dear])
    expect(estimator.estimate(2)).toBe(20_000)
    expect(estimator.estimate(6)).toBe(20_000)
    // Of the cheap ones all are mined within 10 blocks, but 60 % within half the target only then.
    expect(estimator.estimate(20)).toBe(1_000)
    expect(estimator.estimate(24)).toBe(1_000)
  })

  test('after a step it follows: within some half-lives of the short horizon', () => {
    const { estimator, run } = createMarket()
    run(300, [{ rate: 2_000, wait: 1, count: 20 }])
    expect(estimator.estimate(3)).toBe(2_000)
    // The same payers now wait for 20 blocks, and those who pay ten times as much for one.
    const after = [{ rate: 2_000, wait: 20, count: 20 }, { rate: 20_000, wait: 1, count: 20 }]
    const estimates: (number | undefined)[] = []
    for (let k = 0; k < 40; k++) {
      run(1, after)
      estimates.push(estimator.estimate(3))
    }
    const turn = estimates.indexOf(20_000)
    expect(turn).toBeGreaterThan(0)
    expect(turn).toBeLessThan(20)
    expect(estimates.slice(turn).every((estimate) => estimate === 20_000)).toBe(true)
  })

  test('and back down: conservative estimates are slower', () => {
    const { estimator, run } = createMarket()
    run(300, [{ rate: 2_000, wait: 10, count: 5 }, { rate: 20_000, wait: 1, count: 5 }])
    expect(estimator.estimate(2)).toBe(20_000)
    const calm = [{ rate: 2_000, wait: 1, count: 5 }, { rate: 20_000, wait: 1, count: 1 }]
    run(100, calm)
    expect(estimator.estimate(2)).toBe(2_000)
    expect(estimator.estimate(2, 'conservative')).toBe(20_000)
  })

  test('after a fall, short horizons lower long ones, but not conservatively', () => {
    const { estimator, run } = createMarket()
    run(300, [{ rate: 2_000, wait: 100, count: 5 }, { rate: 20_000, wait: 1, count: 5 }])
    expect(estimator.estimate(40)).toBe(20_000)
    run(200, [{ rate: 2_000, wait: 1, count: 5 }, { rate: 20_000, wait: 1, count: 5 }])
    // Blocks of the last hours say so; those of the last days remember who waited in vain.
    expect(estimator.estimate(40)).toBe(2_000)
    expect(estimator.estimate(40, 'conservative')).toBe(20_000)
  })

  test('behavior: who leaves unmined after whole periods counts as failed', () => {
    const { estimator, run } = createMarket()
    run(50, [{ rate: 5_000, wait: 1, count: 10 }])
    for (let id = 1_000; id < 2_000; id++) estimator.enter(id, 5_000)
    expect(estimator.estimate(2)).toBe(5_000)
    run(30, [])
    expect(estimator.estimate(2)).toBe(undefined)
    for (let id = 1_000; id < 2_000; id++) estimator.leave(id)
    expect(estimator.estimate(2)).toBe(undefined)
    // For 40 blocks they did not wait.
    expect(estimator.estimate(40)).toBe(5_000)
  })

  test('behavior: a block of a height that was seen is ignored', () => {
    const { estimator, run } = createMarket()
    run(100, [{ rate: 3_000, wait: 1, count: 10 }])
    estimator.enter(5_000, 90_000)
    estimator.connect([5_000], 100)
    expect(estimator.estimate(3)).toBe(3_000)
  })
})

describe('a horizon', () => {
  const horizon: Horizon = { scale: 2, periods: 3, decay: 0.9, sufficient: 0.3 }
  const buckets = 6
  type Fate = { bucket: number; at: number; wait: number; isMined: boolean }
  const fate: fc.Arbitrary<Fate> = fc.record({
    bucket: fc.nat(buckets - 1),
    at: fc.nat(20),
    wait: fc.integer({ min: 1, max: 9 }),
    isMined: fc.boolean(),
  })
  const fates = fc.array(fate, { maxLength: 120, size: 'max' })
  const shares = fc.constantFrom(0.5, 0.6, 0.85)

  test('is what the definition says of the whole history', () => {
    fc.assert(
      fc.property(fates, fc.integer({ min: 1, max: 6 }), shares, (all, target, share) => {
        const stats = createConfirmationStats(horizon, buckets)
        const end = 24
        for (let height = 0; height <= end; height++) {
          if (height > 0) stats.age(height)
          for (const { bucket, at, wait, isMined } of all) {
            if (at + wait !== height) continue
            stats.leave(bucket, at, height, isMined)
            if (isMined) stats.record(bucket, wait, 10 * (bucket + 1))
          }
          for (const { bucket, at } of all) if (at === height) stats.enter(bucket, height)
        }
        const found = stats.estimate(target, share, end)
        expect(found).toBeCloseTo(naiveEstimate(all, target, share, end), 6)
      }),
      fuzzParameters(300),
    )
  })

  /** From every transaction's fate, weighed by how long ago it was decided. */
  function naiveEstimate(all: readonly Fate[], target: number, share: number, end: number) {
    const periods = Math.ceil(target / horizon.scale)
    const weight = (one: Fate): number => horizon.decay ** (end - one.at - one.wait)
    const sum = (some: readonly Fate[]): number => some.reduce((s, one) => s + weight(one), 0)
    const decided = all.filter((one) => one.at + one.wait <= end)
    const mined = decided.filter((one) => one.isMined)
    const good = mined.filter((one) => Math.ceil(one.wait / horizon.scale) <= periods)
    const lost = decided.filter(
      (one) => !one.isMined && Math.floor(one.wait / horizon.scale) >= periods,
    )
    const open = all.filter((one) => one.at + one.wait > end && end - one.at >= target)
    const of = (some: readonly Fate[], low: number, high: number): Fate[] =>
      some.filter(({ bucket }) => bucket >= low && bucket <= high)
    let result = -1
    let high = buckets - 1
    let groupFrom = buckets - 1
    for (let low = buckets - 1; low >= 0; low--) {
      if (sum(of(mined, low, groupFrom)) < horizon.sufficient / (1 - horizon.decay)) continue
      groupFrom = low - 1
      const others = sum(of(lost, low, high)) + of(open, low, high).length
      const total = sum(of(mined, low, high)) + others
      if (sum(of(good, low, high)) / total < share) continue
      const half = sum(of(mined, low, high)) / 2
      let median = low
      while (sum(of(mined, low, median)) < half) median++
      result = 10 * (median + 1)
      high = low - 1
    }
    return result
  }
})
