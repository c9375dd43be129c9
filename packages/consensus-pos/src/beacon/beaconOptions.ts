import type { Time } from '@counterpoise/engine'
import { forkProfile, ForkProfileError } from '../transition/forkProfiles.ts'
import type { ForkProfile } from '../transition/forkProfile.ts'
import type { BeaconBlock } from './blocks.ts'
import { type BlockMarket, checkMarket, mainnetMarket } from './builderMarket.ts'
import type { MeshOptions } from './mesh.ts'
import { BeaconOptionsError, checkShares } from './optionsError.ts'
import type { Payload, PayloadOptions } from './payloads.ts'
import type { Strategy } from './strategy.ts'

export { BeaconOptionsError, checkShares } from './optionsError.ts'

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
  /** Takes its blocks from relays, or never does; as the market's share has it unless given. */
  relays?: boolean | undefined
  /** Leaves sanctioned payments out of blocks that it builds, and out of its inclusion lists. */
  censors?: boolean | undefined
  /** Slots in which it is down, from and until. */
  down?: readonly (readonly [from: number, until: number])[] | undefined
  /** Acts as the strategy says. */
  adversary?: boolean | undefined
}

/** A block about to be published, for whoever fills it with payments. */
export type BlockDraft = Pick<
  BeaconBlock,
  'id' | 'parent' | 'slot' | 'proposer' | 'time' | 'source' | 'isParentWhole'
>

/** What a block was filled with. */
export type BlockFilling = {
  bytes: number
  /** What executing the block costs a node before it can use it, µs. */
  work: Time
  /** Whether it holds what attesters who refuse such blocks object to. */
  objectionable?: boolean | undefined
}

/** Sees a network from outside; changes nothing. */
export type BeaconObserver = {
  /** A slot has begun, and nodes have ended the one before. */
  slot?: ((slot: number) => void) | undefined
  /** It is known, perhaps anew, when nodes have a block. */
  block?: ((block: BeaconBlock) => void) | undefined
  /** The same of a payload that comes apart from its block. */
  payload?: ((payload: Payload) => void) | undefined
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
  /**
   * No honest proposer publishes later in its slot, ms; 715 ms before votes are due unless given.
   */
  proposalLatestMs?: number | undefined
  /** A voter votes U(0, this) ms after its node has the slot's block. */
  attestationDelayMaxMs?: number | undefined
  /**
   * Median and sigma of a lognormal: how long a vote takes to its committee's aggregators, ms. One
   * that comes after they have spoken is passed on a slot later.
   */
  subnetMedianMs?: number | undefined
  subnetSigma?: number | undefined
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
   * Puts payments into a block. It has its drawn size or that of its payments, whichever is more:
   * what else is in it gives way.
   */
  fill?: ((draft: BlockDraft) => BlockFilling) | undefined
  observer?: BeaconObserver | undefined
  /** How builders show payloads, in forks that part them from blocks (Gloas). */
  payloads?:
    | (Partial<Omit<PayloadOptions, 'revealMedianMs'>> & { revealMedianMs?: number | undefined })
    | undefined
  /**
   * Builders and relays, the same in all slots or one for each (counted from the first); without
   * it every proposer builds its own block and nothing is said of censorship.
   */
  market?: BlockMarket | ((slot: number) => BlockMarket) | undefined
  /** Whether there are inclusion lists; in the forks that have them unless given. */
  inclusionLists?: boolean | undefined
  /** The scenario claims safety: at most a third of the stake may be adversarial. */
  assertSafety?: boolean | undefined
}

/**
 * Eight of these (latency of links, times to receive, share of flights, spreads) are fitted, on a
 * mesh of 1,000 nodes of which 140 watch, to the dispersion of mainnet's blocks by size after their
 * first sighting: 52 quantiles of Xatu, 2026-04-25 to 05-01, at a root mean square error of 9 %;
 * docs/validation/pos.md has each one. Degrees and heartbeat are gossipsub's.
 */
export const defaultMesh: MeshOptions = {
  degree: 8,
  linkMedianMs: 16,
  linkSigma: 0.293,
  receiveMs: 28.4,
  perKilobyteMs: 0.308,
  // Ten segments of 1,460 B: RFC 6928.
  windowKilobytes: 14.6,
  flightShare: 0.293,
  nodeSigma: 1.01,
  messageSigma: 1.049,
  sizeSpread: 0.866,
  lazyDegree: 6,
  lossProbability: 0,
  heartbeatMs: 700,
}

/** Payloads are shown so long after votes are due, when hardly a block is left behind, ms. */
const revealAfterMs = 200

/**
 * Builders win as MEV-Boost's did in November 2025, and pay what they paid on average, for 92.7 %
 * of blocks (EIP-8363, year to July 2026). When they show payloads, the sigmas, their balance and
 * the bytes of a block without its payload are assumed.
 */
const defaultPayloads = {
  builders: mainnetMarket.builders,
  bidShare: mainnetMarket.relayedShare,
  bidMeanEther: 0.03,
  bidSigma: 1,
  builderBalanceEther: 1_000,
  revealSigma: 0.1,
  withheldShare: 0,
  blockBytes: 10_000,
}

/**
 * Those who wait longest, the 4 % of blocks in Xatu's class of timing games, are seen at 3,555 ms
 * on average (January 2026), 270 ms after they are published: who publishes later loses the votes
 * and the block, and of mainnet's slots only 0.15 to 0.31 % have no block in the chain at all.
 */
const proposalMarginMs = 715

type SlotOptions = Pick<
  BeaconNetworkOptions,
  'fork' | 'slotMs' | 'attestationDueMs' | 'aggregateDueMs' | 'proposalLatestMs'
>

/** When a node of a network acts, ms after a slot began: as said, or by the fork's rules. */
export function resolveSlot(options: SlotOptions) {
  const { fork = 'fulu', slotMs = 12_000 } = options
  const profile = typeof fork === 'string' ? forkProfile(fork) : fork
  if (profile.slot === undefined || profile.forkChoice === undefined) {
    const missing = profile.slot === undefined ? 'slot' : 'forkChoice'
    throw new ForkProfileError(`fork.${missing}`, `a network needs this rule; it is missing.`)
  }
  const due = (bps: number): number => Math.floor((slotMs * bps) / 10_000)
  const attestationDueMs = options.attestationDueMs ?? due(profile.slot.attestationDueBps)
  return {
    profile,
    slotMs,
    attestationDueMs,
    proposalLatestMs:
      options.proposalLatestMs ?? Math.max(0, attestationDueMs - proposalMarginMs),
    aggregateDueMs: options.aggregateDueMs ?? due(profile.slot.aggregateDueBps),
    reorgCutoffMs: due(profile.slot.proposerReorgCutoffBps),
    inclusionListDueMs: due(profile.slot.inclusionListDueBps ?? 10_000),
  }
}

/** Options with every value set and times of the slot in order. */
export type ResolvedOptions = ReturnType<typeof resolveOptions>

/** @throws BeaconOptionsError, ForkProfileError with the path of what cannot be. */
export function resolveOptions(options: BeaconNetworkOptions) {
  const { nodes } = options
  const slot = resolveSlot(options)
  const { profile, slotMs, attestationDueMs, aggregateDueMs } = slot
  within('slotMs', slotMs, 1, 3_600_000)
  within('attestationDueMs', attestationDueMs, 0, slotMs)
  within('proposalLatestMs', slot.proposalLatestMs, 0, slotMs)
  if (aggregateDueMs < attestationDueMs || aggregateDueMs > slotMs) {
    const expected = `from attestationDueMs (${attestationDueMs}) to slotMs (${slotMs})`
    throw new BeaconOptionsError('aggregateDueMs', expected, aggregateDueMs)
  }
  checkNodes(options)
  if (options.inclusionLists === true && profile.inclusionListCommittee === undefined) {
    throw new ForkProfileError('inclusionLists', `the fork '${profile.name}' has no such rule.`, [
      'Expected: heze, or no inclusion lists',
    ])
  }
  const { revealMedianMs = attestationDueMs + revealAfterMs, ...given } = options.payloads ?? {}
  const payloads: PayloadOptions = { ...defaultPayloads, ...given, revealMedianMs }
  checkPayloads(payloads)
  if (typeof options.market === 'object') checkMarket(options.market)
  const blockBytesMedian = options.blockBytesMedian ?? 74_000
  const proposerBoost = options.proposerBoost ?? profile.forkChoice.proposerBoost
  within('proposerBoost', proposerBoost, 0, 10)
  within('blockBytesMedian', blockBytesMedian, 1, 10_485_760)
  return {
    ...options,
    name: options.name ?? 'beacon',
    ...slot,
    attestations: options.attestations ?? ('committee' as const),
    start: options.start ?? ('running' as const),
    attestationDelayMaxMs: options.attestationDelayMaxMs ?? 200,
    // A mean of 831 ms and 95 % within 1,962 ms, in slots without a block: ethresear.ch 23016.
    subnetMedianMs: options.subnetMedianMs ?? 672,
    subnetSigma: options.subnetSigma ?? 0.651,
    // Median of MEV-Boost blocks, 95th percentile of the sizes: Xatu, April 2026.
    blockBytesMedian,
    blockBytesSigma: options.blockBytesSigma ?? 0.4,
    mesh: { ...defaultMesh, ...options.mesh },
    payloads,
    proposerReorg: options.proposerReorg ?? true,
    proposerBoost,
    equivocationDiscount: options.equivocationDiscount ?? true,
    nodes,
  }
}

function checkPayloads(payloads: PayloadOptions): void {
  const { builders, withheldShare, bidShare, bidMeanEther, bidSigma } = payloads
  within('payloads.withheldShare', withheldShare, 0, 1)
  within('payloads.bidShare', bidShare, 0, 1)
  within('payloads.bidMeanEther', bidMeanEther, 0, 1_000_000)
  within('payloads.bidSigma', bidSigma, 0, 10)
  within('payloads.builderBalanceEther', payloads.builderBalanceEther, 0, 1_000_000)
  checkShares('payloads.builders', builders.map(({ share }) => share))
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
