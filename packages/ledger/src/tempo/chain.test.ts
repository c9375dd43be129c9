import { seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createBlockStore, genesis } from '../blockStore.ts'
import { createMempool } from '../mempool.ts'
import { createTempoChain, type TempoChainOptions } from './chain.ts'
import { tempoRules } from './forks.ts'
import { tempoChannelGas, tempoTransferGas } from './gas.ts'
import { createTempoFill, tempoLimits } from './lanes.ts'
import { createTempoState } from './state.ts'
import type { TempoTransaction } from './transactions.ts'

const rules = { ...tempoRules('T8'), expiringRingEntries: 3 }

/** A chain of one token, or of two with a pool of the Fee AMM between them. */
function createCase(changes: Partial<TempoChainOptions> = {}) {
  const blocks = createBlockStore()
  const transactions: TempoTransaction[] = []
  const dropped: [number, string][] = []
  const expected: number[] = []
  const pool = createMempool({
    ...{ capacityUnits: 1e12, minimumPrice: 600_000_000, onEvicted: () => {} },
  })
  const mempool = {
    ...pool,
    expectBaseFee: (baseFee: number): void => {
      expected.push(baseFee)
      pool.expectBaseFee(baseFee)
    },
  }
  const pools = [{ from: 'A', to: 'P', liquidity: 1_000_000 }]
  const tokens = [{ name: 'P' }, { name: 'A', quote: 'P' }]
  const state = createTempoState({ ...{ rules, blocks, pools, tokens }, holds: () => true })
  const chain = createTempoChain({
    ...{ blocks, mempool, state, transactions, pools },
    ...{ baseFeeRule: rules.baseFee, costOf: () => () => 0, tokenOf: () => 'P' },
    limits: {
      ...{ gas: 500_000_000, generalGas: 30_000_000, transactionGas: 30_000_000 },
      ...{ bytes: 8_388_608, timeUs: 1_000_000 },
    },
    ...{ otherGas: () => 0, policyGas: 1, validatorGas: 1 },
    rebalancing: { above: Number.POSITIVE_INFINITY, gas: 150_000 },
    onDropped: (id, why) => void dropped.push([id, why]),
    ...changes,
  })
  let now = 0
  return {
    ...{ blocks, chain, dropped, expected, state },
    offer: (given: Partial<TempoTransaction> = {}, bid = { cap: 12e9, tip: 0 }): number => {
      const id = transactions.length
      const from = given.from ?? 0
      transactions.push({
        ...{ id, from, lane: 'payment', calls: [{ payment: id, to: 9 }], token: 0, feeToken: 0 },
        ...{ nonce: 'protocol', nonceKey: 0, validBefore: 1e9, signature: 'secp256k1' },
        ...{ keychain: false, virtualAddress: false, customPolicy: false, bytes: 251 },
        ...{ gasLimit: 300_000, sequence: state.sequenceOf(from, 0), place: 0, ...given },
      })
      expect(mempool.offer(id, bid, 50_000)).toBe('added')
      return id
    },
    build: (bytes?: number): number => {
      now += seconds(1)
      const parent = blocks.size() - 1
      return chain.build(parent, { proposer: 0, time: now, round: now, bytes })
    },
  }
}

test('a place that another transaction has taken is dropped, and one to come waits', () => {
  const { build, chain, dropped, offer } = createCase()
  const [first, third] = [offer({ place: 0 }), offer({ place: 2 })]
  expect(chain.block(build())!.ids).toEqual([first])
  const again = offer({ place: 0 })
  expect(chain.block(build())!.ids).toEqual([])
  expect(dropped).toEqual([[again, 'nonce too low']])
  const second = offer({ place: 1 })
  expect(chain.block(build())!.ids).toEqual([second, third])
})

test('the pool knows the base fee of the next block, and a block what its maker adds', () => {
  const { blocks, build, chain, expected, offer } = createCase()
  offer()
  const first = build(1_000)
  expect([blocks.bytes(first), blocks.bytes(build())]).toEqual([1_251, 0])
  // From the cap an eighth less for an empty block, and less than that for one transfer.
  const target = 10_000_000
  const fall = Math.floor(Math.floor((12e9 * (target - 39_858)) / target) / 8)
  expect(expected).toEqual([12e9, 12e9 - fall, (12e9 - fall) * (7 / 8)].map(Math.ceil))
  expect(chain.baseFee(first)).toBe(12e9)
  expect(chain.nextBaseFee(genesis)).toBe(12e9)
})

describe('users’ tokens are bought out of the Fee AMM', () => {
  const reserves = (above: number, generalGas = 30_000_000): bigint[] => {
    const { build, offer, state } = createCase({
      rebalancing: { above, gas: 150_000 },
      limits: {
        ...{ gas: 500_000_000, generalGas, transactionGas: 30_000_000 },
        ...{ bytes: 8_388_608, timeUs: 1_000_000 },
      },
    })
    return [0, 1].map((place) => {
      offer({ feeToken: 1, place })
      build()
      return state.amm.pool('A', 'P').userReserve
    })
  }
  // ⌈12e9 · 39,858 ÷ 10¹²⌉ = 479 millionths for the first one, 419 for the second one.
  const [first, second] = [479n, 419n]

  test('default: as soon as a pool has as many of them', () => {
    expect(reserves(480)).toEqual([first, first + second])
    expect(reserves(479)).toEqual([first, second])
  })

  test('behavior: where the general lane has room for that', () => {
    expect(reserves(1, 150_000)).toEqual([first, second])
    expect(reserves(1, 149_999)).toEqual([first, first + second])
  })
})

test('gas by the kind of signature, and of what is done to a channel', () => {
  // 26,000 for P-256 where secp256k1 has 21,000, and 3,000 for an access key.
  expect(tempoTransferGas(rules, { signature: 'p256' }).gas).toBe(39_858 + 26_000 - 21_000)
  expect(tempoTransferGas(rules, { keychain: true }).gas).toBe(39_858 + 3_000)
  expect(tempoTransferGas(rules, { nonce: 'existing-key' }).gas).toBe(39_858 + 5_200)
  expect(tempoChannelGas).toEqual({
    ...{ open: 298_825, topUp: 47_005, settle: 301_831, close: 80_913 },
  })
})

test('limits are those of the main network; a block costs what all in it takes', () => {
  expect(tempoLimits(7)).toEqual({
    ...{ gas: 500_000_000, generalGas: 30_000_000, transactionGas: 30_000_000 },
    ...{ bytes: 8 * 1_024 * 1_024, timeUs: 7 },
  })
  const asked: number[][] = []
  const cost = (...what: number[]): number => {
    asked.push(what)
    return what[2]!
  }
  const fill = createTempoFill({ limits: tempoLimits(2), cost, generalGas: 100 })
  const outcomes = [1, 2, 3].map(() =>
    fill.offer({ lane: 'payment', gas: 50, bytes: 10, timeUs: 0 }),
  )
  expect(outcomes).toEqual(['included', 'included', 'build budget'])
  expect(asked).toEqual([[150, 10, 1], [200, 20, 2], [250, 30, 3]])
})
