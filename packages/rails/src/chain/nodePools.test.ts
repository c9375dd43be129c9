import { hours, seconds } from '@counterpoise/engine'
import { bitcoinPolicies, createBlockStore, createTransactions } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { createNodePool } from './nodePools.ts'

/** A pool that learns from blocks; transactions have 400 WU, which are 100 virtual bytes. */
function createCase(estimates = true) {
  const table = createTransactions()
  const blocks = createBlockStore()
  const contents: Int32Array[] = [new Int32Array(0)]
  const policy = { ...bitcoinPolicies.v31, expiry: hours(1) }
  const node = createNodePool({
    ...{ table, blocks, policy, estimates, transactionsOf: (block) => contents[block]! },
  })
  let now = 0
  return {
    ...{ node, blocks },
    /** Submits one of a feerate, sat/vB. */
    send: (rate: number, parents: number[] = []): number => {
      const id = table.add({ fee: rate * 100, weight: 400, parents })
      expect(node.submit(id, now)).toBeUndefined()
      return id
    },
    /** A block with these; the node follows it unless told otherwise. */
    mine: (ids: readonly number[], isSeen = true): number => {
      now += seconds(60)
      const parent = blocks.size() - 1
      const block = blocks.append({ parent, proposer: 0, time: now, round: 1 })
      contents[block] = Int32Array.from(ids)
      if (isSeen) node.moveTo(block, now)
      return block
    },
    wait: (time: number): void => void (now += time),
    moveTo: (block: number): void => node.moveTo(block, now),
  }
}

/** What one transaction of a rate in each of so many blocks takes, four at a time. */
function mineAll({ mine, send }: ReturnType<typeof createCase>, rate: number, count: number): void {
  for (let block = 0; block < count; block++) mine([0, 1, 2, 3].map(() => send(rate)))
}

test('default: what was mined with the next block is enough, sat/kvB', () => {
  const chain = createCase()
  mineAll(chain, 8, 12)
  expect(chain.node.estimator!.estimate(2)).toBe(8_000)
  expect(createCase(false).node.estimator).toBeUndefined()
})

test('feerates below 1 sat/vB are told apart, as far as the pool relays them', () => {
  const chain = createCase()
  // As many wait at 0.2 sat/vB as are mined at 0.8: one bucket for both would be no good.
  for (let block = 0; block < 20; block++) {
    for (let k = 0; k < 4; k++) chain.send(0.2)
    mineAll(chain, 0.8, 1)
  }
  expect(chain.node.estimator!.estimate(2)).toBe(800)
})

test('behavior: who spends what is in the pool says nothing of its own feerate', () => {
  const chain = createCase()
  for (let block = 0; block < 12; block++) {
    const parents = [0, 1, 2, 3].map(() => chain.send(8))
    const children = parents.map((parent) => chain.send(90, [parent]))
    chain.mine([...parents, ...children])
  }
  expect(chain.node.estimator!.estimate(2)).toBe(8_000)
})

test('behavior: what expires waits no more', () => {
  const chain = createCase()
  for (let k = 0; k < 60; k++) chain.send(8)
  chain.wait(hours(2))
  // They are out before a block has passed them by; did they still wait, most would not be mined.
  mineAll(chain, 8, 12)
  expect(chain.node.estimator!.estimate(2)).toBe(8_000)
})

test('behavior: of several blocks at once each counts with its own height', () => {
  const chain = createCase()
  // Mined within one block after another; the node hears of three blocks together.
  for (let round = 0; round < 10; round++) {
    const ids = Array.from({ length: 12 }, () => chain.send(8))
    chain.mine(ids.slice(0, 4), false)
    chain.mine(ids.slice(4, 8), false)
    chain.moveTo(chain.mine(ids.slice(8), false))
  }
  // A third took one block, a third two, a third three: within three blocks all were mined.
  expect(chain.node.estimator!.estimate(6)).toBe(8_000)
})
