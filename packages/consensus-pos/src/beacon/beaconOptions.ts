import { BaseError, type Time } from '@counterpoise/engine'
import { forkProfile, ForkProfileError } from '../transition/forkProfiles.ts'
import type { ForkProfile } from '../transition/forkProfile.ts'
import type { BeaconBlock } from './blocks.ts'
import type { MeshOptions } from './mesh.ts'
import type { Strategy } from './strategy.ts'

/** A node of the network with the validators that run on it; without any, it follows. */
export type BeaconNode = {
  entity: string
  client?: string | undefined
  operator?: string | undefined
  region?: string | undefined
  validators: number
  /** Balance of each, ETH; 32 unless given. */
  balanceEther?: number | undefined
  compounding?: boolean | undefined
  /** When its proposers publish: a lognormal delay after the slot's beginning. */
  proposalMedianMs?: number | undefined
  proposalSigma?: number | undefined
  missedSlotProbability?: number | undefined
  /** Slots in which it is down, from and until. */
  down?: readonly (readonly [from: number, until: number])[] | undefined
  /** Acts as the strategy says. */
  adversary?: boolean | undefined
}

/** A block about to be published, for whoever fills it with payments. */
export type BlockDraft = Pick<BeaconBlock, 'id' | 'parent' | 'slot' | 'proposer' | 'time'>

/** Sees a network from outside; changes nothing. */
export type BeaconObserver = {
  /** A slot has begun, and nodes have ended the one before. */
  slot?: ((slot: number) => void) | undefined
  /** It is known, perhaps anew, when nodes have a block. */
  block?: ((block: BeaconBlock) => void) | undefined
}

export type BeaconNetworkOptions = {
  /** Prefix of event kinds and random streams. */
  name?: string | undefined
  nodes: readonly BeaconNode[]
  /** A fork's name or rules; `fulu` unless given. */
  fork?: string | ForkProfile | undefined
  /**
   * `committee`: each node's validators are spread evenly over the slots of an epoch and vote at
   * one moment. `per-validator`: each is assigned and votes by itself.
   */
  attestations?: 'committee' | 'per-validator' | undefined
  /** What stands before the first slot; `running` unless given. */
  start?: 'genesis' | 'running' | undefined
  slotMs?: number | undefined
  /** When votes are due and aggregates are published, ms; the fork's unless given. */
  attestationDueMs?: number | undefined
  aggregateDueMs?: number | undefined
  /** A voter votes U(0, this) ms after its node has the slot's block. */
  attestationDelayMaxMs?: number | undefined
  /** Median and sigma of a block's compressed bytes. */
  blockBytesMedian?: number | undefined
  blockBytesSigma?: number | undefined
  mesh?: Partial<MeshOptions> | undefined
  /** May honest proposers leave a late, weak block out? Default true. */
  proposerReorg?: boolean | undefined
  proposerBoost?: number | undefined
  equivocationDiscount?: boolean | undefined
  /** Slots during which nodes of different sides do not hear each other. */
  partition?: { from: number; until: number; side: (node: number) => number } | undefined
  /** The node that proposes in a slot; drawn by stake unless given. */
  proposerOf?: ((slot: number) => number) | undefined
  /** What nodes marked as adversaries do. */
  strategy?: Strategy | undefined
  /**
   * Puts payments into a block: the bytes that they take, and what executing the block costs a
   * node before it can use it, µs. A block has its drawn size or that of its payments, whichever
   * is more: what else is in it gives way.
   */
  fill?: ((draft: BlockDraft) => { bytes: number; work: Time }) | undefined
  observer?: BeaconObserver | undefined
  /** The scenario claims safety: at most a third of the stake may be adversarial. */
  assertSafety?: boolean | undefined
}

/** Options that cannot be: where, and what was expected. */
export class BeaconOptionsError extends BaseError {
  override name = 'BeaconOptionsError' as const
  path: string

  constructor(path: string, expected: string, found: unknown) {
    super(`${path}: expected ${expected}, found ${String(found)}.`, {
      docsPath: 'proof-of-stake.md#options',
    })
    this.path = path
  }
}

/**
 * The six delays are fitted, on a mesh of 1,000 nodes of which 140 watch, to the dispersion of
 * mainnet's blocks by size after their first sighting: 52 quantiles of Xatu, 2026-04-25 to 05-01,
 * at a root mean square error of 11 %; docs/validation/pos.md has each one.
 */
export const defaultMesh: MeshOptions = {
  degree: 8,
  linkMedianMs: 29.4,
  linkSigma: 0.454,
  receiveMs: 30.1,
  perKilobyteMs: 0.394,
  nodeSigma: 0.825,
  messageSigma: 0.717,
  lossProbability: 0,
  heartbeatMs: 700,
}

/** When a node of a network acts, ms after a slot began: as said, or by the fork's rules. */
export function resolveSlot(
  options: Pick<BeaconNetworkOptions, 'fork' | 'slotMs' | 'attestationDueMs' | 'aggregateDueMs'>,
) {
  const { fork = 'fulu', slotMs = 12_000 } = options
  const profile = typeof fork === 'string' ? forkProfile(fork) : fork
  if (profile.slot === undefined || profile.forkChoice === undefined) {
    const missing = profile.slot === undefined ? 'slot' : 'forkChoice'
    throw new ForkProfileError(`fork.${missing}`, `a network needs this rule; it is missing.`)
  }
  const due = (bps: number): number => Math.floor((slotMs * bps) / 10_000)
  return {
    profile,
    slotMs,
    attestationDueMs: options.attestationDueMs ?? due(profile.slot.attestationDueBps),
    aggregateDueMs: options.aggregateDueMs ?? due(profile.slot.aggregateDueBps),
    reorgCutoffMs: due(profile.slot.proposerReorgCutoffBps),
  }
}

/** Options with every value set and times of the slot in order. */
export type ResolvedOptions = ReturnType<typeof resolveOptions>

/** @throws BeaconOptionsError, ForkProfileError with the path of what cannot be. */
export function resolveOptions(options: BeaconNetworkOptions) {
  const { nodes } = options
  const { profile, slotMs, attestationDueMs, aggregateDueMs, reorgCutoffMs } = resolveSlot(options)
  within('slotMs', slotMs, 1, 3_600_000)
  within('attestationDueMs', attestationDueMs, 0, slotMs)
  if (aggregateDueMs < attestationDueMs || aggregateDueMs > slotMs) {
    const expected = `from attestationDueMs (${attestationDueMs}) to slotMs (${slotMs})`
    throw new BeaconOptionsError('aggregateDueMs', expected, aggregateDueMs)
  }
  checkNodes(options)
  const blockBytesMedian = options.blockBytesMedian ?? 74_000
  const proposerBoost = options.proposerBoost ?? profile.forkChoice.proposerBoost
  within('proposerBoost', proposerBoost, 0, 10)
  within('blockBytesMedian', blockBytesMedian, 1, 10_485_760)
  return {
    ...options,
    name: options.name ?? 'beacon',
    profile,
    slotMs,
    attestationDueMs,
    aggregateDueMs,
    reorgCutoffMs,
    attestations: options.attestations ?? ('committee' as const),
    start: options.start ?? ('running' as const),
    attestationDelayMaxMs: options.attestationDelayMaxMs ?? 200,
    // Median of MEV-Boost blocks, 95th percentile of the sizes: Xatu, April 2026.
    blockBytesMedian,
    blockBytesSigma: options.blockBytesSigma ?? 0.4,
    mesh: { ...defaultMesh, ...options.mesh },
    proposerReorg: options.proposerReorg ?? true,
    proposerBoost,
    equivocationDiscount: options.equivocationDiscount ?? true,
    nodes,
  }
}

function within(path: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return
  throw new BeaconOptionsError(path, `${least} to ${most}`, value)
}

function checkNodes({ nodes, assertSafety, partition }: BeaconNetworkOptions): void {
  let ether = 0
  let hostile = 0
  nodes.forEach((node, index) => {
    const { validators, balanceEther = 32, adversary = false } = node
    if (!Number.isInteger(validators) || validators < 0) {
      const path = `nodes[${index}].validators`
      throw new BeaconOptionsError(path, 'an integer of at least 0', validators)
    }
    ether += validators * balanceEther
    if (adversary) hostile += validators * balanceEther
    for (const [from, until] of node.down ?? []) {
      if (until >= from) continue
      throw new BeaconOptionsError(`nodes[${index}].down`, `an end from slot ${from} on`, until)
    }
  })
  if (ether === 0) throw new BeaconOptionsError('nodes', 'at least one validator', 0)
  if (assertSafety === true && hostile * 3 > ether) {
    const share = `${((100 * hostile) / ether).toFixed(1)} %`
    throw new BeaconOptionsError('nodes', 'at most a third of the stake slashable', share)
  }
  if (partition !== undefined && partition.until < partition.from) {
    const expected = `a slot from ${partition.from} on`
    throw new BeaconOptionsError('partition.until', expected, partition.until)
  }
}

/** Shares of a whole. @throws BeaconOptionsError where they do not sum to 1. */
export function checkShares(path: string, shares: readonly number[]): void {
  const sum = shares.reduce((total, share) => total + share, 0)
  if (Math.abs(sum - 1) <= 1e-6 && shares.every((share) => share >= 0)) return
  throw new BeaconOptionsError(path, 'shares of at least 0 that sum to 1', sum)
}
