import type { Stream } from '@counterpoise/engine'
import { type BeaconState, isActive } from './beaconState.ts'
import { creditBlocks, drawSyncCommittee } from './blockRewards.ts'
import {
  checkBehaviour,
  type EpochBehaviour,
  presence,
  type Timely,
  voteTimely,
} from './epochBehaviour.ts'
import type { VotedEther } from './justification.ts'
import { processEpoch } from './processEpoch.ts'
import { ValidatorGroupError } from './validatorGroup.ts'
import { sweepWithdrawals } from './withdrawals.ts'

export type EpochRunOptions = {
  state: BeaconState
  /** One behaviour for each group of the state. */
  behaviours: readonly EpochBehaviour[]
  epochs: number
  /**
   * Draws proposers and sync committees. Without it nobody proposes: attesters alone are paid,
   * and every vote is included in time.
   */
  stream?: Stream | undefined
  /** Probability that a proposer which is up misses its slot; 0 unless given. */
  missedSlotProbability?: number | undefined
  /**
   * Do blocks sweep balances (from Capella on)? Each epoch's sweep makes a class of its own where
   * it ends; off unless given, so that what is earned stays.
   */
  withdrawals?: boolean | undefined
  /** Called when an epoch ends, with what its end counted; may stop the run with `false`. */
  onEpoch?: ((state: BeaconState, votes: VotedEther) => boolean | void) | undefined
}

/** Slots in an epoch. */
export const slotsPerEpoch = 32

/**
 * Runs a chain epoch by epoch without a network: what is voted follows from the behaviours, what
 * comes of it from the state transition. Alters the state.
 *
 * Votes are included in the next block; those of a slot before a missed one come too late for
 * their head. A 32nd of each class votes in a slot.
 */
export function runEpochs(options: EpochRunOptions): void {
  const { state, behaviours, epochs, stream, missedSlotProbability = 0, onEpoch } = options
  state.registry.group.subarray(0, state.registry.size).forEach((group) => {
    if (behaviours[group] !== undefined) return
    throw new ValidatorGroupError('behaviours', `one for each group`, behaviours.length)
  })
  behaviours.forEach((behaviour, index) => checkBehaviour(behaviour, `behaviours[${index}]`))
  const share = (at: number): number =>
    presence(behaviours[state.registry.group[at]!]!, state.epoch)
  for (let done = 0; done < epochs; done++) {
    let missed = 0
    vote(state, behaviours)
    if (stream !== undefined) {
      drawSyncCommittee(state, stream)
      missed = creditBlocks(state, { stream, share, missedSlotProbability })
    }
    if (missed > 0) loseHeads(state, missed)
    if (options.withdrawals === true) sweepWithdrawals(state, slotsPerEpoch - missed)
    const votes = processEpoch(state)
    if (onEpoch?.(state, votes) === false) return
  }
}

const timely: Timely = { source: 0, target: 0, head: 0 }

function vote(state: BeaconState, behaviours: readonly EpochBehaviour[]): void {
  const { registry, epoch } = state
  for (let at = 0; at < registry.size; at++) {
    if (!isActive(registry, at, epoch)) continue
    voteTimely(behaviours[registry.group[at]!]!, epoch, registry.count[at]!, timely)
    registry.nextSource[at] = timely.source
    registry.nextTarget[at] = timely.target
    registry.nextHead[at] = timely.head
  }
}

/** The votes of the slots before missed ones are included too late to count for the head. */
function loseHeads({ registry, epoch }: BeaconState, missed: number): void {
  const { nextHead } = registry
  for (let at = 0; at < registry.size; at++) {
    const lost = nextHead[at]! * missed
    // What a class of few members loses is spread over the epochs.
    const phase = (epoch + at) % slotsPerEpoch
    nextHead[at] = nextHead[at]! - Math.min(nextHead[at]!, (lost + phase) >> 5)
  }
}
