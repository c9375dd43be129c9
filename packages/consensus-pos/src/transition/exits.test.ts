import { expect, test } from 'vitest'
import { deposit } from './deposits.ts'
import { exitMembers } from './exits.ts'
import { farFuture } from './registry.ts'
import { createBeaconState } from './validatorGroup.ts'
import { requestWithdrawal } from './withdrawals.ts'

test('who is not active yet cannot leave', () => {
  const groups = [{ entity: 'one', count: 3 }]
  const state = createBeaconState({ groups, fork: 'deneb', start: 'running' })
  const fresh = { group: 0, rank: 3, count: 2, amountGwei: 32e9, compounding: false }
  deposit(state, { ...fresh, epoch: state.epoch })
  exitMembers(state, 0, 5)
  const { exitEpoch, size } = state.registry
  // Three leave in one epoch, five after this one; the two new ones wait for their activation.
  expect([...exitEpoch.subarray(0, size)]).toEqual([state.epoch + 5, farFuture])
})

test('who has been active for 256 epochs may ask to leave', () => {
  const leavesAt = (epoch: number): boolean => {
    const groups = [{ entity: 'one', count: 3 }]
    const state = createBeaconState({ groups, fork: 'electra', start: 'running', epoch })
    requestWithdrawal(state, { group: 0, rank: 0, count: 1 }, 0)
    return state.registry.exitEpoch[0] !== farFuture
  }
  expect([255, 256, 257].map(leavesAt)).toEqual([false, true, true])
})

test('several withdrawals that were asked for take no more together than is above 32 ETH', () => {
  const groups = [{ entity: 'one', count: 1, balanceEther: 40, compounding: true }]
  const state = createBeaconState({ groups, fork: 'electra', start: 'running', epoch: 300 })
  const ask = (ether: number): void =>
    requestWithdrawal(state, { group: 0, rank: 0, count: 1 }, ether * 1e9)
  for (const ether of [5, 5, 5]) ask(ether)
  expect(state.withdrawals.map(({ amountGwei }) => amountGwei)).toEqual([5e9, 3e9])
})
