import type { CommitteeFigures, ExecutionFigures } from './executionResults.ts'
import type { SourceNote } from '@counterpoise/scenario'
import type { BaseFeeFigures, StakeFigures } from './stakeResults.ts'
import type {
  AssociationFigures,
  DownFigures,
  LiarFigures,
  ValidatorChangeFigures,
} from './validatorResults.ts'

/** Mean and quantiles of a sample. */
export type Quantiles = { mean: number; p50: number; p95: number; p99: number }

/** How many parties must fail or collude, by the share of the power that they need. */
export type Coefficients = { third: number; half: number }

/**
 * What one rail did in one run. Units are in the names; `null` where there is nothing to measure,
 * for instance the time to finality where no payment became final.
 */
export type RailResult = {
  /** Payments that were sent to this rail. */
  offered: number
  /** Payments that were in a block or authorised at the end, or had been until they were final. */
  included: number
  final: number
  /** Failed, refused or expired; `failed_by_reason` says which. */
  failed: number
  /** Neither final nor failed when the run ended. */
  pending: number
  failed_by_reason: Record<string, number>
  /** Of the payments offered; null, as the other shares, where there were none. */
  included_share: number | null
  final_share: number | null
  failed_share: number | null
  /** Payments included while payments were being offered, per second of that window. */
  throughput_per_s: number
  /** The busiest minute. */
  peak_throughput_per_s: number
  /** From the intended start. */
  time_to_inclusion_ms: Quantiles | null
  time_to_finality_ms: Quantiles | null
  fee_usd: { mean: number; p50: number; p95: number } | null
  /** What other kinds of transfers would have paid for their gas at the payments' prices. */
  fee_usd_by_transfer?: Record<string, { mean: number; p50: number; p95: number }> | null
  /** From the intended start until the payer held the block for justified; stake only. */
  time_to_justification_ms?: Quantiles | null
  /** Slots that began between the intended start and the block; stake only. */
  inclusion_delay_slots?: Quantiles | null
  /** Along the chain; absent where there is none. */
  base_fee?: BaseFeeFigures | null
  /** What stake did; absent where there is none. */
  stake?: StakeFigures
  /** Power of the whole rail over the offered window, divided by the payments included in it. */
  energy_wh_per_payment: number | null
  energy_watts: number
  blocks: BlockFigures | null
  /** Absent where the rail has no execution rules of its own. */
  execution?: ExecutionFigures
  /** What waited in the pool, as the first access node saw it; absent where there is no pool. */
  mempool?: MempoolResult | null
  nakamoto: { operators: Coefficients; regions: Coefficients }
  /** Payments that were offered while a fault was on; `null` where no fault began. */
  outage: OutageResult | null
  /** Absent where the committee never changes. */
  committee?: CommitteeFigures
  /** Absent where no association decides who validates. */
  association?: AssociationFigures
  /** By rail, changes of its validators; absent where none are planned. */
  validator_changes?: Record<string, ValidatorChangeFigures>
  /** By rail, validators that were down; absent where none were, and of proof of work. */
  down?: Record<string, DownFigures>
  /** By rail, validators that depart from the protocol; absent where all are honest. */
  liars?: Record<string, LiarFigures>
  /**
   * For a router: what share of the payments that were included each rail carried; null where
   * there were none.
   */
  routed_share?: Record<string, number> | null
  /** How many payments these are, all rails together. */
  routed?: number
}

/** Times from a block's creation until it is at a node as a whole, unchecked, ms. */
export type SpreadFigures = {
  mean: number
  p10: number
  p25: number
  p50: number
  p75: number
  p90: number
  p99: number
}

/** The blocks of a rail. */
export type BlockFigures = {
  /** In the chain, the genesis block left out. */
  count: number
  /** Between neighbours in the chain; null where there are fewer than two blocks. */
  interval_ms: ({ mean: number; p50: number; p95: number } & Partial<SpreadFigures>) | null
  /**
   * Blocks beside the chain over all blocks made, those left out that stand on its head and that
   * nobody follows yet; null, as the other shares, without any.
   */
  stale_share: number | null
  /** Those blocks: in the chain or stale. */
  made: number
  /** Over all nodes, the maker left out, and all blocks that had come as far as they would. */
  propagation_ms?: SpreadFigures
  /** Means over blocks of each block's own quantiles. */
  propagation_block_ms?: Omit<SpreadFigures, 'mean'>
  propagation_block_median_ms?: number
  /** Quantiles over nodes of each one's mean over blocks. */
  propagation_node_ms?: Omit<SpreadFigures, 'mean'>
  /**
   * How much of the hash rate (or stake) does not have a block yet, integrated over time since it
   * was made; mean over blocks.
   */
  unaware_ms?: number
  /** How often a node left so many blocks for others, all nodes together. */
  reorg_depths?: Record<string, number>
  /** By operator, where there are at most 100. */
  stale_by_miner?: Record<string, number | null>
  /** In the chain, and with those that are stale. */
  blocks_by_miner?: Record<string, number>
  made_by_miner?: Record<string, number>
  /** New money in native units, and the fees of payments. */
  revenue_by_miner?: Record<
    string,
    { share_of_chain: number | null; subsidy_native: number; fees_usd: number }
  >
  fees_usd?: number
  /** What came of the attacks that the scenario names, by kind. */
  attacks?: Record<string, Record<string, number>>
}

/** A level over time, in time-weighted mean, at its highest and at the end of the run. */
export type Level = { mean: number; max: number; end: number }

/** What waited in a pool, sampled just after each block. */
export type MempoolResult = {
  /** Transactions. */
  waiting: Level
  /** Gas or weight. */
  waiting_units: Level
  /** Native units per gas or weight above which at most a block's worth waited. */
  next_block_price: Level
}

/** How the payments fared that were intended while a fault was on. */
export type OutageResult = {
  offered: number
  included: number
  failed: number
  /** Neither included nor failed when the run ended. */
  open: number
  failed_by_reason: Record<string, number>
  /** Of the payments that were intended while a fault was on; null where there were none. */
  included_share: number | null
  failed_share: number | null
  open_share: number | null
  /** Of the same payments, by what they failed for. */
  failed_share_by_reason: Record<string, number> | null
  time_to_inclusion_ms: Quantiles | null
  /** The longest time within a fault in which no payment was included, s. */
  longest_silence_s: number
  /**
   * Payments that were open when a fault was over, or the run before it; of several faults, after
   * which there were most.
   */
  open_when_over: number
}

/** Curves for the figures of one rail. */
export type RailSeries = {
  /** Width of a bin of the throughput curves, s. */
  bin_s: number
  /** Payments per second in each bin, from time 0. */
  offered_per_s: number[]
  included_per_s: number[]
  /** Transactions that waited in the pool at the end of each bin; absent without a pool. */
  waiting?: number[]
  /** Delays at the levels (0.005, 0.015, …, 0.995) of their distribution, ms; empty without any. */
  inclusion_quantiles_ms: number[]
  finality_quantiles_ms: number[]
}

/** Whether a property held throughout a run. */
export type Verdict = 'held' | 'violated'

/** A rail of which a run has only a part, or nothing. */
export type CutRail = {
  rail: string
  by: 'limit' | 'interruption'
  /** The simulated time that it had come to, s; null where it had not begun. */
  at_s: number | null
}

/** One run of one scenario with one seed: what `counterpoise run --json` prints. */
export type RunResult = {
  scenario: { name: string; hash: string }
  seed: string
  replication: number
  version: string
  digest: string
  wall_seconds: number
  events: number
  simulated_seconds: number
  /** True where a limit on events, or an interruption, ended it before its time. */
  partial: boolean
  /** Which rails are not whole, and so not comparable with the others. */
  cut: CutRail[]
  rails: Record<string, RailResult>
  checks: Record<string, Verdict>
}

/**
 * A number over replications: its mean with its 95 % confidence interval, whose ends are within
 * what the number can be: `mean ± ci95` may reach beyond, to a time below 0 or a share above 1.
 */
export type Estimate = {
  mean: number
  /** How far the interval reaches; null where one replication alone tells nothing of it. */
  ci95: number | null
  /** The ends of the interval; absent where there is none. */
  low?: number
  high?: number
  /** In how many replications there was the number; absent where in all. */
  replications?: number
}

/**
 * A result in which every measured number has become an estimate; a list is null where it is
 * another one in other replications.
 */
export type Estimated<value> = value extends number
  ? Estimate
  : value extends readonly (infer entry)[]
  ? Estimated<entry>[] | null
  : value extends object
    ? { [key in keyof value]: Estimated<value[key]> }
    : value

/** Several replications of one scenario. */
export type ReplicatedResult = {
  scenario: { name: string; hash: string }
  seed: string
  /** Those that the numbers are of: the whole ones, or else the first as far as it came. */
  replications: number
  /** How many were asked for. */
  replications_wanted: number
  version: string
  /** The digest over the digests of the replications, in order. */
  digest: string
  wall_seconds: number
  events: Estimate
  simulated_seconds: Estimate
  partial: boolean
  /** Which rails are not whole in one of those replications, each where it was cut first. */
  cut: CutRail[]
  rails: Record<string, Estimated<RailResult>>
  checks: Record<string, Verdict>
}

/** Everything that the report shows. */
export type ReportInput = {
  title: string
  /** One or two sentences on what was offered and what broke. */
  summary: string
  result: RunResult | ReplicatedResult
  /** The exact command that repeats the run, where one led to it. */
  command?: string | undefined
  /** By the name of the rail, of the first replication. */
  series: Record<string, RailSeries>
  faults: { label: string; from_s: number; until_s: number }[]
  /** Until when payments were offered, s. */
  offered_until_s: number
  /** A line on each rail: what it is. */
  descriptions: Record<string, string>
  sources: SourceNote[]
}

export type { SourceNote }
