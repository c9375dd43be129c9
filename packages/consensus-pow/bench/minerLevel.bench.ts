import { bench, describe } from 'vitest'
import { selfishMining } from '../src/attacks/strategies.ts'
import type { MinerLevelOptions } from '../src/minerLevel/options.ts'
import { runMinerLevel } from '../src/minerLevel/runMinerLevel.ts'

/** Blocks per call; blocks per second are calls per second times this. */
const blocks = 100_000

const equalShares = (count: number): number[] => Array.from({ length: count }, () => 1)
const intervals = (count: number): { kind: 'constant'; value: number } => ({
  kind: 'constant',
  value: 600_000 * count,
})

describe('consensus-pow/minerLevel', () => {
  const measure = (name: string, options: Omit<MinerLevelOptions, 'blocks'>): void => {
    bench(`${name}/blocks=${blocks}`, () => {
      runMinerLevel({ ...options, blocks })
    })
  }

  for (const miners of [2, 16, 128, 1_024]) {
    const shares = equalShares(miners)
    measure(`miners=${miners}/delayPerInterval=0.003`, { shares, delayMs: intervals(0.003) })
  }
  for (const perInterval of [0.01, 0.1, 1, 10]) {
    const delayMs = intervals(perInterval)
    measure(`miners=16/delayPerInterval=${perInterval}`, { shares: equalShares(16), delayMs })
  }
  measure('miners=16/delay=lognormal', {
    shares: equalShares(16),
    delayMs: { kind: 'lognormal', median: 1_000, sigma: 0.6 },
  })
  measure('miners=16/retarget=bitcoin', { shares: equalShares(16), retarget: 'bitcoin' })
  measure('miners=16/attack=selfish', {
    shares: equalShares(16).with(0, 7),
    attack: { strategy: selfishMining(), miner: 0, gamma: 0.5 },
  })
})
