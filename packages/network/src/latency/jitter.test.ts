import { createStream, pow, type Stream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { awsLatency } from '../calibration/awsLatency.ts'
import { sixRegions2015, sixRegions2019 } from '../calibration/sixRegions.ts'
import { matrixLatency } from '../latency.ts'
import { fitLognormal, type Jitter, paretoShape } from './jitter.ts'
import type { LatencyMatrix } from './latencyMatrix.ts'

const streamOf = (purpose: string): Stream => createStream({ seed: 'j', replication: 0, purpose })
const placeIn = (region: string) => ({ name: region, attributes: { region, operator: 'o' } })

/** Sorted draws of a link, ms. */
function drawn(matrix: LatencyMatrix, jitter: Jitter, link: [string, string]): Float64Array {
  const latency = matrixLatency({ places: link.map(placeIn), matrix, jitter })
  const stream = streamOf(`${JSON.stringify(jitter)} ${link.join(' ')}`)
  return Float64Array.from({ length: 20_000 }, () => latency.sample(0, 1, stream) / 1_000).sort()
}
const quantile = (sorted: Float64Array, level: number): number =>
  sorted[Math.floor(level * sorted.length)]!
const meanOf = (values: Float64Array): number => values.reduce((a, b) => a + b) / values.length
/** The share of draws up to a delay: a quantile is right where it is near its level. */
const shareUpTo = (sorted: Float64Array, delay: number): number =>
  sorted.filter((value) => value <= delay).length / sorted.length
/** 3.9 standard errors of a share at its worst: one in 10,000. */
const tolerance = 3.9 * Math.sqrt(0.25 / 20_000)

const links = [
  ['us-east-1', 'eu-west-1'],
  ['us-west-2', 'me-south-1'],
  ['mx-central-1', 'ap-southeast-4'],
  ['eu-central-1', 'eu-central-1'],
] as const
const cellOf = (matrix: LatencyMatrix, [from, to]: readonly [string, string]) => {
  const [row, column] = [matrix.regions.indexOf(from), matrix.regions.indexOf(to)]
  return {
    mean: matrix.oneWayMs[row]![column]!,
    deviation: matrix.deviationMs?.[row]?.[column] ?? Number.NaN,
  }
}

describe('quantiles against the matrix', () => {
  test.each(links)('none: the value itself, %s to %s', (...link) => {
    const delays = drawn(awsLatency, 'none', link)
    expect(delays[0]).toBeCloseTo(cellOf(awsLatency, link).mean, 3)
    expect(delays.at(-1)).toBe(delays[0])
  })

  test.each(links)('normal: p50, and p84 one deviation above, %s to %s', (...link) => {
    const { mean, deviation } = cellOf(awsLatency, link)
    const delays = drawn(awsLatency, 'normal', link)
    expect(Math.abs(shareUpTo(delays, mean) - 0.5)).toBeLessThan(tolerance)
    expect(Math.abs(shareUpTo(delays, mean + deviation) - 0.841345)).toBeLessThan(tolerance)
  })

  test.each(links)('lognormal: p50 and p90 as measured, %s to %s', (...link) => {
    const { mean, deviation } = cellOf(awsLatency, link)
    const delays = drawn(awsLatency, 'lognormal', link)
    expect(Math.abs(shareUpTo(delays, mean) - 0.5)).toBeLessThan(tolerance)
    expect(Math.abs(shareUpTo(delays, mean + deviation) - 0.9)).toBeLessThan(tolerance)
    const { shift, median, sigma } = fitLognormal(mean, deviation)
    expect(delays[0]).toBeGreaterThan(shift - 0.001)
    const expected = shift + median * Math.exp((sigma * sigma) / 2)
    expect(Math.abs(meanOf(delays) - expected)).toBeLessThan(0.04 * deviation)
  })

  test.each(links)('lognormal of another sigma: the same p50 and p90, %s to %s', (...link) => {
    const { mean, deviation } = cellOf(awsLatency, link)
    const delays = drawn(awsLatency, { kind: 'lognormal', sigma: 0.8 }, link)
    expect(Math.abs(shareUpTo(delays, mean) - 0.5)).toBeLessThan(tolerance)
    expect(Math.abs(shareUpTo(delays, mean + deviation) - 0.9)).toBeLessThan(tolerance)
  })

  test.each([
    ['north-america', 'asia-pacific'],
    ['europe', 'europe'],
    ['japan', 'japan'],
  ] as const)('pareto: the least, quantiles and the mean of the law, %s to %s', (...link) => {
    for (const { latency } of [sixRegions2015, sixRegions2019]) {
      const { mean } = cellOf(latency, link)
      const delays = drawn(latency, 'pareto', link)
      const shape = mean / 5
      expect(delays[0]).toBeGreaterThan(mean - 5 - 0.001)
      for (const level of [0.1, 0.5, 0.9]) {
        const law = (mean - 5) * pow(1 - level, -1 / shape)
        expect(Math.abs(shareUpTo(delays, law) - level)).toBeLessThan(tolerance)
      }
      // Only a law with a variance has a mean that 20,000 draws can show.
      if (shape > 3) expect(Math.abs(meanOf(delays) - mean)).toBeLessThan(0.2)
    }
  })

  test.each(links)('pareto of a fixed shape: the mean of the matrix, %s to %s', (...link) => {
    const { mean } = cellOf(awsLatency, link)
    const delays = drawn(awsLatency, { kind: 'pareto', shape: 5 }, link)
    expect(Math.abs(meanOf(delays) / mean - 1)).toBeLessThan(0.01)
    expect(delays[0]! / (0.8 * mean)).toBeCloseTo(1, 2)
  })
})

describe('edges of the laws', () => {
  test('a shift below 0 becomes 0, and sigma follows from the quantiles', () => {
    const { shift, median, sigma } = fitLognormal(10, 30)
    expect([shift, median]).toEqual([0, 10])
    expect(median * Math.exp(1.2815515655446004 * sigma)).toBeCloseTo(40, 10)
    expect(fitLognormal(10, 0)).toEqual({ shift: 10, median: 0, sigma: 0.3 })
    expect(fitLognormal(0, 0).median).toBe(0)
  })

  test('pareto: the published shape from 7.5 ms on, 1.5 below', () => {
    expect([0, 2, 5, 7.5, 9, 12, 200].map(paretoShape)).toEqual([
      1.5, 1.5, 1.5, 1.5, 1.8, 2.4, 40,
    ])
    const near: LatencyMatrix = { regions: ['a'], oneWayMs: [[3]], source: 'made up' }
    const delays = drawn(near, 'pareto', ['a', 'a'])
    expect(delays[0]).toBeCloseTo(1, 2)
    expect(Math.abs(quantile(delays, 0.5) - pow(2, 1 / 1.5))).toBeLessThan(0.02)
    const nothing: LatencyMatrix = { regions: ['a'], oneWayMs: [[0]], source: 'made up' }
    expect(drawn(nothing, 'pareto', ['a', 'a']).at(-1)).toBe(0)
  })

  test('error: a matrix without spreads, shapes and sigmas without a mean', () => {
    const make = (jitter: Jitter) => () =>
      matrixLatency({ places: [placeIn('japan')], matrix: sixRegions2019.latency, jitter })
    expect(make('normal')).toThrow(/'normal' needs a matrix with 'deviationMs'/)
    expect(make('lognormal')).toThrow(/choose 'pareto' or 'none'/)
    expect(make({ kind: 'pareto', shape: 1 })).toThrow(/must be above 1/)
    expect(make('pareto')).not.toThrow()
    const sigma = (): unknown =>
      matrixLatency({ places: [], matrix: awsLatency, jitter: { kind: 'lognormal', sigma: 0 } })
    expect(sigma).toThrow(/sigma of lognormal jitter must be above 0/)
  })
})
