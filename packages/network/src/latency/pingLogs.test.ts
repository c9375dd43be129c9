import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { normalQuantile } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { defaultSigma, fitLognormal } from './jitter.ts'

const root = join(import.meta.dirname, '../../../..')
const data = process.env['COUNTERPOISE_DATA'] ?? join(root, '../shared/data')
const file = join(data, 'ping-logs', 'ping_rtt_ms.csv')
const levels = [0.05, 0.1, 0.25, 0.75, 0.95]
// The others were logged in whole ms, coarser than their spread.
const pairs = ['Ireland-Ireland', 'Ohio-Ohio', 'Tokyo-Tokyo', 'Ireland-Ohio']

test('the lognormal of p50 and p90 comes nearer to logged pings than a normal', ({ skip }) => {
  const advice = "set COUNTERPOISE_DATA to the data's folder"
  if (!existsSync(file)) skip(`No ping-logs in ${data}: ${advice}.`)
  const errors = (law: (p50: number, spread: number, level: number) => number): number => {
    const all = pairs.flatMap((pair) => {
      const sorted = logged(pair)
      const p50 = quantile(sorted, 0.5)
      const spread = quantile(sorted, 0.9) - p50
      return levels.map((p) => Math.abs(law(p50, spread, p) - quantile(sorted, p)) / spread)
    })
    return all.reduce((sum, error) => sum + error, 0) / all.length
  }
  const lognormalOf = (sigma: number) => (p50: number, spread: number, level: number) => {
    const fit = fitLognormal(p50, spread, sigma)
    return fit.shift + fit.median * Math.exp(fit.sigma * normalQuantile(level))
  }
  const lognormal = errors(lognormalOf(defaultSigma))
  const z90 = normalQuantile(0.9)
  // Mean errors in units of p90 − p50: of the fit, of a normal through both, of the wider one.
  const normal = errors((p50, spread, p) => p50 + (spread * normalQuantile(p)) / z90)
  const wide = errors((p50, spread, p) => p50 + spread * normalQuantile(p))
  expect(lognormal).toBeLessThan(0.2)
  expect(lognormal).toBeLessThan(normal)
  expect(normal).toBeLessThan(wide)
  for (const sigma of [0.05, 0.1, 0.2, 0.4, 0.5, 0.8]) {
    expect(lognormal).toBeLessThan(errors(lognormalOf(sigma)))
  }
})

function logged(pair: string): number[] {
  const rows = readFileSync(file, 'utf8').trim().split(/\r?\n/)
  const own = rows.map((row) => row.split(',')).filter(([name]) => name === pair)
  expect(own).toHaveLength(400)
  return own.map((cells) => Number(cells[2])).sort((a, b) => a - b)
}

function quantile(sorted: readonly number[], level: number): number {
  const at = level * (sorted.length - 1)
  const low = sorted[Math.floor(at)]!
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at))
}
