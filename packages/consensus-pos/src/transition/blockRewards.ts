import type { Stream } from '@counterpoise/engine'
import { type BeaconState, isActive } from './beaconState.ts'
import { quotient } from './gwei.ts'
import { addShared } from './registry.ts'

const slots = 32
const syncCommitteeSize = 512
const syncCommitteeEpochs = 256

/** Running sums of effective balance, ETH, from which proposers are drawn. */
let cumulative = new Float64Array(64)

/** @returns the sum over the active classes, in some forks without those slashed. */
function accumulate(state: BeaconState, epoch: number, withoutSlashed = false): number {
  const { registry } = state
  if (cumulative.length < registry.size) cumulative = new Float64Array(2 * registry.size)
  let sum = 0
  for (let at = 0; at < registry.size; at++) {
    const barred = withoutSlashed && registry.slashed[at] === 1
    const ether = registry.effective[at]! * registry.count[at]!
    if (isActive(registry, at, epoch) && !barred) sum += ether
    cumulative[at] = sum
  }
  return sum
}

/** The class in whose part of the sum a uniform draw falls: by effective balance, exactly. */
function drawn(state: BeaconState, sum: number, stream: Stream): number {
  const point = stream.uniform() * sum
  let low = 0
  let high = state.registry.size - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (cumulative[middle]! > point) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Every 256 epochs 512 seats are drawn by effective balance, some to the same validators. Who is
 * slashed has seats while it is active: only proposing is barred to it (EIP-8045).
 */
export function drawSyncCommittee(state: BeaconState, stream: Stream): void {
  const { registry, epoch } = state
  const { seats } = registry
  const isEmpty = !seats.subarray(0, registry.size).some((count) => count > 0)
  if (epoch % syncCommitteeEpochs !== 0 && !isEmpty) return
  seats.fill(0)
  const sum = accumulate(state, epoch)
  for (let seat = 0; seat < syncCommitteeSize; seat++) {
    const at = drawn(state, sum, stream)
    seats[at] = seats[at]! + 1
  }
}

export type BlockCredits = {
  stream: Stream
  /** Share of a class that is up, 0 to 1. */
  share: (at: number) => number
  missedSlotProbability: number
}

/** What one sync committee seat earns per block, Gwei, and its proposer for including it. */
export function syncRewards({ profile, activeEther, baseReward }: BeaconState): {
  participant: number
  proposer: number
} {
  const { syncWeight, proposerWeight, denominator } = profile.rewards
  const total = baseReward * activeEther
  const perSlot = quotient(quotient(total * syncWeight, denominator), slots)
  const participant = quotient(perSlot, syncCommitteeSize)
  const proposer = quotient(participant * proposerWeight, denominator - proposerWeight)
  return { participant, proposer }
}

/**
 * Pays the sync committee and the proposers of an epoch's blocks. What a class earns this way is
 * shared by its members. A block's proposer gets, for the flags that its attestations newly
 * set, 8 / 56 of what they are worth; each slot's aggregate holds a 32nd of the epoch's flags.
 *
 * @returns how many slots had no block.
 */
export function creditBlocks(state: BeaconState, credits: BlockCredits): number {
  const { registry, epoch, profile } = state
  const { stream, share, missedSlotProbability } = credits
  const { proposerWeight, denominator } = profile.rewards
  const divisor = quotient((denominator - proposerWeight) * denominator, proposerWeight)
  const worth = worthOfFlags(state)
  const { participant, proposer } = syncRewards(state)
  let present = 0
  for (let at = 0; at < registry.size; at++) present += seatsUp(state, at)
  const sum = accumulate(state, epoch, profile.slashedNeverPropose)
  let missed = 0
  let waiting = 0
  for (let slot = 0; slot < slots; slot++) {
    waiting += quotient(worth * (slot + 1), slots) - quotient(worth * slot, slots)
    const at = drawn(state, sum, stream)
    const draw = stream.uniform()
    const isUp = draw < share(at) * (1 - missedSlotProbability) && registry.slashed[at] === 0
    if (!isUp) {
      missed++
      continue
    }
    addShared(registry, at, quotient(waiting, divisor) + present * proposer)
    waiting = 0
  }
  const blocks = slots - missed
  for (let at = 0; at < registry.size; at++) {
    const held = registry.seats[at]!
    if (held === 0) continue
    const up = seatsUp(state, at)
    addShared(registry, at, (up - (held - up)) * blocks * participant)
  }
  return missed
}

/** Seats of a class whose holders are up, in proportion to those that vote. */
function seatsUp({ registry }: BeaconState, at: number): number {
  const { seats, nextSource, count } = registry
  return quotient(seats[at]! * nextSource[at]!, count[at]!)
}

/** Σ base reward · weight over all flags that the epoch's votes set, 64ths of a Gwei. */
function worthOfFlags({ registry, profile, baseReward }: BeaconState): number {
  const { sourceWeight, targetWeight, headWeight } = profile.rewards
  let worth = 0
  for (let at = 0; at < registry.size; at++) {
    const flags =
      registry.nextSource[at]! * sourceWeight +
      registry.nextTarget[at]! * targetWeight +
      registry.nextHead[at]! * headWeight
    worth += registry.effective[at]! * baseReward * flags
  }
  return worth
}
