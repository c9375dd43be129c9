import { createStream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { syncRewards } from './blockRewards.ts'
import { updateEffectiveBalances } from './effectiveBalances.ts'
import { runEpochs } from './epochRun.ts'
import { activationEther, exitChurn } from './exits.ts'
import { ForkProfileError, forkProfile } from './forkProfiles.ts'
import { processEpoch } from './processEpoch.ts'
import { slashMembers } from './slashing.ts'
import { totalBalance } from './registry.ts'
import { createBeaconState, ValidatorGroupError } from './validatorGroup.ts'

const online = { kind: 'online' } as const
const one = (count: number, balanceEther = 32, compounding = false) => ({
  entity: 'one',
  count,
  balanceEther,
  compounding,
})

describe('rewards', () => {
  test('10 M ETH: a base reward of 640 Gwei an ETH, ideal issuance of D · b per epoch', () => {
    const state = createBeaconState({ groups: [one(312_500)], start: 'running' })
    expect(state.activeEther).toBe(10_000_000)
    expect(state.baseReward).toBe(640)
    // 20,480 · (14 + 26 + 14) / 64 of a full epoch.
    const before = state.registry.balance[0]!
    runEpochs({ state, behaviours: [online], epochs: 1 })
    expect(state.registry.balance[0]! - before).toBe(4_480 + 8_320 + 4_480)
    // 640 · 10⁷ · 2 / 64 / 32 / 512 = 12,207.03; an 8th over 56 of it for the proposer.
    expect(syncRewards(state)).toEqual({ participant: 12_207, proposer: 1_743 })
  })

  test('all issuance of a full epoch is D · b but for roundings', () => {
    const state = createBeaconState({ groups: [one(312_500)], start: 'running' })
    const stream = createStream({ seed: 'hand', replication: 0, purpose: 'proposers' })
    runEpochs({ state, behaviours: [online], epochs: 1, stream })
    const before = totalBalance(state.registry)
    runEpochs({ state, behaviours: [online], epochs: 1, stream })
    const issued = Number(totalBalance(state.registry) - before)
    const ideal = 10_000_000 * 640
    expect(issued).toBeLessThanOrEqual(ideal)
    expect(issued / ideal).toBeCloseTo(1, 4)
  })

  test('where members of a class differ, each flag is paid for by its own share', () => {
    const state = createBeaconState({ groups: [one(312_500)], start: 'running' })
    const shares = { kind: 'share', source: 1, target: 0.75, head: 0.5 } as const
    runEpochs({ state, behaviours: [shares], epochs: 1 })
    const before = totalBalance(state.registry)
    runEpochs({ state, behaviours: [shares], epochs: 1 })
    // Of 20,480 · 14 / 64 = 4,480 and 20,480 · 26 / 64 = 8,320 the share that took part.
    const [source, target, head] = [312_500 * 4_480, 234_375 * 6_240, 156_250 * 2_240]
    const missed = (312_500 - 234_375) * 8_320
    expect(totalBalance(state.registry) - before).toBe(BigInt(source + target + head - missed))
  })

  test('absent for an epoch costs base · 40 / 64, and no score remains', () => {
    const groups = [one(312_499), { ...one(1), entity: 'absent' }]
    const state = createBeaconState({ groups, start: 'running' })
    const behaviours = [online, { kind: 'offline' } as const]
    runEpochs({ state, behaviours, epochs: 2 })
    // Rewards of the running start for one epoch, then 20,480 · (14 + 26) / 64 lost.
    expect(state.registry.balance[1]).toBe(32e9 + 4_479 + 8_319 + 4_479 + 3 - 4_480 - 8_320)
    expect(state.registry.score[1]).toBe(0)
  })
})

test('a leak: scores grow by 4 an epoch; eight epochs at 65 % absent cost as published', () => {
  const count = 563_000
  const absent = Math.round(count * 0.65)
  const groups = [one(count - absent), { ...one(absent), entity: 'absent' }]
  const state = createBeaconState({ groups, start: 'running', epoch: 100 })
  const behaviours = [online, { kind: 'offline' } as const]
  // Nothing is final after 98; the leak begins at the end of 104: (104 − 1) − 98 > 4.
  runEpochs({ state, behaviours, epochs: 4 })
  expect(state.registry.score[1]).toBe(0)
  const scores: number[] = []
  let lost = 0
  for (let leak = 0; leak < 8; leak++) {
    runEpochs({ state, behaviours, epochs: 1 })
    scores.push(state.registry.score[1]!)
    lost += Math.floor((32 * 1e9 * scores.at(-1)!) / 2 ** 26) * absent
  }
  expect(scores).toEqual([4, 8, 12, 16, 20, 24, 28, 32])
  expect(lost / 1e9).toBeCloseTo(25.1, 1)
})

describe('slashing', () => {
  /** Runs to just after the correlation penalty and returns what it took, Gwei. */
  function correlated(fork: string, slashed: number, of: number): number {
    const groups = [one(of - slashed), { ...one(slashed), entity: 'slashed' }]
    const state = createBeaconState({ groups, start: 'running', fork })
    const behaviours = [online, online]
    const epoch = state.epoch
    slashMembers(state, 1, slashed)
    runEpochs({ state, behaviours, epochs: 4_095 + 1 })
    expect(state.epoch).toBe(epoch + 4_096)
    const last = state.registry.size - 1
    const [balance, effective] = [state.registry.balance[last]!, state.registry.effective[last]!]
    runEpochs({ state, behaviours, epochs: 1 })
    const base = effective * state.baseReward
    const missed = Math.floor((base * 14) / 64) + Math.floor((base * 26) / 64)
    return balance - state.registry.balance[last]! - missed
  }

  test('Electra: at once 1 / 4096 of 32 ETH, after 18 days 3 · S / D of what is left', () => {
    const groups = [one(999), { ...one(1), entity: 'slashed' }]
    const state = createBeaconState({ groups, start: 'running' })
    const reward = slashMembers(state, 1, 1)
    expect(32e9 - state.registry.balance[1]!).toBe(7_812_500)
    expect(reward).toEqual({ proposer: 976_562, whistleblower: 6_835_938 })
    // The effective balance has fallen to 31 by then; D is that of the 999 others.
    expect(correlated('fulu', 1, 1_000)).toBe(Math.floor((96 * 1e9) / 31_968) * 31)
  })

  test('before Electra the correlation penalty is rounded down to whole ETH', () => {
    expect(correlated('deneb', 1, 1_000)).toBe(0)
    // 3 · 40 · 32 of 960 · 32 ETH are an 8th: 30 · 0.125 → 3 whole ETH.
    expect(correlated('deneb', 40, 1_000)).toBe(3e9)
  })

  test('a penalty that divides evenly is not rounded down', () => {
    // 3 · 40 · 32 of 900 · 32 ETH; 30 of them are 4 ETH exactly.
    expect(correlated('deneb', 40, 940)).toBe(4e9)
  })

  test('Altair takes twice the slashed share, later forks three times', () => {
    // 2 or 3 · 100 · 32 of 900 · 32 ETH, of an effective balance of 30.
    expect(correlated('altair', 100, 1_000)).toBe(Math.floor((30 * 200) / 900) * 1e9)
    expect(correlated('bellatrix', 100, 1_000)).toBe(Math.floor((30 * 300) / 900) * 1e9)
    expect(forkProfile('altair').inactivity.penaltyQuotient).toBe(3 * 2 ** 24)
    expect(forkProfile('bellatrix').inactivity.penaltyQuotient).toBe(2 ** 24)
  })

  test('a third slashed loses all its effective balance', () => {
    const groups = [one(200), { ...one(100), entity: 'slashed' }]
    const state = createBeaconState({ groups, start: 'running' })
    slashMembers(state, 1, 100)
    runEpochs({ state, behaviours: [online, online], epochs: 4_097 })
    const left = state.registry.balance.slice(1, state.registry.size)
    expect(left.length).toBeGreaterThan(1)
    expect(left.every((gwei) => gwei < 1e9)).toBe(true)
  })
})

test('hysteresis: 0.25 ETH below and 1.25 ETH above are not enough, a Gwei more is', () => {
  const after = (balanceEther: number, gwei: number): number => {
    const state = createBeaconState({ groups: [one(1, 40, true)] })
    state.registry.balance[0] = balanceEther * 1e9 + gwei
    updateEffectiveBalances(state)
    return state.registry.effective[0]!
  }
  expect([after(41.25, 0), after(41.25, 1), after(39.75, 0), after(39.75, -1)]).toEqual([
    40, 41, 40, 39,
  ])
  expect(after(5_000, 0)).toBe(2_048)
})

test('churn: 4 or n / 65536 before Electra, then 128 to 256 ETH, no top for exits in Gloas', () => {
  const churnOf = (fork: string, count: number): number[] => {
    const state = createBeaconState({ groups: [one(count)], fork })
    return [exitChurn(state), activationEther(state)]
  }
  expect(churnOf('capella', 1_000)[0]).toBe(4)
  expect(churnOf('capella', 1_000_000)[0]).toBe(15)
  expect(churnOf('electra', 100_000)).toEqual([128, 128])
  expect(churnOf('fulu', 1_000_000)).toEqual([256, 256])
  expect(churnOf('gloas', 1_000_000)).toEqual([976, 256])
})

test('behavior: forks, groups and behaviours that cannot be are refused with their path', () => {
  const path = (make: () => unknown): string | undefined => {
    try {
      make()
      return undefined
    } catch (error) {
      return (error as ValidatorGroupError | ForkProfileError).path
    }
  }
  expect(path(() => forkProfile('fusaka'))).toBe('fork')
  expect(() => forkProfile('fusaka')).toThrow(/one of altair, bellatrix/)
  expect(path(() => createBeaconState({ groups: [] }))).toBe('groups')
  expect(path(() => createBeaconState({ groups: [one(0)] }))).toBe('groups[0].count')
  expect(path(() => createBeaconState({ groups: [one(1), one(1, -1)] }))).toBe(
    'groups[1].balanceEther',
  )
  const compounding = { groups: [one(1, 64, true)], fork: 'deneb' }
  expect(() => createBeaconState(compounding)).toThrow(ForkProfileError)
  const { churn, ...without } = forkProfile('fulu')
  expect(churn.kind).toBe('balance')
  expect(path(() => createBeaconState({ groups: [one(1)], fork: without as never }))).toBe(
    'fork.churn',
  )
  const state = createBeaconState({ groups: [one(1)] })
  const run = (behaviour: never) => () =>
    runEpochs({ state, behaviours: [behaviour], epochs: 1 })
  expect(path(run({ kind: 'share', target: 1.2 } as never))).toBe('behaviours[0].source')
  expect(path(run({ kind: 'share', target: 0.5, head: 0.6 } as never))).toBe('behaviours[0].head')
  expect(path(run({ kind: 'alternating', period: 2, offset: 2 } as never))).toBe(
    'behaviours[0].offset',
  )
  expect(path(() => runEpochs({ state, behaviours: [], epochs: 1 }))).toBe('behaviours')
})

test('a share of a class that votes: totals equal those of members who do so one by one', () => {
  const whole = createBeaconState({ groups: [one(1_000)], start: 'running' })
  const parts = createBeaconState({ groups: [one(700), one(300)], start: 'running' })
  whole.registry.target[0] = 700
  whole.registry.head[0] = 700
  parts.registry.target[1] = 0
  parts.registry.head[1] = 0
  processEpoch(whole)
  processEpoch(parts)
  expect(totalBalance(whole.registry)).toBe(totalBalance(parts.registry))
})
