import { describe, expect, test } from 'vitest'
import { executionOf } from './execution.ts'
import { runTempo } from './testing.ts'

const sum = (record: Record<string, number>): number =>
  Object.values(record).reduce((all, value) => all + value, 0)

test('default: figures of what was recorded', () => {
  const records = {
    ...{ blocks: 3, transactions: 12, payments: 15, batched: 5, charges: 4, refused: 2 },
    sessions: { opened: 3, toppedUp: 2, settled: 4, closed: 1, vouchers: 50 },
    ...{ gas: 1_000, generalGas: 250, otherGas: 100 },
    paymentCounts: Int32Array.of(4, 9, 2),
    baseFees: Float64Array.of(6, 12, 9),
    stops: new Map([['pool empty', 2], ['gas limit', 1]]),
    fees: new Map([['A', 3_000_000], ['B', 500_000]]),
    received: new Map([['A', 3_400_000]]),
    ...{ policyUpdates: 6, validatorChanges: 7 },
  }
  const failed = { evicted: 3, declined: 8, 'nonce expired': 1 }
  expect(executionOf(records, failed, 20)).toEqual({
    ...{ transactions: 12, batched_payments: 5, charges: 4 },
    sessions: {
      ...{ opened: 3, topped_up: 2, settled: 4, closed: 1, vouchers: 50 },
      // Ten transactions were sent for them.
      transactions_saved: 40,
    },
    payments_per_block: { mean: 5, max: 9 },
    ...{ gas_used: 1_000, gas_per_s: 50, gas_per_block: 1_000 / 3, other_traffic_gas: 100 },
    lane_share: { payment: 0.75, general: 0.25 },
    base_fee: { mean: 9, min: 6, max: 12, end: 9 },
    fees_by_token_usd: { A: 3, B: 0.5 },
    producer_fees_by_token_usd: { A: 3.4 },
    fee_amm_usd: expect.closeTo(0.1, 12),
    blocks_by_stop: { 'pool empty': 2, 'gas limit': 1 },
    ...{ policy_updates: 6, validator_changes: 7, refused_transactions: 2 },
    // What a rail declines is no doing of its execution.
    refused_by_reason: { evicted: 3, 'nonce expired': 1 },
  })
})

describe('what execution rules do to a rail', () => {
  test('default: gas by lane, fees by token, the base fee, what ended blocks', () => {
    const { blocks, execution, fee_usd, final, offered } = runTempo()
    expect(final).toBe(offered)
    const { gas_used, lane_share, other_traffic_gas } = execution
    expect(execution.transactions).toBe(final)
    expect(execution.gas_per_block).toBeCloseTo(gas_used / blocks!.count, 6)
    expect(lane_share.general).toBeCloseTo(other_traffic_gas / gas_used, 12)
    expect(lane_share.payment + lane_share.general).toBeCloseTo(1, 12)
    // 39,858 gas with the protocol's nonces, 45,058 or 62,158 with those by key.
    const each = (gas_used - other_traffic_gas) / final
    expect(each).toBeGreaterThan(39_858)
    expect(each).toBeLessThan(62_158)
    // Blocks are far below the target, so that the fee stays at its floor.
    expect(execution.base_fee).toEqual({ mean: 6e8, min: 6e8, max: 6e8, end: 6e8 })
    expect(sum(execution.fees_by_token_usd)).toBeCloseTo(fee_usd!.mean * final, 9)
    expect(Object.keys(execution.fees_by_token_usd)).toHaveLength(4)
    const received = sum(execution.producer_fees_by_token_usd)
    expect(Object.keys(execution.producer_fees_by_token_usd)).toEqual(['pathUSD'])
    expect(execution.fee_amm_usd).toBeCloseTo(sum(execution.fees_by_token_usd) - received, 12)
    // Three quarters of the fees go through pools, which keep 0.3 % and what is rounded.
    expect(execution.fee_amm_usd).toBeGreaterThan(0.003 * 0.5 * received)
    expect(execution.blocks_by_stop).toEqual({ 'pool empty': blocks!.count })
    expect(execution.refused_by_reason).toEqual({})
  })

  test('behavior: sessions save transactions and their fees', () => {
    const share = 'execution.sessions={"share":1,"depositUsd":100,"closeAfter":"20s"}'
    const { execution, fee_usd, final, offered } = runTempo(share)
    const { opened, topped_up, settled, closed, vouchers, transactions_saved } = execution.sessions
    expect([final, vouchers, settled]).toEqual([offered, offered, 0])
    expect(closed).toBe(opened)
    expect(execution.transactions).toBe(opened + topped_up + closed)
    expect(transactions_saved).toBe(vouchers - 2 * opened - topped_up)
    expect(fee_usd!.mean).toBe(0)
  })

  test('behavior: before T7 a transfer costs the fixed fee', () => {
    const { execution, fee_usd } = runTempo('execution.fork=T4', 'execution.nonces.key=0')
    expect(execution.base_fee).toEqual({ mean: 2e10, min: 2e10, max: 2e10, end: 2e10 })
    // ⌈2e10 · 39,858 ÷ 1e12⌉ millionths of a dollar.
    expect(fee_usd!.p50).toBe(0.000798)
  })

  test('behavior: a builder too slow for the load is what ends blocks; nonces run out', () => {
    const { execution, failed_by_reason } = runTempo(
      'execution.build.gasPerSecond=1500000',
      'execution.nonces={"protocol":0,"expiring":1,"validFor":"3s"}',
    )
    expect(execution.blocks_by_stop['build budget']).toBeGreaterThan(10)
    expect(execution.refused_by_reason['nonce expired']).toBe(failed_by_reason['nonce expired'])
    expect(failed_by_reason['nonce expired']).toBeGreaterThan(50)
  })

  test('behavior: pools too small for the fees refuse whom they serve', () => {
    const { execution, failed, failed_by_reason } = runTempo(
      'execution.pools=[{"from":"AlphaUSD","to":"pathUSD","liquidityUsd":1}]',
    )
    expect(failed_by_reason).toEqual({ 'no fee liquidity': failed })
    const { AlphaUSD, BetaUSD, ThetaUSD } = execution.fees_by_token_usd
    expect([AlphaUSD! > 0, BetaUSD, ThetaUSD]).toEqual([true, 0, 0])
  })

  test('behavior: payments by contracts wait for their lane', () => {
    const { execution } = runTempo(
      'execution.shares.general=1',
      'execution.generalGas=2000000',
    )
    // Twenty of 50,000 gas fit beside the other traffic; what more comes is left to later blocks.
    expect(execution.lane_share).toEqual({ payment: 0, general: 1 })
    expect(execution.gas_per_block).toBeLessThanOrEqual(2_000_000)
  })
})
