import { expect, test } from 'vitest'
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
