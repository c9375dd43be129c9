import { readFileSync } from 'node:fs'
import { renderReport, reportInputOf, type RunResult } from 'counterpoise'
import { beforeAll, describe, expect, test } from 'vitest'
import { compareRails } from './hybrid.ts'

describe('the hybrid comparison, small', () => {
  let outcome: Awaited<ReturnType<typeof compareRails>>
  let rails: RunResult['rails']
  beforeAll(async () => {
    outcome = await compareRails({ hours: 1, burst: 0.02, seed: 'example' })
    rails = outcome.runs[0]!.rails
  }, 240_000)

  test('default: the same payments are offered to all rails and to the router', () => {
    expect(Object.keys(rails)).toEqual(['bitcoin', 'ethereum', 'tempo', 'visa', 'hybrid'])
    const offered = Object.values(rails).map((rail) => rail.offered)
    expect(new Set(offered).size).toBe(1)
    // Five a second for an hour, and the burst.
    expect(offered[0]).toBeGreaterThan(18_000)
    for (const rail of Object.values(rails)) {
      expect(rail.final + rail.failed + rail.pending).toBe(rail.offered)
    }
  })

  test('default: the checks held, and the run came to its end', () => {
    const { checks, partial, seed } = outcome.result
    expect(checks).toEqual({ conservation: 'held', agreement: 'held', liveness: 'held' })
    expect({ partial, seed }).toEqual({ partial: false, seed: 'example' })
    expect(outcome.violations).toEqual([])
  })

  test('default: the rails differ as they do in the world', () => {
    const medianFinality = (name: string): number => rails[name]!.time_to_finality_ms!.p50
    expect(medianFinality('tempo')).toBeLessThan(2_000)
    expect(medianFinality('ethereum')).toBeGreaterThan(10 * 60_000)
    expect(medianFinality('bitcoin')).toBeGreaterThan(medianFinality('ethereum'))
    expect(medianFinality('visa')).toBeGreaterThan(12 * 3_600_000)
    expect(rails['visa']!.fee_usd!.mean).toBeGreaterThan(rails['tempo']!.fee_usd!.mean)
    expect(rails['bitcoin']!.energy_watts).toBeGreaterThan(500 * rails['visa']!.energy_watts!)
    expect(rails['ethereum']!.blocks!.interval_ms!.p50).toBeGreaterThan(11_900)
    expect(rails['ethereum']!.blocks!.interval_ms!.p50).toBeLessThan(12_500)
  })

  test('default: the outage cuts off payers of every rail, and the router finds them a way', () => {
    const arrived = (name: string): number =>
      rails[name]!.outage!.included / rails[name]!.outage!.offered
    for (const name of ['bitcoin', 'ethereum', 'tempo', 'visa']) {
      expect(rails[name]!.failed_by_reason['no access']).toBeGreaterThan(0)
      expect(arrived('hybrid')).toBeGreaterThan(arrived(name))
    }
    const carried = Object.values(rails['hybrid']!.routed_share!)
    expect(carried.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
  })

  test('default: makes a report', async () => {
    const page = await renderReport(reportInputOf(outcome))
    expect(page).toContain('us-east-1 down')
    expect(page).toContain(outcome.result.digest)
  })
})

test('the example has at most 40 lines', () => {
  const text = readFileSync(new URL('./hybrid.ts', import.meta.url), 'utf8')
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40)
})
