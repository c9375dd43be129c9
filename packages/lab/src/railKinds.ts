import { type AttackFigureKind, attackFigureKinds } from '@counterpoise/consensus'
import type { CommitteeFigures, ExecutionFigures } from './executionResults.ts'
import type { Kind, KindsOf, PlainKind, TrialShare } from './kinds.ts'
import type { BlockFigures, OutageResult, RailResult } from './results.ts'
import type { CensoredFigures, StakeFigures } from './stakeResults.ts'
import type { DownFigures, LiarFigures } from './validatorResults.ts'

type Of<figures> = KindsOf<figures, RailResult>
type OutOf = TrialShare<RailResult>['outOf']

/** A share of blocks or slots. Each has a chance of its own, unless attackers make rows of them. */
const ofBlocks = (outOf: OutOf): Kind<RailResult> => ({
  outOf,
  isApart: (rail) => rail.blocks?.attacks === undefined,
})

/** A share of payments, which the weather of their run unites. */
const ofPayments = (outOf: OutOf): Kind<RailResult> => ({ outOf, isApart: () => false })

/** A share of attempts, each of which begins anew. */
const ofAttempts = (outOf: OutOf): Kind<RailResult> => ({ outOf, isApart: () => true })

/** One kind for all figures of some keys. */
const all = <key extends string, const kind>(
  kind: kind,
  ...keys: readonly key[]
): Record<key, kind> =>
  Object.fromEntries(keys.map((key) => [key, kind])) as Record<key, kind>

const quantiles = <kind extends PlainKind>(kind: kind) => all(kind, 'mean', 'p50', 'p95', 'p99')

const spreadLevels = ['p10', 'p25', 'p50', 'p75', 'p90', 'p99'] as const
const blockTimes = all('time', ...spreadLevels)
const fee = all('amount', 'mean', 'p50', 'p95')
const coefficients = all('count', 'third', 'half')
const level = all('amount', 'mean', 'max', 'end')
const span = all('amount', 'start', 'end')
const counts = (): PlainKind => 'count'

const ofOutage = ofPayments(({ outage }) => outage?.offered)

const outage: Of<OutageResult> = {
  ...all('count', 'offered', 'included', 'failed', 'open', 'open_when_over'),
  failed_by_reason: counts,
  ...all(ofOutage, 'included_share', 'failed_share', 'open_share'),
  failed_share_by_reason: () => ofOutage,
  time_to_inclusion_ms: quantiles('time'),
  longest_silence_s: 'time',
}

const blocks: Of<BlockFigures> = {
  ...all('count', 'count', 'made'),
  interval_ms: all('time', 'mean', 'p95', ...spreadLevels),
  stale_share: ofBlocks((rail) => rail.blocks?.made),
  propagation_ms: all('time', 'mean', ...spreadLevels),
  propagation_block_ms: blockTimes,
  propagation_block_median_ms: 'time',
  propagation_node_ms: blockTimes,
  unaware_ms: 'time',
  reorg_depths: counts,
  stale_by_miner: () => ofBlocks((rail, miner) => rail.blocks?.made_by_miner?.[miner!]),
  blocks_by_miner: counts,
  made_by_miner: counts,
  revenue_by_miner: () => ({
    share_of_chain: ofBlocks((rail) => rail.blocks?.count),
    ...all('amount', 'subsidy_native', 'fees_usd'),
  }),
  fees_usd: 'amount',
  attacks: () => attackKind,
}

/** Attacks of models from elsewhere may tell what is not known here: it may be anything. */
function attackKind(name: string): Kind<RailResult> {
  const known: Record<string, AttackFigureKind> = attackFigureKinds
  const kind = Object.hasOwn(known, name) ? known[name]! : 'difference'
  if (typeof kind === 'string') return kind
  if (kind.share === 'of the chain') return ofBlocks((rail) => rail.blocks?.count)
  return ofAttempts((rail, attack) => rail.blocks?.attacks?.[attack!]?.[kind.trials])
}

const censored = (who: 'sanctioned' | 'others'): Of<CensoredFigures> => ({
  ...all('count', 'offered', 'included', 'final'),
  ...all(
    ofPayments((rail) => rail.stake?.censorship?.[who].offered),
    ...['included_share', 'final_share'] as const,
  ),
  inclusion_delay_slots: quantiles('amount'),
  time_to_inclusion_ms: quantiles('time'),
  time_to_finality_ms: quantiles('time'),
})

const ofSources = ofBlocks((rail) => rail.stake?.sources?.blocks)
const ofRelayed = (): Kind<RailResult> => ofBlocks((rail) => rail.stake?.sources?.relayed)

const stake: Of<StakeFigures> = {
  ...all('count', 'slots', 'missed_slots', 'orphaned_blocks', 'proposer_reorgs'),
  missed_share: ofBlocks((rail) => rail.stake?.slots),
  reorg_depths: counts,
  // Of stake and of votes, no trials.
  ...all('share', 'participation', 'head_accuracy'),
  ...all('amount', 'justified_distance_epochs', 'finalised_distance_epochs'),
  validators: all('count', 'start', 'end'),
  slashed_validators: 'count',
  ...all('amount', 'slashed_effective_eth', 'burned_eth'),
  ...all('difference', 'issued_eth', 'supply_change_eth'),
  ...all(span, 'effective_eth', 'balance_eth'),
  balance_eth_by_operator: () => span,
  sources: {
    ...all('count', 'blocks', 'relayed'),
    ...all(ofSources, 'relayed_share', 'censoring_share'),
    ...all(ofRelayed, 'by_builder', 'by_relay'),
  },
  censorship: { sanctioned: censored('sanctioned'), others: censored('others') },
}

const execution: Of<ExecutionFigures> = {
  ...all('count', 'transactions', 'batched_payments', 'charges', 'policy_updates'),
  ...all('count', 'validator_changes', 'refused_transactions'),
  sessions: {
    ...all('count', 'opened', 'topped_up', 'settled', 'closed', 'vouchers'),
    transactions_saved: 'difference',
  },
  payments_per_block: all('amount', 'mean', 'max'),
  ...all('amount', 'gas_used', 'gas_per_s', 'gas_per_block', 'other_traffic_gas'),
  // Of gas, no trials.
  lane_share: all('share', 'payment', 'general'),
  base_fee: all('amount', 'mean', 'min', 'max', 'end'),
  fees_by_token_usd: (): PlainKind => 'amount',
  producer_fees_by_token_usd: (): PlainKind => 'amount',
  fee_amm_usd: 'difference',
  blocks_by_stop: counts,
  refused_by_reason: counts,
}

const committee: Of<CommitteeFigures> = {
  ...all('count', 'size', 'epochs', 'failed_ceremonies'),
  changes: { at_s: 'time', height: 'count' },
}

const liar: Of<LiarFigures> = {
  ...all('count', 'validators', 'liars', 'survivable'),
  // Of votes, no trials.
  ...all('share', 'liars_share', 'survivable_share'),
}

const down: Of<DownFigures> = {
  ...all('count', 'validators', 'down', 'failing', 'survivable'),
  ...all('share', 'failing_share', 'survivable_share'),
  beyond_s: 'time',
}

/** What sort of number each figure of a rail is. */
export const railKinds: Of<RailResult> = {
  ...all('count', 'offered', 'included', 'final', 'failed', 'pending', 'routed'),
  failed_by_reason: counts,
  ...all(
    ofPayments(({ offered }) => offered),
    ...['included_share', 'final_share', 'failed_share'] as const,
  ),
  ...all('amount', 'throughput_per_s', 'peak_throughput_per_s'),
  ...all(
    quantiles('time'),
    ...['time_to_inclusion_ms', 'time_to_finality_ms', 'time_to_justification_ms'] as const,
  ),
  fee_usd: fee,
  fee_usd_by_transfer: () => fee,
  inclusion_delay_slots: quantiles('amount'),
  base_fee: all('amount', 'mean', 'min', 'p50', 'max', 'end', 'burned_native'),
  ...all('amount', 'energy_wh_per_payment', 'energy_watts'),
  mempool: { waiting: level, waiting_units: level, next_block_price: level },
  nakamoto: { operators: coefficients, regions: coefficients },
  association: {
    ...all('count', 'members', 'votes_needed'),
    motions: counts,
    decisions: {},
  },
  liars: () => liar,
  down: () => down,
  validator_changes: () => all('count', 'planned', 'registered'),
  routed_share: () => ofPayments(({ routed }) => routed),
  ...{ outage, blocks, stake, execution, committee },
}
