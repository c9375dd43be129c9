import { createStream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { awsLatency } from '../calibration/awsLatency.ts'
import { matrixLatency } from '../latency.ts'
import type { Jitter } from './jitter.ts'

const { regions, oneWayMs, deviationMs } = awsLatency
const places = regions.map((region) => ({ name: region, attributes: { region, operator: 'o' } }))
const pairs = regions.flatMap((_, from) => regions.map((__, to) => [from, to] as const))
const drawsPerPair = 400

/** The share of draws up to a delay of each pair, µs; all pairs have the same level. */
function sharesUpTo(jitter: Jitter, delayOf: (p50: number, spread: number) => number): number[] {
  const latency = matrixLatency({ places, matrix: awsLatency, jitter })
  const purpose = JSON.stringify(jitter)
  return pairs.map(([from, to]) => {
    const stream = createStream({ seed: 'aws', replication: 0, purpose, entity: `${from}-${to}` })
    const [p50, spread] = [oneWayMs[from]![to]! * 1_000, deviationMs[from]![to]! * 1_000]
    const level = delayOf(p50, spread)
    let count = 0
    for (let draw = 0; draw < drawsPerPair; draw++) {
      // Delays are rounded to whole µs: those at the level itself count half.
      const delay = latency.sample(from, to, stream)
      count += delay < Math.round(level) ? 1 : delay > Math.round(level) ? 0 : 0.5
    }
    return count / drawsPerPair
  })
}

/**
 * Each pair within 5.6 standard errors (1 in 5 · 10⁷, 1,089 pairs, some 20 comparisons), and all
 * together within 3.9 (1 in 10⁴): a level that is off by 0.003 fails.
 */
function expectLevel(shares: readonly number[], level: number): void {
  const deviation = Math.sqrt((level * (1 - level)) / drawsPerPair)
  shares.forEach((share, pair) => {
    const name = pairs[pair]!.map((at) => regions[at]).join(' to ')
    expect(Math.abs(share - level), name).toBeLessThan(5.6 * deviation)
  })
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  expect(Math.abs(mean - level)).toBeLessThan((3.9 * deviation) / Math.sqrt(shares.length) + 2e-5)
}

/** Φ of the numbers used below. */
const phi = { z90: 1.2815515655446004, one: 0.8413447460685429 }

describe('p50 and p90 of what is drawn, between all AWS regions', () => {
  test.each<[string, Jitter]>([
    ['normal', { kind: 'normal', fit: 'p90' }],
    ['lognormal', 'lognormal'],
    ['lognormal of a wide sigma', { kind: 'lognormal', sigma: 1.5 }],
    ['pareto', { kind: 'pareto', fit: 'p90' }],
  ])('%s: as measured', (_, jitter) => {
    expectLevel(sharesUpTo(jitter, (p50) => p50), 0.5)
    expectLevel(sharesUpTo(jitter, (p50, spread) => p50 + spread), 0.9)
  })

  test('normal as simulators draw it: the spread is the deviation, so p90 lies further out', () => {
    expectLevel(sharesUpTo('normal', (p50) => p50), 0.5)
    expectLevel(sharesUpTo('normal', (p50, spread) => p50 + spread), phi.one)
    expectLevel(sharesUpTo('normal', (p50, spread) => p50 + phi.z90 * spread), 0.9)
  })

  test('pareto as simulators draw it: the p50 is the mean, and the spread is not used', () => {
    const law = (level: number) => (p50: number) => {
      const shape = p50 > 7_500 ? p50 / 5_000 : 1.5
      return ((p50 * (shape - 1)) / shape) * (1 - level) ** (-1 / shape)
    }
    expectLevel(sharesUpTo('pareto', law(0.5)), 0.5)
    expectLevel(sharesUpTo('pareto', law(0.9)), 0.9)
  })
})

test('fits without a spread or a delay draw the p50', () => {
  const matrix = { regions: ['a'], oneWayMs: [[7]], deviationMs: [[0]], source: 'made up' }
  const inA = [{ name: 'a', attributes: { region: 'a', operator: 'o' } }]
  const stream = createStream({ seed: 'aws', replication: 0, purpose: 'still' })
  for (const kind of ['normal', 'pareto'] as const) {
    const fit = { kind, fit: 'p90' } as const
    expect(matrixLatency({ places: inA, matrix, jitter: fit }).sample(0, 0, stream)).toBe(7_000)
    const nothing = { ...matrix, oneWayMs: [[0]], deviationMs: [[kind === 'pareto' ? 3 : 0]] }
    const none = matrixLatency({ places: inA, matrix: nothing, jitter: fit })
    expect(none.sample(0, 0, stream)).toBe(0)
    expect(none.least!(0, 0)).toBe(0)
  }
})

test('error: a fit to something else, or without spreads', () => {
  const make = (matrix: typeof awsLatency, jitter: unknown) => () =>
    matrixLatency({ places, matrix, jitter: jitter as Jitter })
  expect(make(awsLatency, { kind: 'pareto', fit: 'p99' })).toThrow(/fitted to nothing but 'p90'/)
  const bare = { ...awsLatency, deviationMs: undefined } as unknown as typeof awsLatency
  expect(make(bare, { kind: 'pareto', fit: 'p90' })).toThrow(/needs a matrix with 'deviationMs'/)
})
