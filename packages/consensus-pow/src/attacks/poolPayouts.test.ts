import { expect, test } from 'vitest'
import { poolPayouts } from './poolPayouts.ts'

test('a pool divides its blocks by hash rate, infiltrators included; others keep theirs', () => {
  const miners = [
    { share: 0.2, revenueShare: 0.1 },
    { share: 0.3, revenueShare: 0.4 },
    { share: 0.5, revenueShare: 0.5 },
  ]
  // Two and three fifths of 0.4; what an infiltrator has found for itself is its own.
  const paid = poolPayouts({ miners }, { pool: 1, infiltrators: [0] })
  expect(paid).toEqual([0.1 + 0.16, 0.24, 0.5].map((each) => expect.closeTo(each, 12)))
})
