import { exp, log, type Stream } from '@counterpoise/engine'
import { forkProfile, ForkProfileError } from '../transition/forkProfiles.ts'
import type { ForkProfile } from '../transition/forkProfile.ts'
import { BeaconOptionsError, checkShares } from './beaconOptions.ts'

/** Who builds blocks, with the share of the slots that they build and whether they censor. */
export type Builder = { name: string; share: number; censors: boolean }

/** A source of blocks over time: shares change from the slot that is given. */
export type BuilderMarket = {
  /** Share of the slots whose block comes through a relay; the others are built locally. */
  relayedShare: number
  builders: readonly Builder[]
  /** Share of the proposers who censor in blocks that they build themselves. */
  censoringProposers: number
}

export type CensorshipOptions = {
  /** The market in a slot, so that shares may change over time. */
  marketAt: (slot: number) => BuilderMarket
  stream: Stream
  /** Payments under sanction, one after another. */
  payments: number
  /** Gives up on a payment after so many slots; 100,000 unless given. */
  slotsMax?: number | undefined
  missedSlotProbability?: number | undefined
  /** Attesters refuse blocks with such payments: above a half of the stake they are left out. */
  refusingAttesters?: number | undefined
  /** Inclusion lists, in the forks that have them: the members' share that censors. */
  inclusionLists?: { censoringMembers: number } | undefined
  fork?: string | ForkProfile | undefined
}

/**
 * In how many slots payments that some censor were included, each offered at the beginning of a
 * slot; `Infinity` for those given up. Blocks have room and fees are no obstacle.
 *
 * @throws ForkProfileError where inclusion lists are asked of a fork without them,
 * BeaconOptionsError where shares do not sum to 1.
 */
export function inclusionDelays(options: CensorshipOptions): number[] {
  const { marketAt, stream, payments, slotsMax = 100_000, missedSlotProbability = 0 } = options
  const { inclusionLists, refusingAttesters = 0, fork = 'fulu' } = options
  const profile = typeof fork === 'string' ? forkProfile(fork) : fork
  const members = profile.inclusionListCommittee
  if (inclusionLists !== undefined && members === undefined) {
    throw new ForkProfileError('inclusionLists', `the fork '${profile.name}' has no such rule.`, [
      'Expected: heze, or no inclusion lists',
    ])
  }
  const checked = new WeakSet<BuilderMarket>()
  const isListed = (): boolean => {
    if (inclusionLists === undefined) return false
    for (let member = 0; member < members!; member++) {
      if (!stream.chance(inclusionLists.censoringMembers)) return true
    }
    return false
  }
  const includes = (slot: number, listed: boolean): boolean => {
    const market = marketAt(slot)
    if (!checked.has(market)) checkMarket(market)
    checked.add(market)
    if (stream.chance(missedSlotProbability)) return false
    const censors = stream.chance(market.relayedShare)
      ? drawn(market.builders, stream).censors
      : stream.chance(market.censoringProposers)
    if (listed) return true
    return !censors && refusingAttesters <= 0.5
  }
  const delays: number[] = []
  let slot = 0
  for (let payment = 0; payment < payments; payment++) {
    let waited = 1
    // Lists of a slot bind the block of the next one.
    let listed = false
    while (waited <= slotsMax && !includes(slot, listed)) {
      listed = listed || isListed()
      waited++
      slot++
    }
    slot++
    delays.push(waited <= slotsMax ? waited : Number.POSITIVE_INFINITY)
  }
  return delays
}

function checkMarket({ builders, relayedShare, censoringProposers }: BuilderMarket): void {
  checkShares('builders', builders.map(({ share }) => share))
  for (const [path, share] of Object.entries({ relayedShare, censoringProposers })) {
    if (!(share >= 0 && share <= 1)) throw new BeaconOptionsError(path, '0 to 1', share)
  }
}

function drawn(builders: readonly Builder[], stream: Stream): Builder {
  let left = stream.uniform()
  for (const builder of builders) {
    left -= builder.share
    if (left < 0) return builder
  }
  return builders.at(-1)!
}

/** Share of the slots that censor. */
export const censoringShare = (market: BuilderMarket): number =>
  market.builders.reduce((sum, { share, censors }) => sum + (censors ? share : 0), 0) *
    market.relayedShare +
  (1 - market.relayedShare) * market.censoringProposers

/** Slots until inclusion at a quantile: ⌈ln(1 − q) / ln c⌉ for a censoring share c. */
export const censoredQuantile = (censoring: number, quantile: number): number =>
  Math.ceil(log(1 - quantile) / log(censoring))

/** Probability that all members of an inclusion list committee censor. */
export const allMembersCensor = (censoring: number, members = 16): number =>
  exp(members * log(censoring))
