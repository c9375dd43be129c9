import { hours, type Time } from '@counterpoise/engine'

/** How a pool limits packages, orders what it holds, and lets transactions be replaced. */
export type PoolRules = 'ancestors' | 'clusters'

/** What a node takes into its pool and how long it keeps it. */
export type BitcoinPolicy = {
  rules: PoolRules
  /** The least feerate that is relayed, sat/kvB. */
  relayRate: number
  /** What a replacement pays on top for its size, and a step of the rolling minimum, sat/kvB. */
  incrementalRate: number
  /** The least feerate that a miner takes into a block, sat/kvB. */
  blockRate: number
  /** Memory that the pool may use, bytes. */
  capacityBytes: number
  /** What a transaction uses of it: so many bytes, and so many for each weight unit. */
  bytesPerTransaction: number
  bytesPerWeightUnit: number
  /** After how long a transaction is dropped. */
  expiry: Time
  limits: PackageLimits
}

/** Of a block, less what miners leave for its header and coinbase (Bitcoin Core, policy.h). */
export const blockWeightLimit = 4_000_000 - 4_000

/** A transaction of more weight is not relayed (policy.h, MAX_STANDARD_TX_WEIGHT). */
export const relayedWeightMax = 400_000

/** How large packages may get; a transaction itself always counts. */
export type PackageLimits = {
  /** Under `ancestors`: transactions and virtual bytes of each one's ancestors. */
  ancestors: number
  ancestorBytes: number
  /** … and of its descendants. */
  descendants: number
  descendantBytes: number
  /** The carve-out: one more child of at most so many virtual bytes, of one ancestor. */
  carveOutBytes: number
  /** Under `clusters`: transactions and virtual bytes of a cluster. */
  cluster: number
  clusterBytes: number
  /** A replacement evicts at most as many, or touches as many clusters (BIP 125, rule 5). */
  replaced: number
}

/** Bitcoin Core, policy.h: those of ancestors up to v30, those of clusters from v31. */
export const corePackageLimits: PackageLimits = {
  ancestors: 25,
  ancestorBytes: 101_000,
  descendants: 25,
  descendantBytes: 101_000,
  carveOutBytes: 10_000,
  cluster: 64,
  clusterBytes: 101_000,
  replaced: 100,
}

const core = {
  blockRate: 1,
  capacityBytes: 300_000_000,
  // A transaction with one input and two outputs (564 WU) takes some 1.1 kB: assumed.
  bytesPerTransaction: 600,
  bytesPerWeightUnit: 0.9,
  expiry: hours(336),
  limits: corePackageLimits,
} as const

/** Default policies of Bitcoin Core by major version. */
export const bitcoinPolicies: Record<'v29' | 'v30' | 'v31', BitcoinPolicy> = {
  v29: { ...core, rules: 'ancestors', relayRate: 1_000, incrementalRate: 1_000 },
  v30: { ...core, rules: 'ancestors', relayRate: 100, incrementalRate: 100 },
  v31: { ...core, rules: 'clusters', relayRate: 100, incrementalRate: 100 },
}
