import { expect, test } from 'vitest'
import { deposit } from './deposits.ts'
import { exitMembers } from './exits.ts'
import { farFuture } from './registry.ts'
import { createBeaconState } from './validatorGroup.ts'

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
