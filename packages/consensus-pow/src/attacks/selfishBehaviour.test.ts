import { seconds } from '@counterpoise/engine'
import { genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { selfishRevenue } from '../closedForms.ts'
import { chainBlocksByMiner } from '../measures.ts'
import { createMiners, runBlocks } from '../testing.ts'
import { selfishBehaviour } from './selfishBehaviour.ts'

/** Part of the chain's blocks that the first member gets. */
function revenueOf(seed: string, alpha: number, isSelfish: boolean): number {
  const others = Array.from({ length: 5 }, () => (1 - alpha) / 5)
  const miners = createMiners({
    ...{ seed, weights: [alpha, ...others], delay: seconds(0.01) },
    parameters: { retarget: 'none' },
    ...(isSelfish && { behaviours: new Map([[0, selfishBehaviour]]) }),
  })
  runBlocks(miners, 8_000)
  const { blocks, cluster } = miners
  const head = cluster.head(1)
  expect(head).not.toBe(genesis)
  return chainBlocksByMiner(blocks, head, 6)[0]! / blocks.height(head)
}

test.each([0.25, 0.4])('message by message, alpha = %f earns as SM1 without a tie won', (alpha) => {
  const values = Array.from({ length: 10 }, (_, run) => revenueOf(`selfish ${run}`, alpha, true))
  const mean = values.reduce((sum, value) => sum + value, 0) / 10
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  // Student's t with 9 degrees of freedom, 99 %.
  const ci99 = 3.25 * Math.sqrt(squares / 9 / 10)
  const expected = selfishRevenue(alpha, 0)
  expect(Math.abs(mean - expected), `${mean} ± ${ci99} for ${expected}`).toBeLessThan(ci99)
  expect(ci99).toBeLessThan(0.02)
})

test('behavior: without it, the member earns its share', () => {
  expect(Math.abs(revenueOf('honest', 0.4, false) - 0.4)).toBeLessThan(0.015)
})
