import { seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { staleShareOf } from '../measures.ts'
import { createMiners, runBlocks } from '../testing.ts'
import { runMinerLevel } from './runMinerLevel.ts'

const weights = [5, 4, 3, 2, 1]
const delay = seconds(150)
const blocks = 4_000

/** A complete network whose links all take the same time, message by message. */
function runMessageLevel(seed: string): ReturnType<typeof createMiners> {
  const miners = createMiners({ seed, weights, delay, parameters: { retarget: 'none' } })
  runBlocks(miners, blocks)
  return miners
}

describe('a complete network with one delay', () => {
  const miners = runMessageLevel('compare')
  const store = miners.blocks
  const numbers = Array.from({ length: blocks }, (_, index) => index + 1)
  const constant = { kind: 'constant', value: delay / 1_000 } as const

  test('default: the same finds give the same tree at both levels', () => {
    const finders = numbers.map((block) => store.proposer(block))
    const times = numbers.map((block) => store.time(block))
    const options = { shares: weights, blocks, delayMs: constant, finds: { finders, times } }
    const { tree, stale } = runMinerLevel({ ...options, tree: true })
    expect(stale).toBeGreaterThan(500)
    expect([...tree!.parents].slice(1)).toEqual(numbers.map((block) => store.parent(block)))
  })

  test('drawn on its own, the stale share is the same within 99 %', () => {
    const runs = 12
    const shareOf = (replication: number): number =>
      runMinerLevel({ seed: 'compare', replication, shares: weights, blocks, delayMs: constant })
        .staleShare
    const shares = Array.from({ length: runs }, (_, replication) => shareOf(replication))
    const mean = shares.reduce((sum, share) => sum + share, 0) / runs
    const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0)
    const deviation = Math.sqrt(squares / (runs - 1))
    const heaviest = numbers.reduce((best, block) =>
      store.totalWork(block) > store.totalWork(best) ? block : best,
    )
    const difference = Math.abs(staleShareOf(store, heaviest) - mean)
    // Student's t with 11 degrees of freedom: 3.106; one run against the mean of twelve.
    expect(difference).toBeLessThan(3.106 * deviation * Math.sqrt(1 + 1 / runs))
    expect(deviation).toBeLessThan(0.02)
  })
})
