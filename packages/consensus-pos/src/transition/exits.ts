import { type BeaconState, isActive } from './beaconState.ts'
import { gweiPerEther, quotient } from './gwei.ts'
import { farFuture, splitClass, splitInto } from './registry.ts'

/** Epochs from a decision until it takes effect: 1 + MAX_SEED_LOOKAHEAD. */
const lookaheadEpochs = 5

/** MIN_VALIDATOR_WITHDRAWABILITY_DELAY. */
export const withdrawabilityEpochs = 256

export const effectiveEpoch = (epoch: number): number => epoch + lookaheadEpochs

/** How many validators may be activated in the epoch; before Electra only. */
export function activationCount(state: BeaconState): number {
  const { churn } = state.profile
  if (churn.kind !== 'count') return Number.POSITIVE_INFINITY
  return Math.min(churn.activationMaximum ?? Number.POSITIVE_INFINITY, exitChurn(state))
}

/** `get_balance_churn_limit`: ETH that may move in all per epoch; from Electra on only. */
export function balanceChurn({ profile: { churn }, activeEther }: BeaconState): number {
  return Math.max(churn.minimum, quotient(activeEther, churn.quotient))
}

/** How many ETH of deposits may be taken in per epoch; from Electra on only. */
export function activationEther(state: BeaconState): number {
  const { churn } = state.profile
  if (churn.kind !== 'balance') return Number.POSITIVE_INFINITY
  return Math.min(churn.activationMaximum, balanceChurn(state))
}

/** How much may leave per epoch: validators before Electra, ETH from it on. */
export function exitChurn({ profile: { churn }, activeEther, activeCount }: BeaconState): number {
  const whole = churn.kind === 'count' ? activeCount : activeEther
  const limit = Math.max(churn.minimum, quotient(whole, churn.quotient))
  const maximum = churn.kind === 'balance' ? churn.exitMaximum : undefined
  return Math.min(maximum ?? Number.POSITIVE_INFINITY, limit)
}

/**
 * `initiate_validator_exit` for the members of a class, in the order of their indices. The class
 * is split where its members leave in different epochs. Returns the number of classes that it
 * takes now, so that a loop can go on after them.
 */
export function exitClass(state: BeaconState, at: number): number {
  const { registry } = state
  if (registry.exitEpoch[at] !== farFuture) return 1
  const byCount = state.profile.churn.kind === 'count'
  const cost = byCount ? 1 : registry.effective[at]! * gweiPerEther
  const sizes: number[] = []
  const epochs: number[] = []
  for (let left = registry.count[at]!; left > 0; ) {
    const members = Math.min(left, placesAtOnce(state, cost))
    sizes.push(members)
    epochs.push(state.exitEpoch)
    if (byCount) state.exitCount += members
    else state.exitLeft -= members * cost
    left -= members
  }
  splitInto(registry, at, sizes)
  epochs.forEach((epoch, part) => {
    registry.exitEpoch[at + part] = epoch
    registry.withdrawableEpoch[at + part] = epoch + withdrawabilityEpochs
  })
  return sizes.length
}

/** Moves the end of the queue until somebody of that cost fits, and says how many do. */
function placesAtOnce(state: BeaconState, cost: number): number {
  if (state.profile.churn.kind === 'balance') return placesByBalance(state, cost)
  const limit = exitChurn(state)
  const earliest = effectiveEpoch(state.epoch)
  if (state.exitEpoch < earliest) {
    state.exitEpoch = earliest
    state.exitCount = 0
  }
  if (state.exitCount >= limit) {
    state.exitEpoch++
    state.exitCount = 0
  }
  return limit - state.exitCount
}

function placesByBalance(state: BeaconState, cost: number): number {
  const limit = exitChurn(state) * gweiPerEther
  const earliest = effectiveEpoch(state.epoch)
  if (state.exitEpoch < earliest) {
    state.exitEpoch = earliest
    state.exitLeft = limit
  }
  if (cost === 0) return Number.POSITIVE_INFINITY
  if (cost > state.exitLeft) {
    const further = quotient(cost - state.exitLeft - 1, limit) + 1
    state.exitEpoch += further
    state.exitLeft += further * limit
  }
  return quotient(state.exitLeft, cost)
}

/**
 * `compute_exit_epoch_and_update_churn`: the epoch in which so much stake may leave, Gwei. From
 * Electra on only.
 */
export function exitEpochOf(state: BeaconState, amountGwei: number): number {
  placesByBalance(state, amountGwei)
  state.exitLeft -= amountGwei
  return state.exitEpoch
}

/** Starts the exit of the first active members of a group that have not begun to leave. */
export function exitMembers(state: BeaconState, group: number, members: number): void {
  const { registry } = state
  let left = members
  for (let at = 0; at < registry.size && left > 0; at++) {
    if (registry.group[at] !== group || registry.exitEpoch[at] !== farFuture) continue
    if (!isActive(registry, at, state.epoch)) continue
    const part = Math.min(left, registry.count[at]!)
    splitClass(registry, at, part)
    left -= part
    at += exitClass(state, at) - 1
  }
}
