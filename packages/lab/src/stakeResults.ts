import type { Quantiles } from './results.ts'

/** Base fees of a chain's blocks, native units per gas, and what they burned in all. */
export type BaseFeeFigures = {
  mean: number
  min: number
  p50: number
  max: number
  end: number
  burned_native: number
}

/** What the stake of a chain did over a run. */
export type StakeFigures = {
  slots: number
  missed_slots: number
  /** Of the slots; null where there were none. */
  missed_share: number | null
  /** Blocks that the observer's chain left behind, and times a proposer left a late head out. */
  orphaned_blocks: number
  proposer_reorgs: number
  /** How often the observer's head went to another branch, by blocks left behind. */
  reorg_depths: Record<string, number>
  /** Share of the stake that voted, and of the votes for the block that stayed. */
  participation: number
  head_accuracy: number
  /** Mean distance of the justified and of the final checkpoint, epochs. */
  justified_distance_epochs: number
  finalised_distance_epochs: number
  validators: Span
  /** Reported by blocks and slashed, and the effective balance that they have left. */
  slashed_validators: number
  slashed_effective_eth: number
  effective_eth: Span
  /** Of all validators, what it grew by, what the base fee burned, and the difference. */
  balance_eth: Span
  issued_eth: number
  burned_eth: number
  supply_change_eth: number
  /** By operator, where there are at most 100. */
  balance_eth_by_operator?: Record<string, Span>
  /** Where the chain's blocks came from; absent where nothing is said of that. */
  sources?: SourceFigures
  /** How payments of accounts fared that censors leave out, and all others. */
  censorship?: { sanctioned: CensoredFigures; others: CensoredFigures }
}

/**
 * The chain's blocks, and shares of them: from relays, from sources that censor, and of the relayed
 * ones.
 */
export type SourceFigures = {
  blocks: number
  /** Of these, from relays. */
  relayed: number
  relayed_share: number
  censoring_share: number
  by_builder: Record<string, number>
  by_relay: Record<string, number>
}

/** Payments of some accounts; delays from their intended start. */
export type CensoredFigures = {
  offered: number
  included: number
  final: number
  /** Of those offered; null where there were none. */
  included_share: number | null
  final_share: number | null
  inclusion_delay_slots: Quantiles | null
  time_to_inclusion_ms: Quantiles | null
  time_to_finality_ms: Quantiles | null
}

/** A quantity at the beginning and at the end of a run. */
export type Span = { start: number; end: number }
