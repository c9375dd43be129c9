import { createStream, exponential } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { bitcoinPolicies, createBitcoinPool, createTransactions } from '../index.ts'

type Market = {
  /** Transactions per second of each feerate, sat/vB, the highest last. */
  rates: readonly number[]
  /** Virtual bytes of a transaction; one block of `weightLimit` every 600 s on average. */
  bytes: number
  weightLimit: number
  blocks: number
  replication: number
}

/** Poisson arrivals and exponential blocks; mean waits by class, s, and what was mined a second. */
function simulate({ rates, bytes, weightLimit, blocks, replication }: Market) {
  const stream = createStream({ seed: 'saturation', replication, purpose: 'market' })
  const table = createTransactions()
  const pool = createBitcoinPool({ table, policy: bitcoinPolicies.v31 })
  const arrivedAt: number[] = []
  const classOf: number[] = []
  const sums = rates.map(() => ({ count: 0, wait: 0 }))
  const total = rates.reduce((sum, rate) => sum + rate, 0)
  const seconds = 1e6
  let now = 0
  let nextBlock = exponential(stream, 600)
  let made = 0
  let mined = 0
  while (made < blocks) {
    const arrival = now + exponential(stream, 1 / total)
    if (arrival > nextBlock) {
      now = nextBlock
      const ids = pool.select(weightLimit)
      pool.connect(ids, now * seconds)
      made++
      // The first fifth is the way to the steady state.
      if (made > blocks / 5) {
        mined += ids.length
        for (const id of ids) {
          const sum = sums[classOf[id]!]!
          sum.count++
          sum.wait += now - arrivedAt[id]!
        }
      }
      nextBlock = now + exponential(stream, 600)
      continue
    }
    now = arrival
    let draw = stream.uniform() * total
    let index = 0
    while (index < rates.length - 1 && draw > rates[index]!) draw -= rates[index++]!
    const id = table.add({ fee: (index + 1) * 10 * bytes, weight: bytes * 4 })
    classOf[id] = index
    arrivedAt[id] = now
    pool.submit(id, now * seconds)
  }
  return {
    waits: sums.map(({ count, wait }) => wait / count),
    minedPerBlock: mined / (made - Math.floor(blocks / 5)),
  }
}

/**
 * Mean wait in a queue from which a Poisson process of rate μ takes up to k: the number waiting is
 * geometric with the root of μ rᵏ⁺¹ − (λ + μ) r + λ in (0, 1) (Bailey, 1954); and Little's law.
 */
function bulkWait(arrivals: number, services: number, most: number): number {
  let [low, high] = [0, 1 - 1e-9]
  for (let step = 0; step < 200; step++) {
    const r = (low + high) / 2
    const value = services * r ** (most + 1) - (arrivals + services) * r + arrivals
    if (value > 0) low = r
    else high = r
  }
  return low / (1 - low) / arrivals
}

/** Mean and half of the 99 % confidence interval (Student, 19 degrees of freedom). */
function interval(values: readonly number[]): { mean: number; half: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, half: 2.861 * Math.sqrt(squares / (values.length - 1) / values.length) }
}

const replications = Array.from({ length: 20 }, (_, replication) => replication)

describe('a feerate market below saturation', () => {
  const bytes = 141
  const most = 20
  const market = { bytes, weightLimit: most * bytes * 4, blocks: 6_000 }
  // 80 % of what blocks hold, a quarter of it at the higher feerate.
  const rates = [0.6 * (most / 600), 0.2 * (most / 600)]
  const runs = replications.map((replication) => simulate({ ...market, rates, replication }))
  const expected = { all: bulkWait(rates[0]! + rates[1]!, 1 / 600, most) }

  test('whoever pays most waits as if there were nobody else', () => {
    const { mean, half } = interval(runs.map(({ waits }) => waits[1]!))
    const alone = bulkWait(rates[1]!, 1 / 600, most)
    expect(half / alone).toBeLessThan(0.02)
    expect(Math.abs(mean - alone)).toBeLessThan(half)
  })

  test('all together wait as long as in any order', () => {
    const { mean, half } = interval(runs.map(({ waits }) => 0.75 * waits[0]! + 0.25 * waits[1]!))
    expect(half / expected.all).toBeLessThan(0.1)
    expect(Math.abs(mean - expected.all)).toBeLessThan(half)
  })
})

describe('above saturation, blocks of 1 MvB every 600 s carry', () => {
  test.each([
    ['P2WPKH, 141 vB', 141, 11.8],
    ['P2TR, 154 vB', 154, 10.8],
    ['P2PKH, 226 B', 226, 7.4],
  ])('%s', (_name, bytes, perSecond) => {
    const { minedPerBlock } = simulate({
      ...{ rates: [6, 9], bytes, weightLimit: 3_996_000, blocks: 25, replication: 0 },
    })
    expect(minedPerBlock).toBe(Math.floor(3_996_000 / (bytes * 4)))
    expect(minedPerBlock / 600).toBeCloseTo(perSecond, 1)
  })
})
