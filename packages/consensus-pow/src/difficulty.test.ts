import { minutes, seconds, toSeconds } from '@counterpoise/engine'
import { type BlockStore, createBlockStore } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createRetarget, difficultyOf, hashRateAt, nextHashRateStep } from './difficulty.ts'
import { nakamotoParameters } from './parameters.ts'
import { createMiners, equalWeights, type Miners, runBlocks } from './testing.ts'

describe('the rule', () => {
  const parameters = nakamotoParameters.parse({ retargetInterval: 4, targetIntervalMs: 600_000 })

  /** A chain whose blocks stand at these times, min. */
  const chainAt = (...times: number[]): BlockStore => {
    const blocks = createBlockStore()
    times.forEach((time, index) =>
      blocks.append({ parent: index, proposer: 0, time: minutes(time), round: index + 1 }),
    )
    return blocks
  }

  test('measures one interval less than it divides by', () => {
    const next = createRetarget(parameters, chainAt(10, 20, 30, 1_000))
    expect(next(2, 0)).toBe(1)
    // Heights 0 to 3: 30 min measured against 40.
    expect(next(3, 0)).toBeCloseTo(40 / 30, 12)
    expect(next(4, 0)).toBe(1)
  })

  test('starts the next period with the first block of the period', () => {
    const blocks = chainAt(10, 20, 30, 35, 45, 55, 75)
    // Heights 4 to 7: 40 min measured against 40.
    expect(createRetarget(parameters, blocks)(7, 0)).toBe(1)
  })

  test('changes by a factor of 4 at most', () => {
    expect(createRetarget(parameters, chainAt(0, 1, 2))(3, 0)).toBe(4)
    expect(createRetarget(parameters, chainAt(0, 0, 0))(3, 0)).toBe(4)
    expect(createRetarget(parameters, chainAt(500, 1_000, 2_000))(3, 0)).toBe(1 / 4)
  })

  test('goes by the chain of the block', () => {
    const blocks = chainAt(10, 20, 30)
    const fork = blocks.append({ parent: 2, proposer: 1, time: minutes(80), round: 3 })
    const next = createRetarget(parameters, blocks)
    expect(next(3, 0)).toBeCloseTo(40 / 30, 12)
    expect(next(fork, 0)).toBe(0.5)
  })

  test('`none` leaves the difficulty at 1', () => {
    const without = nakamotoParameters.parse({ retargetInterval: 4, retarget: 'none' })
    expect(createRetarget(without, chainAt(1, 2, 3))(3, 0)).toBe(1)
  })
})

/** Mean interval of the chain's blocks from one height to another, s. */
function meanInterval({ cluster, blocks }: Miners, from: number, to: number): number {
  const head = cluster.head(0)
  const time = (height: number): number => blocks.time(blocks.ancestorAt(head, height))
  return toSeconds(time(to) - time(from)) / (to - from)
}

/*
 * At a constant hash rate, a period of N blocks has N − 1 measured intervals, whose sum in target
 * intervals is D·G with G ~ Gamma(N − 1, 1). The next difficulty is D·N / (D·G) = N/G whatever D
 * was, and E[1/G] = 1/(N − 2). So the mean interval is N/(N − 2) target intervals, where the clamp
 * does not bite: 600.596 s for Bitcoin.
 */
describe('the mean interval at a constant hash rate is N / (N − 2)', () => {
  test('N = 2016: 600.596 s', () => {
    const periods = 300
    const miners = createMiners({ weights: [1] })
    runBlocks(miners, (periods + 1) * 2016)
    const mean = meanInterval(miners, 2016, (periods + 1) * 2016)
    // A slow period makes the next one fast, so the sum of P periods varies little: relative to
    // the mean by √2/√2015 of one period at the ends and by 2/2015 in each of them.
    const deviation = 600 * (Math.sqrt(2 / 2015) / periods + 2 / 2015 / Math.sqrt(periods))
    expect(deviation).toBeLessThan(0.11)
    expect(Math.abs(mean - (600 * 2016) / 2014)).toBeLessThan(2.576 * deviation)
  })

  test('N = 10: 750 s', () => {
    const parameters = { retargetInterval: 10, retargetClampFactor: 1_000 }
    const miners = createMiners({ weights: [1], parameters })
    runBlocks(miners, 100_000)
    const mean = meanInterval(miners, 10, 100_000)
    // Four standard deviations by the same reckoning: 10,000 periods, 2/9 in each of them.
    expect(Math.abs(mean - 750)).toBeLessThan(750 * 0.01)
  })
})

describe('a step of the hash rate', () => {
  /** A Bitcoin whose hash rate is another one from the first block on. */
  const stepped = (factor: number): Miners => {
    const parameters = { hashRateSteps: [{ atMs: 1, factor }] }
    const miners = createMiners({ weights: [1, 1], parameters })
    runBlocks(miners, 3 * 2016)
    return miners
  }
  const periods = (miners: Miners): number[] =>
    [0, 1, 2].map((period) => meanInterval(miners, period * 2016, (period + 1) * 2016))

  /** The mean of 2016 intervals, relative to what is expected, varies by 1/√2016; 3 of these. */
  const expectAll = (means: readonly number[], expected: readonly number[]): void =>
    means.forEach((mean, period) => {
      expect(Math.abs(mean / expected[period]! - 1)).toBeLessThan(3 * Math.sqrt(2 / 2016))
    })

  test('× 4: 150 s for a period, then 600 s', () => {
    expectAll(periods(stepped(4)), [150, 600, 600])
  })

  test('× 10: the clamp needs two retargets, 4 and then 2.5', () => {
    const miners = stepped(10)
    expectAll(periods(miners), [60, 240, 600])
    const { blocks, cluster } = miners
    const difficultyAt = (height: number): number =>
      difficultyOf(blocks, blocks.ancestorAt(cluster.head(0), height))
    expect(difficultyAt(2015)).toBe(1)
    expect(difficultyAt(2016)).toBe(4)
    expect(difficultyAt(4031)).toBe(4)
    expect(difficultyAt(4032) / 10).toBeCloseTo(1, 1)
  })

  test('behavior: clocks that run already are drawn anew', () => {
    const at = 60_000
    const hashRateSteps = [{ atMs: at * 1_000, factor: 4 }]
    const miners = createMiners({
      weights: equalWeights(200),
      parameters: { retarget: 'none', hashRateSteps },
    })
    const { simulation, blocks } = miners
    simulation.run({ until: seconds(at) })
    const before = blocks.size() - 1
    simulation.run({ until: seconds(at + 30_000) })
    const after = blocks.size() - 1 - before
    // Poisson(100) and Poisson(200), 99 %; clocks left alone would find about 50.
    expect(Math.abs(before - 100)).toBeLessThan(26)
    expect(Math.abs(after - 200)).toBeLessThan(37)
  })

  test('steps multiply', () => {
    const steps = [
      { atMs: 1_000, factor: 2 },
      { atMs: 2_000, factor: 3 },
    ]
    expect(hashRateAt(steps, seconds(1) - 1, 0)).toBe(1)
    expect(hashRateAt(steps, seconds(1), 0)).toBe(2)
    expect(hashRateAt(steps, seconds(5), 0)).toBe(6)
    expect(nextHashRateStep(steps, 0)).toBe(seconds(1))
    expect(nextHashRateStep(steps, seconds(1))).toBe(seconds(2))
    expect(nextHashRateStep(steps, seconds(2))).toBe(Number.POSITIVE_INFINITY)
  })
})

test('behavior: clocks that run already are drawn anew when the difficulty changes', () => {
  // Period 1 at 150 s, period 2 at N/(N − 2) · 600 s = 667 s. A hundred miners: hardly anyone of
  // them has found a block by then, so clocks left alone would go on at 150 s.
  const parameters = {
    retargetInterval: 20,
    retargetClampFactor: 1_000,
    hashRateSteps: [{ atMs: 1, factor: 4 }],
  }
  const weights = equalWeights(100)
  const runs = 40
  let sum = 0
  for (let run = 0; run < runs; run++) {
    const miners = createMiners({ seed: `run ${run}`, weights, parameters })
    runBlocks(miners, 40)
    sum += meanInterval(miners, 20, 39)
  }
  // One run varies by √(1/19 + 1/18) of the mean; 3 standard deviations.
  expect(Math.abs(sum / runs / ((600 * 20) / 18) - 1)).toBeLessThan((3 * 0.33) / Math.sqrt(runs))
})
