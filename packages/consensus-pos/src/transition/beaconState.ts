import type { ForkProfile } from './forkProfile.ts'
import { commonDivisor, gweiPerEther, quotient, rootOfEther } from './gwei.ts'
import { cloneRegistry, type Registry } from './registry.ts'

/** Validators of a group that stand in line, by the rank of the first. */
export type Members = { group: number; rank: number; count: number }

/** Deposits of one amount that wait together, in the order in which they came. */
export type PendingDeposit = Members & {
  amountGwei: number
  compounding: boolean
  /** The epoch of the blocks that held them; they wait until it is final. */
  epoch: number
  /** For validators that are in the registry already; new ones unless given. */
  topUp?: boolean | undefined
}

/** Withdrawals of a part that were asked for (EIP-7002), each of this amount. */
export type PendingWithdrawal = Members & { amountGwei: number; withdrawableEpoch: number }

/** A validator whose balance goes to another one (EIP-7251). */
export type PendingConsolidation = { group: number; rank: number; toGroup: number; toRank: number }

/**
 * The part of Ethereum's beacon state that decides who has which balance and what is final.
 * Epochs stand for checkpoints: one chain, of which every epoch has a block.
 */
export type BeaconState = {
  profile: ForkProfile
  registry: Registry
  epoch: number
  /** Bit k: the checkpoint k epochs before the last processed one is justified. */
  justificationBits: number
  previousJustified: number
  justified: number
  finalised: number
  /** Effective balance slashed per epoch, ETH, a ring; and its sum. */
  slashings: Float64Array
  slashed: number
  /** The last exit epoch that was handed out. */
  exitEpoch: number
  /** Gwei that may still leave in it (from Electra on), and validators that do (before). */
  exitLeft: number
  exitCount: number
  /** The same for consolidations: their last epoch, and Gwei that may still move in it. */
  consolidationEpoch: number
  consolidationLeft: number
  deposits: PendingDeposit[]
  /** Churn kept from the last epoch for deposits, Gwei. */
  depositLeft: number
  withdrawals: PendingWithdrawal[]
  consolidations: PendingConsolidation[]
  /** Number of the validator with which the next block's withdrawals begin. */
  nextWithdrawal: number
  /** What has left the balances by withdrawals so far, Gwei. */
  withdrawnGwei: bigint
  /** Effective balance of the active validators, ETH, and their number, in this epoch. */
  activeEther: number
  activeCount: number
  /** Base reward per ETH of effective balance, Gwei. */
  baseReward: number
}

/** True from activation until exit. */
export const isActive = (registry: Registry, at: number, epoch: number): boolean =>
  registry.activationEpoch[at]! <= epoch && epoch < registry.exitEpoch[at]!

/** Counts the active validators of the state's epoch and sets the base reward. */
export function countActive(state: BeaconState): void {
  const { registry, epoch, profile } = state
  let ether = 0
  let count = 0
  for (let at = 0; at < registry.size; at++) {
    if (!isActive(registry, at, epoch)) continue
    ether += registry.effective[at]! * registry.count[at]!
    count += registry.count[at]!
  }
  // `get_total_balance` never returns less than one increment.
  ether = Math.max(1, ether)
  state.activeCount = count
  if (ether === state.activeEther) return
  state.activeEther = ether
  const factor = profile.rewards.baseRewardFactor * gweiPerEther
  state.baseReward = quotient(factor, rootOfEther(ether))
}

/** The penalty of a leak: ⌊EB · score ÷ (bias · quotient)⌋, with both sides shortened by gcd. */
export type PenaltyScale = { multiplier: number; divisor: number }

export function inactivityScale({ inactivity }: ForkProfile): PenaltyScale {
  const denominator = inactivity.scoreBias * inactivity.penaltyQuotient
  const shared = commonDivisor(gweiPerEther, denominator)
  return { multiplier: gweiPerEther / shared, divisor: denominator / shared }
}

/** The highest effective balance that a class may have, ETH. */
export function maximumEther(state: BeaconState, at: number): number {
  const { maximumEther, compoundingMaximumEther } = state.profile.balances
  if (state.registry.compounding[at] === 0) return maximumEther
  return compoundingMaximumEther ?? maximumEther
}

/** A copy that shares nothing mutable with the original. */
export function cloneState(state: BeaconState): BeaconState {
  return {
    ...state,
    registry: cloneRegistry(state.registry),
    slashings: state.slashings.slice(),
    deposits: state.deposits.map((deposit) => ({ ...deposit })),
    withdrawals: state.withdrawals.map((withdrawal) => ({ ...withdrawal })),
    consolidations: state.consolidations.slice(),
  }
}
