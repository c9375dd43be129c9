import type { StakeRecords } from '@counterpoise/consensus'
import { seconds } from '@counterpoise/engine'
import { createPayments } from '@counterpoise/ledger'
import { presets, scenarioOf, vary } from '@counterpoise/scenario'
import { expect, test } from 'vitest'
import { runVariant } from './runVariant.ts'
import { baseFeesOf, censorshipOf, slotsUntilInclusion, stakeOf } from './stake.ts'

const records: StakeRecords = {
  slotTime: seconds(12),
  slots: 100,
  missedSlots: 2,
  orphaned: 1,
  proposerReorgs: 1,
  reorgDepths: new Map([[1, 3]]),
  participation: 0.99,
  headAccuracy: 0.98,
  justifiedDistance: 1,
  finalisedDistance: 2,
  validators: { start: 10, end: 9 },
  slashed: { validators: 1, effectiveEther: 32 },
  effectiveEther: { start: 320, end: 288 },
  balanceGwei: { start: 320_000_000_000n, end: 320_500_000_001n },
  balancesByOperator: new Map([['a', { start: 320_000_000_000n, end: 320_500_000_001n }]]),
}

test('default: issued is what balances grew by, supply what is left of it after burning', () => {
  const found = stakeOf(records, 200_000_000_000_000_001n)
  expect(found.issued_eth).toBe(0.500000001)
  expect(found.burned_eth).toBeCloseTo(0.2, 12)
  expect(found.supply_change_eth).toBeCloseTo(0.300000001, 12)
  expect(found.balance_eth_by_operator).toEqual({ a: { start: 320, end: 320.500000001 } })
  expect(found.reorg_depths).toEqual({ 1: 3 })
})

test('default: what was recorded of slots, votes, checkpoints and slashings', () => {
  expect(stakeOf(records)).toMatchObject({
    ...{ slots: 100, missed_slots: 2, missed_share: 0.02, orphaned_blocks: 1, proposer_reorgs: 1 },
    ...{ participation: 0.99, head_accuracy: 0.98 },
    ...{ justified_distance_epochs: 1, finalised_distance_epochs: 2 },
    ...{ validators: { start: 10, end: 9 }, slashed_validators: 1, slashed_effective_eth: 32 },
    ...{ effective_eth: { start: 320, end: 288 }, balance_eth: { start: 320, end: 320.500000001 } },
  })
})

test('default: slots are counted by their beginnings, however little time it takes', () => {
  const payments = createPayments()
  const waits = [[11, 13], [12, 23], [0, 24], [23, 37]].map(([intended, included]) => {
    const intendedAt = seconds(intended!)
    const payment = payments.add({ from: 0, to: 1, amount: 1, intendedAt, patience: 1 })
    payments.submit(payment, 0, intendedAt)
    payments.include(payment, seconds(included!), 0)
    return slotsUntilInclusion(payments, payment, seconds(12))
  })
  expect(waits).toEqual([1, 0, 2, 2])
})

test('behavior: of many operators there is only the sum', () => {
  const one = { start: 1n, end: 1n }
  const balancesByOperator = new Map(Array.from({ length: 101 }, (_, k) => [`${k}`, one] as const))
  expect(stakeOf({ ...records, balancesByOperator }).balance_eth_by_operator).toBeUndefined()
})

test('default: shares of the blocks by where they came from', () => {
  const sources = {
    ...{ blocks: 10, relayed: 8, censoring: 3 },
    byBuilder: new Map([['b', 6], ['c', 2]]),
    byRelay: new Map([['r', 8]]),
  }
  expect(stakeOf({ ...records, sources }).sources).toEqual({
    ...{ blocks: 10, relayed: 8, relayed_share: 0.8, censoring_share: 0.3 },
    by_builder: { b: 0.75, c: 0.25 },
    by_relay: { r: 1 },
  })
  expect(stakeOf(records).sources).toBeUndefined()
})

test('default: payments from and to sanctioned accounts apart from the others', () => {
  const payments = createPayments()
  const at = (slots: number): number => seconds(12 * slots)
  const ways = [
    { from: 1, to: 2, included: 3, final: 9 },
    { from: 2, to: 1, included: 5, final: undefined },
    { from: 3, to: 2, included: 1, final: 8 },
    { from: 3, to: 2, included: undefined, final: undefined },
  ]
  for (const { from, to, included, final } of ways) {
    const payment = payments.add({ from, to, amount: 1, intendedAt: 0, patience: at(100) })
    payments.submit(payment, 0, 0)
    if (included !== undefined) payments.include(payment, at(included), 0)
    if (final !== undefined) payments.finalise(payment, at(final))
  }
  const sanctioned = new Set([1])
  const found = censorshipOf(payments, { slotTime: seconds(12), sanctioned })
  expect(found.sanctioned).toMatchObject({ offered: 2, included_share: 1, final_share: 0.5 })
  expect(found.sanctioned.inclusion_delay_slots!.mean).toBe(4)
  expect(found.sanctioned.time_to_finality_ms!.mean).toBe(108_000)
  expect(found.others).toMatchObject({ offered: 2, included: 1, final: 1, included_share: 0.5 })
  expect(found.others.time_to_inclusion_ms!.mean).toBe(12_000)
})

test('default: base fees over the blocks, and none before the first block', () => {
  const prices = Float64Array.of(5, 1, 3)
  expect(baseFeesOf({ prices, burned: 90n })).toEqual({
    ...{ mean: 3, min: 1, p50: 3, max: 5, end: 3 },
    burned_native: 90,
  })
  expect(baseFeesOf({ prices: new Float64Array(0), burned: 0n })).toBeNull()
  expect(prices).toEqual(Float64Array.of(5, 1, 3))
})

test('default: a run over Ethereum tells what stake did and what transfers cost', () => {
  const input = vary(presets.ethereum, (draft) => {
    draft.workload.for = '20m'
    draft.rails.ethereum.relays.nodes = 10
  })
  const { result } = runVariant({
    ...{ scenario: scenarioOf(input), variant: 'ethereum', replication: 0 },
  })
  const { stake, base_fee, fee_usd, fee_usd_by_transfer } = result
  const [included, just, final] = [
    result.time_to_inclusion_ms!.mean,
    result.time_to_justification_ms!.mean,
    result.time_to_finality_ms!.mean,
  ]
  expect(just).toBeGreaterThan(included)
  // An epoch of 384 s lies between the two, for each of the payments.
  expect(final - just).toBeCloseTo(384_000, -3)
  expect(result.inclusion_delay_slots!.mean).toBeGreaterThan(0.5)
  expect(result.inclusion_delay_slots!.mean).toBeLessThan(1.5)
  // 46,000 gas a payment.
  const { ether, token_to_new_holder: fresh } = fee_usd_by_transfer!
  expect(ether!.mean / fee_usd!.mean).toBeCloseTo(21 / 46, 9)
  expect(fresh!.p95 / fee_usd!.p95).toBeCloseTo(63.209 / 46, 9)
  expect(base_fee!.min).toBeGreaterThan(50_000_000)
  // About 30 M gas a block at about 0.1 gwei.
  expect(stake!.burned_eth / result.blocks!.count).toBeCloseTo(0.003, 3)
  // 2.6 % a year of 38.7 M ETH, for the epochs that are over: the last may not be accounted for.
  const epochs = Math.floor(stake!.slots / 32)
  const yearlyIn = (over: number): number =>
    (stake!.issued_eth / (over * 384) / stake!.balance_eth.start) * 365.25 * 86_400
  expect(yearlyIn(epochs - 1)).toBeGreaterThan(0.024)
  expect(yearlyIn(epochs)).toBeLessThan(0.0265)
})
