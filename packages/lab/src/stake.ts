import type { StakeRecords } from '@counterpoise/consensus'
import type { BaseFeeRecords } from '@counterpoise/rails'
import type { BaseFeeFigures, Span, StakeFigures } from './results.ts'
import { mean, quantile, sorted } from './statistics.ts'

/** By-operator figures are told where there are no more operators than this. */
const operatorsMax = 100

/** Base fees of the blocks of a chain; null where it has none yet. */
export function baseFeesOf({ prices, burned }: BaseFeeRecords): BaseFeeFigures | null {
  if (prices.length === 0) return null
  const ascending = sorted(prices.slice())
  return {
    mean: mean(ascending),
    min: ascending[0]!,
    p50: quantile(ascending, 0.5),
    max: ascending.at(-1)!,
    end: prices.at(-1)!,
    burned_native: Number(burned),
  }
}

/**
 * What stake did, in ETH.
 *
 * @param burned by the base fee, wei: the native unit of a chain that has stake in ETH.
 */
export function stakeOf(records: StakeRecords, burned = 0n): StakeFigures {
  const { balanceGwei, balancesByOperator } = records
  const issued = balanceGwei.end - balanceGwei.start
  return {
    slots: records.slots,
    missed_slots: records.missedSlots,
    orphaned_blocks: records.orphaned,
    proposer_reorgs: records.proposerReorgs,
    reorg_depths: Object.fromEntries(
      [...records.reorgDepths].map(([depth, count]) => [`${depth}`, count]),
    ),
    participation: records.participation,
    head_accuracy: records.headAccuracy,
    justified_distance_epochs: records.justifiedDistance,
    finalised_distance_epochs: records.finalisedDistance,
    validators: records.validators,
    effective_eth: records.effectiveEther,
    balance_eth: etherOf(balanceGwei),
    issued_eth: Number(issued) / 1e9,
    burned_eth: Number(burned) / 1e18,
    // The difference of what is exact, rounded once.
    supply_change_eth: Number(issued * 1_000_000_000n - burned) / 1e18,
    ...(balancesByOperator.size <= operatorsMax && {
      balance_eth_by_operator: Object.fromEntries(
        [...balancesByOperator].map(([operator, span]) => [operator, etherOf(span)]),
      ),
    }),
  }
}

const etherOf = ({ start, end }: { start: bigint; end: bigint }): Span => ({
  start: Number(start) / 1e9,
  end: Number(end) / 1e9,
})
