import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { observedIntervals } from './blockIntervals.ts'
import { observedPropagation } from './propagation.ts'
import { staleEras, staleShareIn } from './staleBlocks.ts'

const data = join(import.meta.dirname, '../../../../../shared/data')

/** Rows of a measurement as lists of cells, without the head; none where the file is not there. */
function rowsOf(file: string): string[][] {
  const path = join(data, file)
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return lines.slice(1).map((line) => line.split(','))
}

const staleRows = rowsOf('btc-stale-blocks/stale_blocks.csv')
const propagationRows = rowsOf('kit-dsn-bitcoin/inv_propagation_hourly_N.csv')
const arrivalRows = rowsOf('btc-block-arrivals/block_arrivals_3nodes.csv')

describe.skipIf(staleRows.length === 0)('stale blocks (measurements not found: skipped)', () => {
  const heights = staleRows.map(([height]) => Number(height))

  test.each(staleEras)('$era', ({ fromHeight, toHeight, stale }) => {
    const found = heights.filter((height) => height >= fromHeight && height < toHeight)
    expect(found.length).toBe(stale)
  })
})

test('eras follow each other, and their shares count all blocks', () => {
  for (const [k, era] of staleEras.slice(1).entries()) {
    expect(era.fromHeight).toBeGreaterThanOrEqual(staleEras[k]!.toHeight)
  }
  const era = { era: 'some', fromHeight: 100, toHeight: 190, stale: 10 }
  expect(staleShareIn(era)).toBe(0.1)
})

describe.skipIf(arrivalRows.length === 0)('intervals (measurements not found: skipped)', () => {
  const first = new Map<number, number>()
  for (const [height, , , arrived] of arrivalRows) {
    if (arrived === undefined || arrived === '') continue
    const known = first.get(Number(height)) ?? Number.POSITIVE_INFINITY
    first.set(Number(height), Math.min(known, Number(arrived)))
  }
  const heights = [...first.keys()].sort((a, b) => a - b)
  const gaps = heights.slice(1).map((height, k) => first.get(height)! - first.get(heights[k]!)!)
  const sorted = Float64Array.from(gaps).sort()

  test('no height is missing', () => {
    expect([heights[1], heights.at(-1)]).toEqual(observedIntervals.heights)
    expect(heights.at(-1)! - heights[0]!).toBe(gaps.length)
  })

  test('count, mean, deviation, quantiles', () => {
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const squares = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0)
    expect(gaps.length).toBe(observedIntervals.count)
    expect(mean).toBeCloseTo(observedIntervals.mean, 5)
    expect(Math.sqrt(squares / gaps.length)).toBeCloseTo(observedIntervals.deviation, 5)
    expect(gaps.filter((gap) => gap > 3_600).length).toBe(observedIntervals.overAnHour)
    for (const [level, seconds] of observedIntervals.quantiles) {
      expect(sorted[Math.floor(level * (sorted.length - 1))]).toBe(seconds)
    }
  })
})

describe.skipIf(propagationRows.length === 0)('propagation (none found: skipped)', () => {
  test.each(observedPropagation.quantiles)('$level', ({ level, ms, low, high }) => {
    const column = { p50: 6, p90: 7, p99: 8 }[level]
    const hours = Float64Array.from(propagationRows, (row) => Number(row[column])).sort()
    expect(hours.length).toBe(observedPropagation.hours)
    const ranks = [0.1, 0.5, 0.9].map((part) => hours[Math.floor(part * hours.length)])
    expect(ranks).toEqual([low, ms, high])
  })
})
