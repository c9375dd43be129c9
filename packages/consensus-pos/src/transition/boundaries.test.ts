import { describe, expect, test } from 'vitest'
import type { BeaconState } from './beaconState.ts'
import { exitMembers } from './exits.ts'
import { forkProfile } from './forkProfiles.ts'
import { countVotes, justify } from './justification.ts'
import { rewardAll } from './rewards.ts'
import { slashableMembers, slashMembers } from './slashing.ts'
import { createBeaconState } from './validatorGroup.ts'

const stateOf = (...counts: number[]): BeaconState =>
  createBeaconState({
    groups: counts.map((count, index) => ({ entity: `${index}`, count })),
    start: 'running',
  })

describe('who may be slashed: `is_slashable_validator`', () => {
  test('from activation on, until the epoch in which it may withdraw', () => {
    const state = stateOf(10)
    const { registry, epoch } = state
    const slashableWith = (activation: number, withdrawable: number): number => {
      registry.activationEpoch[0] = activation
      registry.withdrawableEpoch[0] = withdrawable
      return slashableMembers(state, 0)
    }
    expect(slashableWith(epoch, epoch + 1)).toBe(10)
    expect(slashableWith(epoch + 1, epoch + 9)).toBe(0)
    expect(slashableWith(0, epoch)).toBe(0)
  })

  test('a later withdrawal stays later; an earlier one waits for 8,192 epochs', () => {
    for (const [withdrawable, expected] of [
      [10_000, 10_000],
      [300, 8_192],
    ] as const) {
      const state = stateOf(10, 10)
      const { registry, epoch } = state
      registry.exitEpoch[0] = epoch + 20
      registry.withdrawableEpoch[0] = epoch + withdrawable
      slashMembers(state, 0, 10)
      expect(registry.withdrawableEpoch[0]).toBe(epoch + expected)
    }
  })
})

test('who takes the churn of several epochs leaves in the last of them: no epoch more', () => {
  const churn = {
    ...{ kind: 'balance' as const, quotient: 65_536, minimum: 64 },
    ...{ activationMaximum: 64, exitMaximum: 64 },
  }
  const exitsOf = (balanceEther: number): number[] => {
    const groups = [{ entity: 'rich', count: 3, balanceEther, compounding: true }]
    const fork = { ...forkProfile('fulu'), churn }
    const state = createBeaconState({ groups, fork, start: 'running' })
    for (let exit = 0; exit < 3; exit++) exitMembers(state, 0, 1)
    return [0, 1, 2].map((at) => state.registry.exitEpoch[at]! - state.epoch)
  }
  // The first epoch in which somebody may leave is the fifth; each lets 64 ETH go.
  expect(exitsOf(64)).toEqual([5, 6, 7])
  expect(exitsOf(128)).toEqual([6, 8, 10])
  expect(exitsOf(65)).toEqual([6, 7, 8])
})

test('in a leak those of a class who are absent pay for their score, and no others', () => {
  const state = stateOf(10, 90)
  const { registry, epoch, baseReward } = state
  state.finalised = epoch - 10
  registry.score[0] = 100
  for (const column of [registry.source, registry.target, registry.head]) {
    column[0] = 6
    column[1] = 90
  }
  const before = registry.balance[0]! * 10
  rewardAll(state, countVotes(state))
  // Six come down to 99, four rise to 104: 1,010 among ten.
  expect([registry.score[0], registry.scoreCarry[0]]).toEqual([101, 0])
  const missed = (weight: number): number => Math.floor((32 * baseReward * weight) / 64)
  const leak = Math.floor((32e9 * 101) / (4 * 2 ** 24))
  const own = registry.balance[0]! * 10 + registry.carry[0]!
  expect(before - own).toBe(4 * (missed(14) + missed(26) + leak))
})

test('of what was justified four epochs are remembered', () => {
  const state = stateOf(10)
  for (let epoch = 0; epoch < 40; epoch++) {
    justify(state, { source: 320, target: 320, head: 320, current: 320 })
    state.epoch++
    expect(state.justificationBits).toBe(0b1111)
  }
})
