import { expect, test, vi } from 'vitest'
import { chartOf, sweepAbsent } from './finalityRecovery.ts'

test('the sweep follows its closed forms, and its chart has four kinds of marks', () => {
  const rows = sweepAbsent([0.35, 0.36, 0.43])
  for (const { small, stepped, large, smooth } of rows) {
    expect(small / stepped).toBeCloseTo(1, 2)
    expect(large / smooth).toBeCloseTo(1, 2)
  }
  const svg = chartOf(rows)
  // Three dots in two rows, and one of each in the legend.
  expect(svg.match(/<circle/g)).toHaveLength(8)
  expect(svg).toContain('2,048 ETH, simulated')
})

test('an outage of four tenths delays what is final until they are back', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue()
  await import('./beaconOutage.ts')
  const [votes, delay] = log.mock.calls as [string[], string[]]
  expect(Number(votes[1])).toBeGreaterThan(0.85)
  expect(Number(votes[3])).toBeGreaterThan(0.95)
  // Four epochs down, and up to three more until what was proposed at their beginning is final.
  expect(Number(delay[1])).toBeGreaterThan(2_200)
  expect(Number(delay[1])).toBeLessThan(3_200)
  log.mockRestore()
})
