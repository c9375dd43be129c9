import { createStream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { clopperPearson, estimateOf, marginsOf, scaledEstimate } from './interval.ts'

describe('estimateOf', () => {
  test('default: mean and half width of the interval', () => {
    // Deviation 1, so 4.303 / √3.
    const { mean: average, ci95 } = estimateOf([1, 2, 3])
    expect(average).toBe(2)
    expect(ci95).toBeCloseTo(4.303 / Math.sqrt(3), 9)
  })

  test('behavior: one value tells nothing of its margin', () => {
    expect(estimateOf([5], 'time')).toEqual({ mean: 5, ci95: null })
  })

  test('behavior: what is always the same has no margin', () => {
    // Three times 0.7 is not 2.1 in binary, nor is a third of that sum 0.7.
    for (const same of [0.7, 0.1, 1 / 3]) {
      const exact = { mean: same, ci95: 0, low: same, high: same }
      expect(estimateOf(Array(3).fill(same))).toEqual(exact)
      expect(estimateOf(Array(10).fill(same))).toEqual(exact)
    }
  })

  test.each([2, 3, 5, 10, 40])('behavior: covers the truth in 95 %% of samples of %d', (size) => {
    const stream = createStream({ seed: 'coverage', replication: 0, purpose: `normal/${size}` })
    const samples = 4_000
    let covered = 0
    for (let sample = 0; sample < samples; sample++) {
      const values = Array.from({ length: size }, () => 3 + 2 * normalDraw(stream))
      const { mean: average, ci95 } = estimateOf(values)
      if (Math.abs(average - 3) <= ci95!) covered++
    }
    // Four standard deviations of a share of 0.95 in 4,000.
    expect(Math.abs(covered / samples - 0.95)).toBeLessThan(0.014)
  })

  test('behavior: its ends stay within what the number can be', () => {
    const half = 12.706
    expect(estimateOf([1, 3]).low).toBeCloseTo(2 - half, 9)
    for (const kind of ['count', 'time', 'amount'] as const) {
      const { low, high } = estimateOf([1, 3], kind)
      expect(low).toBe(0)
      expect(high).toBeCloseTo(2 + half, 9)
    }
    expect(estimateOf([0.5, 1], 'share')).toMatchObject({ low: 0, high: 1 })
    const { mean: middle, ci95, low, high } = estimateOf([0.5, 0.501], 'share')
    expect([low, high]).toEqual([middle - ci95!, middle + ci95!])
  })
})

describe('clopperPearson', () => {
  // As R's `binom.test` gives them.
  test.each([
    [0, 10, 0, 0.3085],
    [1, 10, 0.0025, 0.445],
    [5, 10, 0.1871, 0.8129],
    [10, 10, 0.6915, 1],
    [10, 100, 0.049, 0.1762],
  ])('default: %d of %d', (hits, trials, low, high) => {
    const found = clopperPearson(hits, trials)
    expect(found.low).toBeCloseTo(low, 4)
    expect(found.high).toBeCloseTo(high, 4)
  })

  test('behavior: at each end, what was found or more of it has a chance of 2.5 %', () => {
    for (const [hits, trials] of [[3, 7], [1, 200], [180, 200], [40, 90]] as const) {
      const { low, high } = clopperPearson(hits, trials)
      const sum = (chance: number, from: number, to: number): number =>
        probabilities(trials, chance).slice(from, to + 1).reduce((all, each) => all + each, 0)
      expect(sum(low, hits, trials)).toBeCloseTo(0.025, 9)
      expect(sum(high, 0, hits)).toBeCloseTo(0.025, 9)
    }
  })
})

describe('a share of trials', () => {
  const apart = (...numbers: number[]) => ({ numbers, areApart: true })

  test('default: replications that agree by chance have the interval of all their trials', () => {
    const { low, high } = clopperPearson(2, 60)
    const found = estimateOf([1 / 30, 1 / 30], 'share', apart(30, 30))
    expect(found).toEqual({ mean: 1 / 30, ci95: high - 1 / 30, low, high })
    // One block more makes another share of the same count, and no other knowledge.
    const near = estimateOf([1 / 30, 1 / 31], 'share', apart(30, 31))
    expect(near).toMatchObject(clopperPearson(2, 61))
    expect(estimateOf([1, 1], 'share', apart(30, 30))).toMatchObject(clopperPearson(60, 60))
  })

  test('default: where the replications differ by more, theirs is the interval', () => {
    const shares = [0.1, 0.5, 0.6]
    expect(estimateOf(shares, 'share', apart(1_000, 1_000, 1_000))).toEqual(
      estimateOf(shares, 'share'),
    )
  })

  test('behavior: one replication has an interval only of trials that are apart', () => {
    expect(estimateOf([0.1], 'share', apart(30))).toMatchObject(clopperPearson(3, 30))
    const together = { numbers: [30], areApart: false }
    expect(estimateOf([0.1], 'share', together)).toEqual({ mean: 0.1, ci95: null })
    const two = { numbers: [30, 30], areApart: false }
    expect(estimateOf([0.1, 0.1], 'share', two)).toMatchObject(clopperPearson(6, 60))
    expect(estimateOf([0], 'share', apart(0))).toEqual({ mean: 0, ci95: null })
  })

  // The chance of every outcome of two runs of 30 blocks, so that nothing is drawn.
  test.each([0.01, 0.03, 0.1, 0.3])('behavior: two runs of 30 cover %d as often as said', (p) => {
    const chances = probabilities(30, p)
    let [covered, coveredByStudent] = [0, 0]
    chances.forEach((first, a) =>
      chances.forEach((second, b) => {
        const shares = [a / 30, b / 30]
        const holds = ({ low = p, high = p }): boolean => low <= p && p <= high
        if (holds(estimateOf(shares, 'share', apart(30, 30)))) covered += first * second
        if (holds(estimateOf(shares, 'share'))) coveredByStudent += first * second
      }),
    )
    expect(covered).toBeGreaterThan(0.95)
    expect(coveredByStudent).toBeLessThan(0.95)
  })
})

test('marginsOf: what is on either side of the mean', () => {
  expect(marginsOf({ mean: 5, ci95: null })).toEqual({ up: 0, down: 0 })
  expect(marginsOf({ mean: 5, ci95: 2 })).toEqual({ up: 2, down: 2 })
  expect(marginsOf({ mean: 5, ci95: 7, low: 0, high: 12 })).toEqual({ up: 7, down: 5 })
  // 0.3 − 0.1 is not 0.2 in binary.
  expect(marginsOf({ mean: 0.2, ci95: 0.1, low: 0.1, high: 0.2 + 0.1 })).toEqual({
    ...{ up: 0.1, down: 0.1 },
  })
})

test('scaledEstimate: all of an estimate, and what it does not have stays away', () => {
  const double = (value: number): number => 2 * value
  expect(scaledEstimate({ mean: 1, ci95: 3, low: 0, high: 4, replications: 2 }, double)).toEqual({
    ...{ mean: 2, ci95: 6, low: 0, high: 8, replications: 2 },
  })
  expect(scaledEstimate({ mean: 1, ci95: null }, double)).toEqual({ mean: 2, ci95: null })
})

/** The chances of 0 … n hits in n trials. */
function probabilities(trials: number, chance: number): number[] {
  const found = [(1 - chance) ** trials]
  for (let hits = 1; hits <= trials; hits++) {
    found.push((found[hits - 1]! * (trials - hits + 1) * chance) / (hits * (1 - chance)))
  }
  return found
}

/** Box and Muller. */
function normalDraw(stream: ReturnType<typeof createStream>): number {
  const radius = Math.sqrt(-2 * Math.log(1 - stream.uniform()))
  return radius * Math.cos(2 * Math.PI * stream.uniform())
}
