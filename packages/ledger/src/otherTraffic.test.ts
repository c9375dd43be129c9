import { expect, test } from 'vitest'
import { ethereumBaseFee } from './baseFee.ts'
import { createBlockStore, genesis } from './blockStore.ts'
import { createChainState, type OtherTraffic } from './chainState.ts'
import { createMempool } from './mempool.ts'

/** A chain of blocks of 100 units; payments take 10 each. */
function chainWith(otherTraffic: OtherTraffic | undefined, waiting: number) {
  const blocks = createBlockStore()
  const mempool = createMempool({
    capacityUnits: 10_000,
    minimumPrice: 0,
    onEvicted: () => {},
  })
  const state = createChainState({
    ...{ blocks, mempool, otherTraffic, unitsLimit: 100, bytesLimit: 1e6, bytesPerPayment: 1 },
    baseFeeRule: ethereumBaseFee(1_000, 100),
  })
  for (let payment = 0; payment < waiting; payment++) {
    mempool.offer(payment, { cap: 1e6, tip: 1 }, 10)
  }
  const block = state.build(genesis, { proposer: 0, time: 1, round: 1 })
  return {
    payments: blocks.paymentCount(block),
    gas: blocks.gas(block),
    next: state.nextBaseFee(block),
  }
}

test('without other traffic, an empty block lowers the base fee', () => {
  expect(chainWith(undefined, 0)).toEqual({ payments: 0, gas: 0, next: 875 })
})

test('traffic that gives way fills what payments leave and holds the base fee', () => {
  const other = { unitsPerBlock: 50, givesWay: true }
  expect(chainWith(other, 0)).toEqual({ payments: 0, gas: 50, next: 1_000 })
  expect(chainWith(other, 3)).toEqual({ payments: 3, gas: 50, next: 1_000 })
  expect(chainWith(other, 20)).toEqual({ payments: 10, gas: 100, next: 1_125 })
})

test('traffic of a lane takes its units first, and never more than the lane', () => {
  const other = { unitsPerBlock: 1_000, laneLimit: 30, givesWay: false }
  expect(chainWith(other, 0)).toEqual({ payments: 0, gas: 30, next: 950 })
  expect(chainWith(other, 20)).toEqual({ payments: 7, gas: 100, next: 1_125 })
})

test('behavior: a lane that nobody fills leaves the block to payments', () => {
  const other = { unitsPerBlock: 0, laneLimit: 30, givesWay: false }
  expect(chainWith(other, 20)).toEqual({ payments: 10, gas: 100, next: 1_125 })
})

test('traffic pays its highest price, and no more', () => {
  const other = { unitsPerBlock: 50, givesWay: true }
  expect(chainWith({ ...other, priceLimit: 1_000 }, 0).gas).toBe(50)
  expect(chainWith({ ...other, priceLimit: 999 }, 0).gas).toBe(0)
})

test('behavior: traffic leaves when the base fee is above what it pays, and comes back', () => {
  const blocks = createBlockStore()
  const mempool = createMempool({ capacityUnits: 10_000, minimumPrice: 0, onEvicted: () => {} })
  const state = createChainState({
    ...{ blocks, mempool, unitsLimit: 100, bytesLimit: 1e6, bytesPerPayment: 1 },
    otherTraffic: { unitsPerBlock: 50, givesWay: true, priceLimit: 1_000 },
    baseFeeRule: ethereumBaseFee(1_000, 100),
  })
  for (let payment = 0; payment < 20; payment++) mempool.offer(payment, { cap: 1e6, tip: 1 }, 10)
  let head = genesis
  const seen = Array.from({ length: 6 }, (_, k) => {
    head = state.build(head, { proposer: 0, time: k, round: k + 1 })
    return [state.baseFee(head), blocks.gas(head)]
  })
  expect(seen).toEqual([
    [1_000, 100],
    [1_125, 100],
    // Nobody is left who would pay as much: the base fee falls until the others return.
    [1_265, 0],
    [1_107, 0],
    [969, 50],
    [969, 50],
  ])
})
