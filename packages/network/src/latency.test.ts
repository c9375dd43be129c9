import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createStream, exp, type Stream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { awsLatency } from './calibration/awsLatency.ts'
import { constantLatency, distributedLatency, type Latency, matrixLatency } from './latency.ts'
import type { Jitter } from './latency/jitter.ts'
import type { Place } from './places.ts'

const placeIn = (region: string): Place => ({ name: region, attributes: { region, operator: 'o' } })
const places = awsLatency.regions.map(placeIn)
const index = (region: string): number => awsLatency.regions.indexOf(region)
const streamOf = (purpose: string): Stream => createStream({ seed: 'l', replication: 0, purpose })

/** Mean and standard deviation of `count` samples of a link, ms. */
function sampled(latency: Latency, from: number, to: number, count: number) {
  const stream = streamOf(`${from} ${to}`)
  let sum = 0
  let squares = 0
  for (let draw = 0; draw < count; draw++) {
    const value = latency.sample(from, to, stream) / 1_000
    sum += value
    squares += value * value
  }
  const mean = sum / count
  return { mean, deviation: Math.sqrt(squares / count - mean * mean) }
}

describe('the matrix', () => {
  test('is square and complete', () => {
    for (const rows of [awsLatency.oneWayMs, awsLatency.deviationMs]) {
      expect(rows).toHaveLength(33)
      for (const row of rows) {
        expect(row).toHaveLength(33)
        expect(Math.min(...row)).toBeGreaterThan(0)
      }
    }
    expect(new Set(awsLatency.regions).size).toBe(33)
  })

  // Round trips p50 in ms as published, rounded to 1 ms, in the order of the regions.
  test.each([
    ['us-east-1', [6, 15, 64, 64, 17, 115, 70, 78, 93, 113, 193, 220, 200, 150, 180, 199, 162]],
    ['sa-east-1', [115, 125, 175, 175, 126, 3, 179, 187, 205, 223, 302, 328, 312, 259, 290, 308]],
    ['eu-central-1', [93, 103, 153, 142, 93, 204, 27, 18, 4, 23, 129, 160, 251, 227, 231, 193, 86]],
    ['ap-southeast-2', [200, 188, 139, 141, 198, 312, 256, 266, 252, 272, 155, 95, 4, 106, 146]],
    ['me-south-1', [162, 172, 222, 263, 163, 273, 99, 89, 87, 106, 39, 99, 189, 176, 169, 132, 3]],
    ['af-south-1', [226, 236, 286, 273, 223, 337, 158, 150, 155, 174, 272, 314, 409, 357, 386]],
  ])('holds half of the round trips from %s', (region, roundTrips) => {
    const row = awsLatency.oneWayMs[index(region)]!
    roundTrips.forEach((roundTrip, to) => {
      expect(Math.abs(2 * row[to]! - roundTrip)).toBeLessThanOrEqual(0.51)
    })
  })

  test('holds the large spreads', () => {
    const spread = (from: string, to: string): number =>
      2 * awsLatency.deviationMs[index(from)]![index(to)]!
    expect(spread('us-west-2', 'me-south-1')).toBeCloseTo(53, -0.5)
    expect(spread('ap-northeast-1', 'af-south-1')).toBeCloseTo(34, -0.5)
    expect(spread('eu-west-1', 'ap-east-1')).toBeCloseTo(37, -0.5)
  })
})

describe('the matrix and the measured round trips', () => {
  const root = join(import.meta.dirname, '../../..')
  const data = process.env['COUNTERPOISE_DATA'] ?? join(root, '../shared/data')
  const fileOf = (percentile: string): string =>
    join(data, 'aws-rtt', `aws_rtt_${percentile}_ms.csv`)
  const isThere = existsSync(fileOf('p50')) && existsSync(fileOf('p90'))

  test('agree to half a microsecond', ({ skip }) => {
    if (!isThere) skip(`No aws-rtt in ${data}: set COUNTERPOISE_DATA to the data's folder.`)
    const p50 = readTable(fileOf('p50'))
    const p90 = readTable(fileOf('p90'))
    awsLatency.regions.forEach((from, row) => {
      awsLatency.regions.forEach((to, column) => {
        const median = p50(from, to)
        const oneWay = awsLatency.oneWayMs[row]![column]!
        const deviation = awsLatency.deviationMs[row]![column]!
        expect(Math.abs(oneWay - median / 2), `${from} to ${to}`).toBeLessThan(0.00051)
        const spread = (p90(from, to) - median) / 2
        expect(Math.abs(deviation - spread), `${from} to ${to}`).toBeLessThan(0.00051)
      })
    })
  })
})

/** Reads a square table whose first row and column are names. */
function readTable(file: string): (row: string, column: string) => number {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/)
  const columns = head.split(',')
  const rows = new Map(lines.map((line) => [line.split(',')[0]!, line.split(',')]))
  return (row, column) => Number(rows.get(row)![columns.indexOf(column)])
}

describe('matrixLatency', () => {
  const latency = matrixLatency({ places, matrix: awsLatency })

  test.each([
    ['us-east-1', 'eu-west-1'],
    ['us-west-2', 'me-south-1'],
    ['af-south-1', 'ap-southeast-2'],
  ])('draws from a normal distribution: %s to %s', (from, to) => {
    const [row, column] = [index(from), index(to)]
    const mean = awsLatency.oneWayMs[row]![column]!
    const deviation = awsLatency.deviationMs[row]![column]!
    const count = 20_000
    const drawn = sampled(latency, row, column, count)
    // Six comparisons, each within what holds 99.9 %.
    expect(Math.abs(drawn.mean - mean)).toBeLessThan((3.29 * deviation) / Math.sqrt(count))
    const tolerance = (3.29 * deviation) / Math.sqrt(2 * count)
    expect(Math.abs(drawn.deviation - deviation)).toBeLessThan(tolerance)
    expect(latency.typical(row, column)).toBe(Math.round(mean * 1_000))
  })

  test('cuts off at 0 where the deviation is of the size of the mean', () => {
    const matrix = {
      regions: ['here'],
      oneWayMs: [[2]],
      deviationMs: [[2]],
      source: 'made up',
    }
    const near = matrixLatency({ places: [placeIn('here')], matrix })
    const stream = streamOf('cut')
    const draws = Array.from({ length: 20_000 }, () => near.sample(0, 0, stream))
    expect(Math.min(...draws)).toBe(0)
    // Φ(−1) of them are cut off; the mean is μΦ(1) + σφ(1).
    const cut = draws.filter((delay) => delay === 0).length / draws.length
    expect(Math.abs(cut - 0.158655)).toBeLessThan(0.007)
    const mean = draws.reduce((sum, delay) => sum + delay, 0) / draws.length
    const expected = 2_000 * 0.841345 + 2_000 * 0.241971
    expect(Math.abs(mean - expected)).toBeLessThan(0.02 * expected)
  })

  test('is asymmetric like what was measured', () => {
    const still = matrixLatency({ places, matrix: awsLatency, jitter: 'none' })
    expect(still.typical(0, 1)).toBe(7_534)
    expect(still.typical(1, 0)).toBe(8_238)
    expect(still.sample(0, 1, streamOf('none'))).toBe(7_534)
  })

  test.each([
    ['none', [0, 7_001, 9_000, 0]],
    ['normal', [0, 0, 0, 0]],
    ['lognormal', [0, 0, 0, 0]],
    // The mean less 5 ms; 1.5 / 0.5 of the least is the mean of a shape of 1.5.
    ['pareto', [0, 2_333, 4_000, 0]],
    [{ kind: 'pareto', shape: 5 }, [0, 5_600, 7_200, 0]],
    [{ kind: 'pareto', fit: 'p90' }, [0, 0, 0, 0]],
  ] as [Jitter, number[]][])('no delay stays below the least: %j', (jitter, expected) => {
    // From a to b 7.0005 ms, from b to a 9 ms.
    const oneWayMs = [
      [0, 7.0005],
      [9, 0],
    ]
    const deviationMs = [
      [0, 1],
      [2, 0],
    ]
    const matrix = { regions: ['a', 'b'], oneWayMs, deviationMs, source: 'made up' }
    const pair = matrixLatency({ places: ['a', 'b'].map(placeIn), matrix, jitter })
    const links = [0, 1].flatMap((from) => [0, 1].map((to) => [from, to] as const))
    expect(links.map(([from, to]) => pair.least!(from, to))).toEqual(expected)
    const stream = streamOf('least')
    for (let draw = 0; draw < 20_000; draw++) {
      for (const [from, to] of links) {
        if (pair.sample(from, to, stream) < pair.least!(from, to)) expect.unreachable()
      }
    }
  })

  test('error: a region without a row', () => {
    expect(() => matrixLatency({ places: [placeIn('atlantis')], matrix: awsLatency })).toThrow(
      /no region 'atlantis'/,
    )
  })
})

describe('distributedLatency', () => {
  test('typical is the mean of what is drawn', () => {
    const pareto = distributedLatency({ kind: 'pareto', scale: 80, shape: 5 })
    expect(pareto.typical(0, 1)).toBe(100_000)
    const lognormal = distributedLatency({ kind: 'lognormal', median: 50, sigma: 0.5 })
    expect(lognormal.typical(0, 1)).toBe(Math.round(50_000 * exp(0.125)))
    const uniform = distributedLatency({ kind: 'uniform', low: 10, high: 30 })
    expect(uniform.typical(0, 1)).toBe(20_000)
    for (const latency of [pareto, lognormal, uniform]) {
      const { mean } = sampled(latency, 0, 1, 40_000)
      expect(Math.abs(mean / (latency.typical(0, 1) / 1_000) - 1)).toBeLessThan(0.01)
    }
  })

  test('is a whole number of µs of at least 0', () => {
    const latency = distributedLatency({ kind: 'normal', mean: 1, deviation: 2 })
    const stream = streamOf('whole')
    for (let draw = 0; draw < 1_000; draw++) {
      const delay = latency.sample(0, 1, stream)
      expect(Number.isSafeInteger(delay) && delay >= 0).toBe(true)
    }
    expect(distributedLatency({ kind: 'constant', value: 2.5 }).sample(0, 1, stream)).toBe(2_500)
    const rounded = [1.0004, 1.0006].map((value) => distributedLatency({ kind: 'constant', value }))
    expect(rounded.map(({ sample }) => sample(0, 1, stream))).toEqual([1_000, 1_001])
  })

  test('what is drawn below 0 arrives at once', () => {
    const latency = distributedLatency({ kind: 'normal', mean: 1, deviation: 2 })
    const stream = streamOf('below')
    const delays = Array.from({ length: 20_000 }, () => latency.sample(0, 1, stream))
    // Φ(−1/2) of a normal distribution of mean 1 and deviation 2 is below 0.
    const share = delays.filter((delay) => delay === 0).length / delays.length
    expect(Math.abs(share - 0.308538)).toBeLessThan(0.011)
  })
})

test('constantLatency', () => {
  const latency = constantLatency(7)
  expect(latency.sample(0, 1, streamOf('constant'))).toBe(7)
  expect([latency.typical(0, 1), latency.least!(0, 1)]).toEqual([7, 7])
})
