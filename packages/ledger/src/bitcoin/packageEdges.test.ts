import { expect, test } from 'vitest'
import {
  type BitcoinPolicy,
  bitcoinPolicies,
  createBitcoinPool,
  createTransactions,
} from '../index.ts'
import { blockWeightLimit, corePackageLimits } from './policy.ts'

function createDesk(policy: BitcoinPolicy) {
  const table = createTransactions()
  const pool = createBitcoinPool({ table, policy })
  let now = 0
  return {
    pool,
    /** Of so many weight units at 5 sat/vB. */
    pay: (weight: number, parents: number[] = []): string | undefined =>
      pool.submit(table.add({ fee: 5 * Math.ceil(weight / 4), weight, parents }), (now += 1e6)),
  }
}

test('the carve-out is for a child of one transaction alone', () => {
  const { pay } = createDesk(bitcoinPolicies.v29)
  pay(400)
  for (let id = 1; id < 25; id++) pay(400, [id - 1])
  // The second has an ancestor itself.
  expect(pay(400, [1])).toBe('too large a package')
  expect(pay(400, [0])).toBeUndefined()
})

test('the carve-out adds 10,000 virtual bytes to the 101,000 of descendants', () => {
  const { pay } = createDesk(bitcoinPolicies.v29)
  pay(4 * 1_000)
  expect(pay(4 * 95_000, [0])).toBeUndefined()
  expect(pay(4 * 5_500, [0])).toBeUndefined()
  // 101,500 by now, of at most 111,000.
  expect(pay(4 * 9_501, [0])).toBe('too large a package')
  expect(pay(4 * 9_500, [0])).toBeUndefined()
})

test('what is heavier than 400,000 weight units is not relayed', () => {
  const { pay } = createDesk(bitcoinPolicies.v29)
  expect([pay(400_000), pay(400_001)]).toEqual([undefined, 'too heavy'])
})

test('a pool that a reorganisation fills drops the worst until it fits', () => {
  const memory = { capacityBytes: 2_000, bytesPerTransaction: 0, bytesPerWeightUnit: 1 }
  for (const policy of [bitcoinPolicies.v29, bitcoinPolicies.v31]) {
    const { pay, pool } = createDesk({ ...policy, ...memory })
    for (let id = 0; id < 5; id++) pay(400)
    pool.connect([0, 1, 2], 1e8)
    for (let id = 5; id < 8; id++) pay(400)
    expect(pool.usedBytes()).toBe(2_000)
    pool.reorganise([0, 1, 2], [], 2e8)
    expect([pool.usedBytes(), pool.size()]).toEqual([2_000, 5])
  }
})

test('the policies are those of Bitcoin Core', () => {
  const { v29, v30, v31 } = bitcoinPolicies
  // One satoshi per virtual byte up to v29, a tenth of one from v30 on; clusters from v31 on.
  const found = [v29, v30, v31].map((each) => [each.rules, each.relayRate, each.incrementalRate])
  expect(found).toEqual([
    ['ancestors', 1_000, 1_000],
    ['ancestors', 100, 100],
    ['clusters', 100, 100],
  ])
  for (const policy of [v29, v30, v31]) {
    // 300 MB for 336 hours; miners take a thousandth of a satoshi per virtual byte.
    expect(policy).toMatchObject({ blockRate: 1, capacityBytes: 300e6, expiry: 14 * 86_400e6 })
    // A payment of 564 weight units takes some 1.1 kB of it.
    const memory = policy.bytesPerTransaction + 564 * policy.bytesPerWeightUnit
    expect(Math.abs(memory - 1_100)).toBeLessThan(50)
  }
  expect(blockWeightLimit).toBe(3_996_000)
  expect(corePackageLimits).toEqual({
    ...{ ancestors: 25, ancestorBytes: 101_000, descendants: 25, descendantBytes: 101_000 },
    ...{ carveOutBytes: 10_000, cluster: 64, clusterBytes: 101_000, replaced: 100 },
  })
})
