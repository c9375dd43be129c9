import { createStream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { creditBlocks, drawSyncCommittee, syncRewards } from './blockRewards.ts'
import { deposit, topUp } from './deposits.ts'
import { runEpochs } from './epochRun.ts'
import { totalBalance } from './registry.ts'
import { rewardAll } from './rewards.ts'
import { penaliseCorrelated, resetSlashings, slashMembers } from './slashing.ts'
import { createBeaconState } from './validatorGroup.ts'
import { sweepWithdrawals } from './withdrawals.ts'

const online = { kind: 'online' } as const
const one = (count: number, balanceEther = 32, compounding = false) => ({
  entity: 'one',
  count,
  balanceEther,
  compounding,
})

describe('what the order of an epoch’s end decides', () => {
  test('a correlation penalty lowers the effective balance at the same epoch’s end', () => {
    const state = createBeaconState({ groups: [one(200), one(100)], start: 'running' })
    slashMembers(state, 1, 100)
    runEpochs({ state, behaviours: [online, online], epochs: 4_096 })
    const last = state.registry.size - 1
    expect(state.registry.effective[last]).toBeGreaterThan(20)
    runEpochs({ state, behaviours: [online, online], epochs: 1 })
    expect(state.registry.effective[last]).toBe(0)
  })

  test('a top-up raises it at the end of the epoch that takes it in', () => {
    const state = createBeaconState({ groups: [one(10, 40, true)], start: 'running' })
    topUp(state, { group: 0, rank: 3, count: 1 }, 5e9)
    const behaviours = [online]
    // Its block's epoch has to be final, which takes two more ends.
    runEpochs({ state, behaviours, epochs: 2 })
    expect(Math.max(...state.registry.effective)).toBe(40)
    runEpochs({ state, behaviours, epochs: 1 })
    expect([...state.registry.effective.subarray(0, state.registry.size)]).toEqual([40, 45, 40])
    expect([...state.registry.count.subarray(0, state.registry.size)]).toEqual([3, 1, 6])
  })

  test('sixteen deposits an epoch, however little they are', () => {
    const state = createBeaconState({ groups: [one(100)], start: 'running' })
    const order = { group: 1, rank: 0, count: 20, amountGwei: 1e9, compounding: false }
    deposit(state, { ...order, epoch: 1 })
    runEpochs({ state, behaviours: [online, online], epochs: 1 })
    expect(state.deposits[0]).toMatchObject({ count: 4, rank: 16 })
    runEpochs({ state, behaviours: [online, online], epochs: 1 })
    expect(state.deposits).toEqual([])
  })
})

test('no correlation penalty is more than the effective balance', () => {
  const state = createBeaconState({ groups: [one(100)], start: 'running' })
  slashMembers(state, 0, 60)
  const { registry } = state
  registry.balance[0] = 33e9
  state.epoch = registry.withdrawableEpoch[0]! - 4_096
  penaliseCorrelated(state)
  expect(registry.balance[0]).toBe(1e9)
})

test('what was slashed is forgotten after 8,192 epochs, once', () => {
  const state = createBeaconState({ groups: [one(300)], start: 'running' })
  slashMembers(state, 0, 2)
  expect(state.slashed).toBe(64)
  for (let epoch = 0; epoch < 8_191; epoch++) {
    resetSlashings(state)
    state.epoch++
  }
  expect(state.slashed).toBe(64)
  for (let epoch = 0; epoch < 9_000; epoch++) {
    resetSlashings(state)
    state.epoch++
  }
  expect(state.slashed).toBe(0)
})

test('a class whose members differ keeps the sum of their scores in a leak', () => {
  const state = createBeaconState({ groups: [one(3), one(100)], start: 'running', epoch: 20 })
  state.finalised = 1
  const { registry } = state
  registry.target[0] = 2
  const votes = { source: 1, target: 1, head: 1, current: 1 }
  rewardAll(state, votes)
  // One of three was absent: four points in all.
  expect([registry.score[0], registry.scoreCarry[0]]).toEqual([1, 1])
  registry.target[0] = 0
  rewardAll(state, votes)
  expect([registry.score[0], registry.scoreCarry[0]]).toEqual([5, 1])
})

describe('proposers and sync committees', () => {
  const stream = () => createStream({ seed: 'order', replication: 0, purpose: 'blocks' })
  const half = (fork: string) => {
    const state = createBeaconState({ groups: [one(500), one(500)], start: 'running', fork })
    slashMembers(state, 1, 500)
    return state
  }
  const credit = (state: ReturnType<typeof half>, share: number): number =>
    creditBlocks(state, { stream: stream(), share: () => share, missedSlotProbability: 0 })

  test('slashed validators that are drawn miss their slots; in Gloas they are not drawn', () => {
    const missed = credit(half('fulu'), 1)
    expect(missed).toBeGreaterThan(6)
    expect(missed).toBeLessThan(26)
    expect(credit(half('gloas'), 1)).toBe(0)
  })

  test.each(['fulu', 'gloas'])('slashed validators have seats until they leave (%s)', (fork) => {
    const state = half(fork)
    drawSyncCommittee(state, stream())
    const { seats, slashed, size } = state.registry
    const taken = [0, 0]
    for (let at = 0; at < size; at++) taken[slashed[at]!]! += seats[at]!
    expect(taken[0]! + taken[1]!).toBe(512)
    // Half of the stake: 256 seats, and at most five deviations of 11.3 more or fewer.
    expect(Math.abs(taken[1]! - 256)).toBeLessThan(57)
  })

  test('a seat that is down loses what it would have earned', () => {
    const state = createBeaconState({ groups: [one(1_000)], start: 'running' })
    drawSyncCommittee(state, stream())
    expect(state.registry.seats[0]).toBe(512)
    const before = totalBalance(state.registry)
    // Nobody has voted: nobody is up, yet the blocks are there.
    expect(credit(state, 1)).toBe(0)
    const lost = before - totalBalance(state.registry)
    expect(Number(lost)).toBe(512 * 32 * syncRewards(state).participant)
  })

  test('the proposer’s part is a seventh of what the attesters’ flags are worth', () => {
    const state = createBeaconState({ groups: [one(312_500)], start: 'running' })
    const { registry } = state
    registry.nextSource[0] = 312_500
    registry.nextTarget[0] = 312_500
    registry.nextHead[0] = 312_500
    const before = totalBalance(registry)
    credit(state, 1)
    // 640 Gwei · 10⁷ ETH · 54 / 64 of them, each slot's part rounded down.
    const ideal = (640 * 10_000_000 * 54) / 64 / 7
    const found = Number(totalBalance(registry) - before)
    expect(ideal - found).toBeGreaterThanOrEqual(0)
    expect(ideal - found).toBeLessThan(33)
  })
})

describe('withdrawals', () => {
  test('a sweep takes 16 a block and what exceeds 32 ETH, and becomes one class', () => {
    const state = createBeaconState({ groups: [one(1_000, 32.5)], start: 'running' })
    expect(sweepWithdrawals(state)).toBe(16n * 500_000_000n)
    expect(sweepWithdrawals(state, 9)).toBe(9n * 16n * 500_000_000n)
    const { registry } = state
    expect([...registry.count.subarray(0, registry.size)]).toEqual([160, 840])
    expect(registry.balance[0]).toBe(32e9)
    sweepWithdrawals(state, 60)
    expect([registry.size, registry.count[0]]).toEqual([1, 1_000])
    expect(state.withdrawnGwei).toBe(500_000_000_000n)
    expect(sweepWithdrawals(state, 3)).toBe(0n)
  })

  test('behavior: a sweep that finds nothing looks at 16,384 and goes on after them', () => {
    const state = createBeaconState({ groups: [one(20_000), one(5, 33)], start: 'running' })
    expect(sweepWithdrawals(state)).toBe(0n)
    expect(state.nextWithdrawal).toBe(16_384)
    expect(sweepWithdrawals(state)).toBe(5_000_000_000n)
    // 16,384 + 16,384 of 20,005.
    expect(state.nextWithdrawal).toBe(12_763)
  })

  test('behavior: nothing before Capella', () => {
    const state = createBeaconState({ groups: [one(10, 40)], fork: 'bellatrix' })
    expect(sweepWithdrawals(state)).toBe(0n)
  })

  test('a run with withdrawals keeps balances at 32 ETH; what is earned is paid out', () => {
    const groups = [one(2_000)]
    const runs = [false, true].map((withdrawals) => {
      const state = createBeaconState({ groups, start: 'running' })
      runEpochs({ state, behaviours: [online], epochs: 400, withdrawals })
      return state
    })
    const [kept, paid] = runs.map((state) => totalBalance(state.registry))
    expect(paid! + runs[1]!.withdrawnGwei).toBe(kept)
    expect(runs[1]!.withdrawnGwei).toBeGreaterThan((kept! - 64_000_000_000_000n) / 2n)
    expect(runs[1]!.registry.size).toBeLessThan(10)
  })
})
