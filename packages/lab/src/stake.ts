import type { BlockSourceRecords, StakeRecords } from '@counterpoise/consensus'
import { type Time, toMs } from '@counterpoise/engine'
import type { PaymentId, Payments } from '@counterpoise/ledger'
import type { BaseFeeRecords } from '@counterpoise/rails'
import type {
  BaseFeeFigures,
  CensoredFigures,
  SourceFigures,
  Span,
  StakeFigures,
} from './stakeResults.ts'
import { mean, quantile, quantilesOf, shareOf, sorted } from './statistics.ts'

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

/** Shares of the chain's blocks by where they came from. */
function sourcesOf({ blocks, relayed, censoring, ...by }: BlockSourceRecords): SourceFigures {
  const shares = (counts: ReadonlyMap<string, number>): Record<string, number> =>
    Object.fromEntries([...counts].map(([name, count]) => [name, count / relayed]))
  return {
    ...{ blocks, relayed },
    relayed_share: relayed / blocks,
    censoring_share: censoring / blocks,
    by_builder: shares(by.byBuilder),
    by_relay: shares(by.byRelay),
  }
}

/** How payments from and to some accounts fared, and all others. */
export function censorshipOf(
  payments: Payments,
  { slotTime, sanctioned }: { slotTime: Time; sanctioned: ReadonlySet<number> },
): NonNullable<StakeFigures['censorship']> {
  const isSanctioned = (payment: PaymentId): boolean =>
    sanctioned.has(payments.from(payment)) || sanctioned.has(payments.to(payment))
  const all = Array.from({ length: payments.count() }, (_, payment) => payment)
  return {
    sanctioned: faredOf(payments, all.filter(isSanctioned), slotTime),
    others: faredOf(payments, all.filter((payment) => !isSanctioned(payment)), slotTime),
  }
}

function faredOf(payments: Payments, of: readonly PaymentId[], slotTime: Time): CensoredFigures {
  const included = of.filter((payment) => payments.includedAt(payment) >= 0)
  const final = of.filter((payment) => payments.finalAt(payment) >= 0)
  const quantiles = (among: readonly PaymentId[], value: (payment: PaymentId) => number) =>
    quantilesOf(Float64Array.from(among, value))
  return {
    offered: of.length,
    included: included.length,
    final: final.length,
    included_share: shareOf(included.length, of.length),
    final_share: shareOf(final.length, of.length),
    inclusion_delay_slots: quantiles(included, (payment) =>
      slotsUntilInclusion(payments, payment, slotTime),
    ),
    time_to_inclusion_ms: quantiles(included, (payment) =>
      toMs(payments.includedAt(payment) - payments.intendedAt(payment)),
    ),
    time_to_finality_ms: quantiles(final, (payment) =>
      toMs(payments.finalAt(payment) - payments.intendedAt(payment)),
    ),
  }
}

/** Slots that began between the intended start of a payment and its block. */
export function slotsUntilInclusion(
  payments: Payments,
  payment: PaymentId,
  slotTime: Time,
): number {
  const slotAt = (time: Time): number => Math.floor(time / slotTime)
  return slotAt(payments.includedAt(payment)) - slotAt(payments.intendedAt(payment))
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
    missed_share: shareOf(records.missedSlots, records.slots),
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
    slashed_validators: records.slashed.validators,
    slashed_effective_eth: records.slashed.effectiveEther,
    effective_eth: records.effectiveEther,
    balance_eth: etherOf(balanceGwei),
    issued_eth: Number(issued) / 1e9,
    burned_eth: Number(burned) / 1e18,
    // The difference of what is exact, rounded once.
    supply_change_eth: Number(issued * 1_000_000_000n - burned) / 1e18,
    ...(records.sources && { sources: sourcesOf(records.sources) }),
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
