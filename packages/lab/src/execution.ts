import { type FailureReason, toUsd } from '@counterpoise/ledger'
import type { TempoRecords } from '@counterpoise/rails'
import type { ExecutionFigures } from './executionResults.ts'
import { mean } from './statistics.ts'

/** Why execution rules keep a payment out of blocks, or undo it in one. */
const refusals: readonly FailureReason[] = [
  'fee too low',
  'mempool full',
  'evicted',
  'nonce expired',
  'no fee liquidity',
  'refused by policy',
]

/**
 * What the execution rules of a rail have done.
 *
 * @param failed Payments by the reason of their failure.
 * @param seconds For how long the chain has run.
 */
export function executionOf(
  records: TempoRecords,
  failed: Readonly<Record<string, number>>,
  seconds: number,
): ExecutionFigures {
  const { baseFees, blocks, fees, gas, generalGas, otherGas, received, refused } = records
  const share = (part: number): number => (gas === 0 ? 0 : part / gas)
  const paid = sum(fees)
  return {
    transactions: records.transactions,
    batched_payments: records.batched,
    charges: records.charges,
    sessions: sessionsOf(records),
    payments_per_block:
      blocks === 0
        ? null
        : {
            mean: records.payments / blocks,
            max: records.paymentCounts.reduce((most, count) => Math.max(most, count)),
          },
    gas_used: gas,
    gas_per_s: seconds > 0 ? gas / seconds : 0,
    gas_per_block: blocks === 0 ? null : gas / blocks,
    lane_share: { payment: share(gas - generalGas), general: share(generalGas) },
    other_traffic_gas: otherGas,
    base_fee:
      blocks === 0
        ? null
        : {
            mean: mean(baseFees),
            min: baseFees.reduce((least, fee) => Math.min(least, fee)),
            max: baseFees.reduce((most, fee) => Math.max(most, fee)),
            end: baseFees.at(-1)!,
          },
    fees_by_token_usd: inUsd(fees),
    producer_fees_by_token_usd: inUsd(received),
    fee_amm_usd: toUsd(paid - sum(received)),
    blocks_by_stop: Object.fromEntries(records.stops),
    policy_updates: records.policyUpdates,
    validator_changes: records.validatorChanges,
    refused_transactions: refused,
    refused_by_reason: Object.fromEntries(
      refusals.flatMap((reason) => (failed[reason] ? [[reason, failed[reason]]] : [])),
    ),
  }
}

function sessionsOf({ sessions }: TempoRecords): ExecutionFigures['sessions'] {
  const { closed, opened, settled, toppedUp: topped_up, vouchers } = sessions
  const sent = opened + topped_up + settled + closed
  return { opened, topped_up, settled, closed, vouchers, transactions_saved: vouchers - sent }
}

const sum = (amounts: ReadonlyMap<string, number>): number =>
  [...amounts.values()].reduce((all, amount) => all + amount, 0)

const inUsd = (amounts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...amounts].map(([token, amount]) => [token, toUsd(amount)]))
