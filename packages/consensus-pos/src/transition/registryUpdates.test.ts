import { describe, expect, test } from 'vitest'
import type { BeaconState } from './beaconState.ts'
import { farFuture } from './registry.ts'
import { updateRegistry } from './registryUpdates.ts'
import { createBeaconState } from './validatorGroup.ts'

/** Groups of so many validators each, in a chain whose epoch 300 is the last final one. */
function stateOf(fork: string, ...counts: number[]): BeaconState {
  const state = createBeaconState({
    groups: counts.map((count, index) => ({ entity: `${index}`, count })),
    fork,
    start: 'running',
  })
  state.epoch = 302
  state.finalised = 300
  return state
}

/** Makes the first group one that has come and waits, since an epoch where it is eligible. */
function letWait({ registry }: BeaconState, at: number, since: number): void {
  registry.activationEpoch[at] = farFuture
  registry.eligibilityEpoch[at] = since
}

const forks = ['capella', 'deneb', 'fulu', 'gloas']

describe.each(forks)('process_registry_updates of %s', (fork) => {
  test('at 16 ETH of effective balance a validator has to leave, at 17 not yet', () => {
    const state = stateOf(fork, 1, 1, 100)
    state.registry.effective.set([16, 17])
    updateRegistry(state)
    expect([0, 1, 2].map((at) => state.registry.exitEpoch[at]! === farFuture)).toEqual([
      false,
      true,
      true,
    ])
    // 1 + MAX_SEED_LOOKAHEAD epochs on, and 256 more until it may withdraw.
    expect(state.registry.exitEpoch[0]).toBe(307)
    expect(state.registry.withdrawableEpoch[0]).toBe(307 + 256)
  })

  test('who has 32 ETH may wait from the next epoch on, and is active when that is final', () => {
    const state = stateOf(fork, 1, 1, 100)
    const { registry } = state
    letWait(state, 0, farFuture)
    letWait(state, 1, farFuture)
    registry.effective[1] = 31
    updateRegistry(state)
    expect([...registry.eligibilityEpoch.subarray(0, 2)]).toEqual([303, farFuture])
    state.epoch = 304
    state.finalised = 302
    updateRegistry(state)
    expect(registry.activationEpoch[0]).toBe(farFuture)
    state.epoch = 305
    state.finalised = 303
    updateRegistry(state)
    expect(registry.activationEpoch[0]).toBe(310)
    expect(registry.activationEpoch[1]).toBe(farFuture)
  })
})

describe('how many are activated', () => {
  /** Who of three groups, of which the second waits for longest, is activated at once. */
  const activated = (fork: string, ...counts: number[]): number[] => {
    const state = stateOf(fork, ...counts, 1_000_000)
    letWait(state, 0, 299)
    letWait(state, 1, 298)
    letWait(state, 2, 299)
    updateRegistry(state)
    const { activationEpoch, count, group, size } = state.registry
    return [0, 1, 2].map((number) => {
      let members = 0
      for (let at = 0; at < size; at++) {
        if (group[at] === number && activationEpoch[at] === 307) members += count[at]!
      }
      return members
    })
  }

  // 1,000,000 / 65,536 = 15.3.
  test('one in 65,536, those first that have waited for longest, then by number', () => {
    expect(activated('capella', 4, 6, 9)).toEqual([4, 6, 5])
    expect(activated('capella', 20, 6, 9)).toEqual([9, 6, 0])
  })

  test('from Deneb on no more than eight', () => {
    expect(activated('deneb', 4, 6, 9)).toEqual([2, 6, 0])
  })

  test('from Electra on all, as they have waited before they came', () => {
    expect(activated('fulu', 4, 6, 9)).toEqual([4, 6, 9])
  })
})
