import type { Stream } from '@counterpoise/engine'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { Behaviour } from './cluster.ts'
import type { Committee, ConsensusObserver } from './contract.ts'

/** How the payments of some accounts fared, and all others; times in ms, 0 without any payment. */
export type PaymentsOfAccounts = {
  offered: number
  included: number
  time_to_inclusion_ms: number
  others_time_to_inclusion_ms: number
}

/** What attackers can know of the chain that they attack. */
export type AttackedChain = {
  committee: Committee
  blocks: BlockStore
  /** Members by which payers see the chain, in the order of the scenario. */
  observers: readonly NodeId[]
  random: (purpose: string) => Stream
  /** Whether a block holds a payment from or to one of some accounts. */
  holdsPaymentOf: (block: BlockId, accounts: ReadonlySet<number>) => boolean
  /** What has become of the payments from and to some accounts by now. */
  paymentsOf: (accounts: ReadonlySet<number>) => PaymentsOfAccounts
}

/** What came of an attack, with units in the names. */
export type AttackFigures = Record<string, number>

/**
 * What sort of number a figure of an attack is: a share may be one of the blocks of the chain, or
 * of trials that are another figure of the attack.
 */
export type AttackFigureKind =
  | 'count'
  | 'time'
  | 'amount'
  | 'share'
  | { share: 'of the chain' }
  | { share: 'of trials'; trials: string }

/** The figures that attacks tell, and what each of them is. */
export const attackFigureKinds = {
  hash_share: 'share',
  revenue_share: { share: 'of the chain' },
  found: 'count',
  in_chain: 'count',
  attempts: 'count',
  success_share: { share: 'of trials', trials: 'attempts' },
  blocks_per_attempt: 'amount',
  tie_blocks: 'count',
  gamma: { share: 'of trials', trials: 'tie_blocks' },
  delivered: 'count',
  reversed: 'count',
  discarded: 'count',
  payout_share: 'share',
  pool_payout_share: 'share',
  difficulty: 'amount',
  growth: 'amount',
  eclipsed_found: 'count',
  eclipsed_lost: 'count',
  inclusion_interval_ms: 'time',
  offered: 'count',
  included: 'count',
  time_to_inclusion_ms: 'time',
  others_time_to_inclusion_ms: 'time',
} as const satisfies Record<string, AttackFigureKind>

/** Figures of an attack whose kinds are known. */
export type KnownAttackFigures = { [name in keyof typeof attackFigureKinds]?: number }

/** What members do instead of following the protocol, because the parameters say so. */
export type PlannedAttacks = {
  behaviours: ReadonlyMap<NodeId, Behaviour>
  /** Sees what the members report. */
  observer?: ConsensusObserver | undefined
  /** What came of the attacks by now, by name; the chain ends in a block. */
  figures: (head: BlockId) => Record<string, AttackFigures>
}
