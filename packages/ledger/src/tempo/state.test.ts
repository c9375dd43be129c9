import { seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createBlockStore } from '../blockStore.ts'
import { tempoRules } from './forks.ts'
import { createTempoState } from './state.ts'
import type { TempoTransaction } from './transactions.ts'

const slot = { seconds: 100, token: 'P' }

/** The state of a chain of one token that nobody holds yet, with a ring of one entry. */
function createCase() {
  const blocks = createBlockStore()
  const state = createTempoState({
    ...{ blocks, pools: [], tokens: [{ name: 'P' }], holds: () => false },
    rules: { ...tempoRules('T8'), expiringRingEntries: 1 },
  })
  const transaction = (id: number, changes: Partial<TempoTransaction> = {}): TempoTransaction => ({
    ...{ id, from: 0, lane: 'payment', calls: [{ payment: id, to: 1 }], token: 0, feeToken: 0 },
    ...{ nonce: 'expiring', nonceKey: 0, validBefore: 105, signature: 'secp256k1' },
    ...{ keychain: false, virtualAddress: false, customPolicy: false, bytes: 251 },
    ...{ gasLimit: 300_000, sequence: -1, place: 0, ...changes },
  })
  return { blocks, state, transaction }
}

test('a balance that a payment makes takes 250,000 gas, and none where it is refused', () => {
  const { state, transaction } = createCase()
  const twice = transaction(0, { calls: [{ payment: 0, to: 1 }, { payment: 1, to: 1 }] })
  // An expiring nonce takes 13,000.
  expect(state.gasOf(transaction(0), true)).toBe(39_858 + 13_000 + 250_000)
  expect(state.gasOf(transaction(0), false)).toBe(39_858 + 13_000)
  // Two payments to one account make one balance.
  expect(state.gasOf(twice, true)).toBe(39_858 + 18_858 + 13_000 + 250_000)
  const how = { gas: state.gasOf(transaction(0), true), price: 6e8, pays: true }
  state.execute(transaction(0), slot, how)
  expect(state.gasOf(transaction(1), true)).toBe(39_858 + 13_000)
})

test('a transaction waits while the ring is full, and is too late from its second on', () => {
  const { blocks, state, transaction } = createCase()
  const obstacleAt = (second: number, id = 1): string | undefined =>
    state.obstacleOf(transaction(id), { ...slot, seconds: second }, 1)
  expect(obstacleAt(100)).toBeUndefined()
  state.execute(transaction(0, { validBefore: 103 }), slot, { gas: 1, price: 1, pays: true })
  const block = blocks.append({ parent: 0, proposer: 0, time: seconds(100), round: 1 })
  state.seal(block)
  const waits = [100, 102, 103, 104, 105].map((second) => obstacleAt(second))
  expect(waits).toEqual(['ring full', 'ring full', undefined, undefined, 'nonce expired'])
  // On a chain without that block the ring is empty.
  state.moveTo(0)
  expect(obstacleAt(100)).toBeUndefined()
  state.moveTo(block)
  expect(obstacleAt(100)).toBe('ring full')
})
