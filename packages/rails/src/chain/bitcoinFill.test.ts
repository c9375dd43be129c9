import { createSimulation, seconds } from '@counterpoise/engine'
import { bitcoinPolicies, createBlockStore, type OtherTraffic } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createBitcoinMarket } from './bitcoinMarket.ts'
import type { PaymentLives } from './lives.ts'
import type { ChainRailOptions } from './options.ts'

/** Blocks of 4,000 WU for payments of 1,000 WU and 250 bytes; one miner, one access node. */
function createMarket(otherTraffic?: OtherTraffic) {
  const blocks = createBlockStore()
  const chain = {
    ...{ validators: ['v'], accessNodes: ['a'], wallet: { strategy: 'mempool depth' } },
    rules: {
      ...{ unitsLimit: 4_000, unitsPerPayment: 1_000, bytesLimit: 1e6, bytesPerPayment: 250 },
      otherTraffic,
    },
  } as unknown as ChainRailOptions
  const market = createBitcoinMarket(createSimulation({ seed: 'fill' }), {
    ...{ blocks, chain, accessOf: () => 1, bitcoin: { policy: bitcoinPolicies.v31 } },
    lives: { isWaiting: () => false } as unknown as PaymentLives,
  })
  let round = 0
  return {
    ...{ blocks, market },
    build: (omits?: Parameters<typeof market.build>[1]['omits']): number => {
      const seal = { proposer: 0, time: seconds(600), round: ++round, omits }
      return market.build(blocks.size() - 1, seal)
    },
  }
}

const bid = { cap: 1, tip: 1 }

describe('what a block holds besides payments', () => {
  const traffic = { unitsPerBlock: 2_500, givesWay: true }

  test.each([
    // Payments push aside what gives way; what does not has its place before them.
    [traffic, 1, 2_500],
    [traffic, 3, 3_000],
    [{ ...traffic, givesWay: false }, 1, 1_000 + 2_500],
    [{ ...traffic, laneLimit: 1_500 }, 1, 1_500],
    [{ ...traffic, givesWay: false, laneLimit: 1_500 }, 5, 2_000 + 1_500],
    [{ ...traffic, unitsPerBlock: 9_000 }, 0, 4_000],
  ])('%j and %i payments: %i units', (otherTraffic, payments, units) => {
    const { blocks, build, market } = createMarket(otherTraffic)
    for (let payment = 0; payment < payments; payment++) market.offer(payment, bid)
    expect(blocks.gas(build())).toBe(units)
  })

  test('behavior: nothing where its maker leaves all out', () => {
    const { blocks, build, market } = createMarket(traffic)
    market.offer(0, bid)
    const empty = build('everything')
    expect([blocks.gas(empty), blocks.paymentCount(empty)]).toEqual([0, 0])
  })
})

test('a block that leaves payments out is filled with the next best', () => {
  const { blocks, build, market } = createMarket()
  for (let payment = 0; payment < 12; payment++) {
    market.offer(payment, { cap: 12 - payment, tip: 12 - payment })
  }
  const block = build((payment) => payment < 6)
  expect([...blocks.payments(block)]).toEqual([6, 7, 8, 9])
  expect([...blocks.payments(build())]).toEqual([0, 1, 2, 3])
})

test('a payment whose coins are spent otherwise is known no more', () => {
  const { market } = createMarket()
  expect(market.offer(0, bid)).toBeUndefined()
  expect(market.knows(0)).toBe(true)
  expect(market.spendTwice(0, { cap: 3, tip: 3 })).toBe(true)
  expect([market.knows(0), market.reasonGone(0)]).toEqual([false, 'replaced'])
})
