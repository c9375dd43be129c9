import { activationEther } from './exits.ts'
import type { BeaconState, PendingDeposit } from './beaconState.ts'
import { gweiPerEther, quotient } from './gwei.ts'
import { appendClass, farFuture } from './registry.ts'

/**
 * Deposits of new validators. Before Electra they join the registry at once and wait for their
 * activation there; from Electra on the deposits themselves wait.
 */
export function deposit(state: BeaconState, waiting: PendingDeposit): void {
  if (state.profile.deposits.kind === 'immediate') addValidators(state, waiting, waiting.count)
  else state.deposits.push({ ...waiting })
}

/** `add_validator_to_registry` for the next `count` of the deposits. */
function addValidators(state: BeaconState, from: PendingDeposit, count: number): void {
  const { registry } = state
  const { maximumEther, compoundingMaximumEther } = state.profile.balances
  const at = appendClass(registry)
  registry.group[at] = from.group
  registry.rank[at] = from.rank
  registry.count[at] = count
  registry.compounding[at] = from.compounding ? 1 : 0
  registry.balance[at] = from.amountGwei
  const limit = from.compounding ? (compoundingMaximumEther ?? maximumEther) : maximumEther
  registry.effective[at] = Math.min(limit, quotient(from.amountGwei, gweiPerEther))
  registry.eligibilityEpoch[at] = farFuture
  registry.activationEpoch[at] = farFuture
  registry.exitEpoch[at] = farFuture
  registry.withdrawableEpoch[at] = farFuture
}

/** `process_pending_deposits`, for deposits of validators that are new. */
export function processDeposits(state: BeaconState): void {
  const { deposits } = state.profile
  if (deposits.kind !== 'pending') return
  const available = state.depositLeft + activationEther(state) * gweiPerEther
  let left = deposits.maximumPerEpoch
  let processed = 0
  let isLimited = false
  while (state.deposits.length > 0 && left > 0 && !isLimited) {
    const first = state.deposits[0]!
    if (first.epoch >= state.finalised) break
    const affordable = quotient(available - processed, first.amountGwei)
    const taken = Math.min(first.count, left, affordable)
    isLimited = taken < Math.min(first.count, left)
    if (taken > 0) {
      addValidators(state, first, taken)
      processed += taken * first.amountGwei
      left -= taken
      first.count -= taken
      first.rank += taken
    }
    if (first.count === 0) state.deposits.shift()
  }
  state.depositLeft = isLimited ? available - processed : 0
}
