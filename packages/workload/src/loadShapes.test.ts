import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createStream, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { loadShape, loadShapes, type LoadShapeName } from './loadShapes.ts'

const names = Object.keys(loadShapes) as LoadShapeName[]

describe('loadShape', () => {
  test('default: as many arrivals as published', () => {
    const counts = names.map((name) => [name, loadShape(name).expectedCount(0, seconds(9_999))])
    expect(Object.fromEntries(counts)).toEqual({
      'tenx-ico': 29_000 + 1_000 + 750_000 + 15_000 + 402_500 + 17_500 + 15_000 + 60_000,
      'twitter-castle': 89 * 5_700 + 143_199,
      'nasdaq-30s': 3_318,
      'nasdaq-open': 109_635,
    })
  })

  test.each(names)('behavior: the arrivals of %s', (name) => {
    const expected = loadShape(name).expectedCount(0, seconds(9_999)) / 100
    const arrivals = loadShape(name, { scale: 0.01, at: seconds(7) })
    const open = (purpose: string) => createStream({ seed: name, replication: 0, purpose })
    const cursor = arrivals.start(open, 'arrivals')
    const first = cursor.next()!
    let count = 1
    let last = first
    for (let time = cursor.next(); time !== undefined; time = cursor.next()) {
      count++
      last = time
    }
    expect(first).toBeGreaterThanOrEqual(seconds(7))
    expect(last).toBeLessThan(seconds(7 + loadShapes[name].endSeconds))
    expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected))
  })

  test('behavior: a second of 25 times the load', () => {
    const options = { scale: 0.1, at: seconds(60), process: 'regular' } as const
    const arrivals = loadShape('twitter-castle', options)
    const rates = [59, 60, 109.9, 110, 110.9, 111, 149.9, 150].map((t) =>
      arrivals.meanRate(seconds(t)),
    )
    expect(rates.map(Math.round)).toEqual([0, 570, 570, 14_320, 14_320, 570, 570, 0])
    // Evenly: after 0.5, 1.5 and 2.5 times 1 / 570 s.
    const open = (purpose: string) => createStream({ seed: 'even', replication: 0, purpose })
    const cursor = arrivals.start(open, 'arrivals')
    const firsts = [1, 2, 3].map(() => cursor.next()! - seconds(60))
    expect(firsts).toEqual([877, 2_631, 4_385])
  })

  test('behavior: every shape has a source and a licence', () => {
    for (const name of names) {
      expect(loadShapes[name].source).toContain('commit b2e39d594bd4a2cab35c39676369770fc943bfcb')
      expect(loadShapes[name].licence).toBe('Apache-2.0')
    }
  })
})

const beside = fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const folder = join(process.env['COUNTERPOISE_DATA'] || beside, 'diablo-workloads')
const hasData = existsSync(join(folder, 'load_shapes.json'))

describe('compared with the published data', () => {
  if (!hasData) {
    test.skip('the data folder is absent: COUNTERPOISE_DATA names it', () => {})
    return
  }

  test.each([
    ['tenx_ico', 'tenx-ico', 0],
    ['twitter_castle_in_the_sky', 'twitter-castle', 0],
    ['nasdaq_30s', 'nasdaq-30s', 1],
  ] as const)('%s has the rates of the file at and before each break point', (key, name, last) => {
    const file = readFileSync(join(folder, 'load_shapes.json'), 'utf8')
    const shapes = JSON.parse(file) as Record<string, { rate_tps_by_second: object }>
    const points = Object.entries(shapes[key]!.rate_tps_by_second)
    const arrivals = loadShape(name)
    const end = Number(points.at(-1)![0]) + last
    expect(loadShapes[name].endSeconds).toBe(end)
    points.forEach(([second, rate], index) => {
      const at = seconds(Number(second))
      const next = seconds(Number(points[index + 1]?.[0] ?? end))
      if (next === at) return
      expect([arrivals.meanRate(at), arrivals.meanRate(next - 1)]).toEqual([rate, rate])
    })
  })

  test('nasdaq-open has the seconds of the first minute and the minutes after it', () => {
    const file = readFileSync(join(folder, 'nasdaq_top10_per_second.csv'), 'utf8')
    const counts = file.trim().split('\n').slice(1).map((line) => Number(line.split(',')[1]))
    const arrivals = loadShape('nasdaq-open')
    expect(counts.length).toBe(1_200)
    counts.slice(0, 60).forEach((count, second) => {
      expect(arrivals.meanRate(seconds(second))).toBe(count)
    })
    for (let from = 60; from < 1_200; from += 60) {
      const trades = counts.slice(from, from + 60).reduce((total, count) => total + count, 0)
      expect(arrivals.expectedCount(seconds(from), seconds(from + 60))).toBeCloseTo(trades, 6)
    }
  })
})
