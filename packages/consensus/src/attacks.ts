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

/** What members do instead of following the protocol, because the parameters say so. */
export type PlannedAttacks = {
  behaviours: ReadonlyMap<NodeId, Behaviour>
  /** Sees what the members report. */
  observer?: ConsensusObserver | undefined
  /** What came of the attacks by now, by name; the chain ends in a block. */
  figures: (head: BlockId) => Record<string, AttackFigures>
}
