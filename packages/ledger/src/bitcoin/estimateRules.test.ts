import { describe, expect, test } from 'vitest'
import { createFeeEstimator } from '../index.ts'
import { createConfirmationStats } from './confirmationStats.ts'
import { estimateHorizons } from './feeEstimator.ts'

test('the horizons have the half-lives of Bitcoin Core, and look as far back', () => {
  const found = Object.entries(estimateHorizons).map(([name, horizon]) => {
    const halfLife = Math.log(0.5) / Math.log(horizon.decay)
    return [name, Math.round(halfLife / 18) * 18, horizon.scale * horizon.periods]
  })
  // 3 hours, a day and a week of blocks; targets up to 2 hours, 8 hours and a week.
  expect(found).toEqual([['short', 18, 12], ['medium', 144, 48], ['long', 1_008, 1_008]])
})

/** An estimator that sees three transactions per block of 5,000 sat/kvB, mined with the next. */
function createMarket() {
  const estimator = createFeeEstimator({ lowestBucket: 100 })
  const due = new Map<number, number[]>()
  let [id, height] = [0, 0]
  return {
    estimator,
    /** As many blocks, before each of which three of a feerate come that wait for so many. */
    run: (blocks: number, wait: number, rate = 1_000): void => {
      for (const end = height + blocks; height < end; height++) {
        for (const [each, at] of [[5_000, height + 1], [rate, height + wait]] as const) {
          for (let k = 0; k < 3; k++) {
            estimator.enter(id, each)
            due.set(at, [...(due.get(at) ?? []), id++])
          }
        }
        estimator.connect(due.get(height + 1) ?? [], height + 1)
      }
    },
  }
}

describe('which horizons are asked', () => {
  test('a conservative estimate looks back as far as a week', () => {
    const { estimator, run } = createMarket()
    // A day forgets the bad times of 700 blocks ago: 3 % of its weight. A week has 23 % of them.
    run(300, 60)
    run(700, 1)
    expect(estimator.estimate(20)).toBe(1_000)
    expect(estimator.estimate(20, 'conservative')).toBe(5_000)
  })

  test('a long target costs no more than what a shorter one does in its own horizon', () => {
    const { estimator, run } = createMarket()
    // Twenty blocks are too many for the short horizon, and the long one remembers bad times.
    run(400, 400)
    run(1_300, 20)
    expect(estimator.estimate(100)).toBe(1_000)
  })
})

test('a feerate at the edge of a bucket belongs to the lower one', () => {
  const estimator = createFeeEstimator({ lowestBucket: 100 })
  for (let height = 1; height < 40; height++) {
    // Those at 100 are never mined, those above are with the next block.
    for (let k = 0; k < 8; k++) estimator.enter(8 * height + k, k % 2 === 0 ? 100 : 101)
    estimator.connect([1, 3, 5, 7].map((k) => 8 * height + k), height)
  }
  expect(estimator.estimate(2)).toBe(101)
})

describe('what an estimate asks for', () => {
  /** A market in which so many of a hundred are mined within 1, 2, 4 and 9 blocks. */
  const estimateOf = (...within: number[]): number | undefined => {
    const estimator = createFeeEstimator({ lowestBucket: 100 })
    const due = new Map<number, number[]>()
    let id = 0
    const enter = (rate: number, at: number): void => {
      estimator.enter(id, rate)
      due.set(at, [...(due.get(at) ?? []), id++])
    }
    for (let height = 0; height < 200; height++) {
      for (let k = 0; k < 100; k++) {
        enter(5_000, height + 1)
        const place = within.findIndex((share) => k < share)
        enter(1_000, height + [1, 2, 4, 9][place]!)
      }
      estimator.connect(due.get(height + 1) ?? [], height + 1)
    }
    return estimator.estimate(2)
  }

  // What still waits takes another percent or two off these shares.
  test.each([
    ['60 % within half the target', [65, 90, 98, 100], [58, 90, 98, 100]],
    ['85 % within the target', [65, 88, 98, 100], [65, 83, 98, 100]],
    ['95 % within twice the target', [65, 90, 98, 100], [65, 90, 94, 100]],
  ])('%s', (_what, enough, few) => {
    expect(estimateOf(...enough)).toBe(1_000)
    expect(estimateOf(...few)).toBe(5_000)
  })
})

describe('ranges of feerates', () => {
  const statsOf = (sufficient: number) =>
    createConfirmationStats({ scale: 1, periods: 4, decay: 0.5, sufficient }, 2)

  test('a share that is reached exactly is enough', () => {
    const stats = statsOf(0.5)
    stats.record(0, 1, 10)
    stats.record(0, 2, 10)
    expect([0.5, 0.51].map((share) => stats.estimate(1, share, 9))).toEqual([10, -1])
  })

  test('of two transactions the one of the lower feerate is the median', () => {
    // One alone is not enough to be looked at, so that the range holds both.
    const stats = statsOf(0.75)
    stats.record(1, 1, 30)
    stats.record(0, 1, 10)
    expect(stats.estimate(1, 0.9, 9)).toBe(10)
  })

  test('who has waited for the whole target counts as not mined within it', () => {
    const stats = statsOf(0.5)
    stats.enter(0, 5)
    for (const height of [6, 7]) stats.age(height)
    for (let k = 0; k < 3; k++) stats.record(0, 1, 10)
    // One block before that it does not count yet.
    expect([stats.estimate(3, 0.8, 7), stats.estimate(2, 0.8, 7)]).toEqual([10, -1])
    expect(stats.estimate(2, 0.75, 7)).toBe(10)
  })
})
