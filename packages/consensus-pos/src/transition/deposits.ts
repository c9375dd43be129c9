import { activationEther } from './exits.ts'
import type { BeaconState, Members, PendingDeposit } from './beaconState.ts'
import { gweiPerEther, quotient } from './gwei.ts'
import { classOfMember, isolate } from './members.ts'
import { addShared, appendClass, farFuture } from './registry.ts'

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

/**
 * Deposits for validators that are there already: at once before Electra, in line from it on.
 *
 * @throws BaseError where the group has no such members.
 */
export function topUp(state: BeaconState, who: Members, amountGwei: number): void {
  const { registry, epoch } = state
  const isImmediate = state.profile.deposits.kind === 'immediate'
  for (let rank = who.rank; rank < who.rank + who.count; rank++) {
    if (isImmediate) addShared(registry, isolate(registry, who.group, rank), amountGwei)
    else classOfMember(registry, who.group, rank)
  }
  if (isImmediate) return
  state.deposits.push({ ...who, amountGwei, compounding: false, epoch, topUp: true })
}

/** `process_pending_deposits`. */
export function processDeposits(state: BeaconState): void {
  const { registry } = state
  const { deposits } = state.profile
  if (deposits.kind !== 'pending') return
  const available = state.depositLeft + activationEther(state) * gweiPerEther
  const postponed: PendingDeposit[] = []
  let left = deposits.maximumPerEpoch
  let processed = 0
  let isLimited = false
  while (state.deposits.length > 0 && left > 0 && !isLimited) {
    const first = state.deposits[0]!
    if (first.epoch >= state.finalised) break
    const fate = first.topUp === true ? fateOf(state, first) : 'counts'
    const affordable = quotient(available - processed, first.amountGwei)
    // Those for the registry's members are looked at one by one: each may fare otherwise.
    const wanted = first.topUp === true ? 1 : Math.min(first.count, left)
    const taken = fate === 'counts' ? Math.min(wanted, affordable) : 1
    isLimited = taken < wanted
    if (taken === 0) break
    if (fate === 'postponed') postponed.push({ ...first, count: 1 })
    else if (first.topUp !== true) addValidators(state, first, taken)
    else addShared(registry, isolate(registry, first.group, first.rank), first.amountGwei)
    if (fate === 'counts') processed += taken * first.amountGwei
    left -= taken
    first.count -= taken
    first.rank += taken
    if (first.count === 0) state.deposits.shift()
  }
  state.deposits.push(...postponed)
  state.depositLeft = isLimited ? available - processed : 0
}

/** A deposit for somebody who is leaving waits; for somebody who has left it takes no churn. */
function fateOf({ registry, epoch }: BeaconState, { group, rank }: PendingDeposit): Fate {
  const at = classOfMember(registry, group, rank)
  if (registry.withdrawableEpoch[at]! < epoch + 1) return 'free'
  return registry.exitEpoch[at]! < farFuture ? 'postponed' : 'counts'
}

type Fate = 'counts' | 'postponed' | 'free'
