import type { BeaconState, Members } from './beaconState.ts'
import { balanceChurn, activationEther, effectiveEpoch, withdrawabilityEpochs } from './exits.ts'
import { gweiPerEther, quotient } from './gwei.ts'
import { classOf, classOfMember, isolate, mayAsk } from './members.ts'
import { addShared } from './registry.ts'
import { pendingOf } from './withdrawals.ts'

/** `get_consolidation_churn_limit`: ETH that may move per epoch; 0 before Electra. */
export function consolidationEther(state: BeaconState): number {
  const { churn } = state.profile
  if (churn.kind !== 'balance') return 0
  const { consolidationQuotient } = churn
  if (consolidationQuotient !== undefined) return quotient(state.activeEther, consolidationQuotient)
  return balanceChurn(state) - activationEther(state)
}

/**
 * `process_consolidation_request` (EIP-7251) for members of a group, one after another: each hands
 * its balance to one validator with compounding credentials and leaves. Asked of a validator for
 * itself it is the change to such credentials. What may not be is passed over in silence.
 *
 * @throws BaseError where a group has no such members.
 */
export function requestConsolidation(
  state: BeaconState,
  who: Members,
  to: { group: number; rank: number },
): void {
  const { registry, profile } = state
  if (profile.balances.compoundingMaximumEther === undefined) return
  for (let rank = who.rank; rank < who.rank + who.count; rank++) {
    const target = classOfMember(registry, to.group, to.rank)
    const source = classOfMember(registry, who.group, rank)
    if (who.group === to.group && rank === to.rank) {
      compound(state, to.group, to.rank)
      continue
    }
    if (consolidationEther(state) <= profile.balances.activationEther) continue
    if (registry.compounding[target] === 0) continue
    const isTargetActive = registry.activationEpoch[target]! <= state.epoch
    if (!isTargetActive || !mayStay(state, target) || !mayAsk(registry, source, state.epoch)) {
      continue
    }
    if (pendingOf(state, who.group, rank) > 0) continue
    const own = isolate(registry, who.group, rank)
    const epoch = consolidationEpochOf(state, registry.effective[own]! * gweiPerEther)
    registry.exitEpoch[own] = epoch
    registry.withdrawableEpoch[own] = epoch + withdrawabilityEpochs
    state.consolidations.push({ group: who.group, rank, toGroup: to.group, toRank: to.rank })
  }
}

const mayStay = ({ registry }: BeaconState, at: number): boolean =>
  mayAsk(registry, at, Number.POSITIVE_INFINITY)

/** `compute_consolidation_epoch_and_update_churn`. */
function consolidationEpochOf(state: BeaconState, amountGwei: number): number {
  const limit = consolidationEther(state) * gweiPerEther
  const earliest = effectiveEpoch(state.epoch)
  if (state.consolidationEpoch < earliest) {
    state.consolidationEpoch = earliest
    state.consolidationLeft = limit
  }
  if (amountGwei > state.consolidationLeft) {
    const further = quotient(amountGwei - state.consolidationLeft - 1, limit) + 1
    state.consolidationEpoch += further
    state.consolidationLeft += further * limit
  }
  state.consolidationLeft -= amountGwei
  return state.consolidationEpoch
}

/** `switch_to_compounding_validator`: what exceeds 32 ETH waits as a deposit. */
function compound(state: BeaconState, group: number, rank: number): void {
  const { registry, profile } = state
  const at = isolate(registry, group, rank)
  const isActive = registry.activationEpoch[at]! <= state.epoch
  if (!isActive || !mayStay(state, at) || registry.compounding[at] === 1) return
  registry.compounding[at] = 1
  const amountGwei = registry.balance[at]! - profile.balances.activationEther * gweiPerEther
  if (amountGwei <= 0) return
  addShared(registry, at, -amountGwei)
  // Of the slot of genesis, so that it need not wait for finality.
  state.deposits.push({
    ...{ group, rank, count: 1, amountGwei, compounding: true },
    ...{ epoch: -1, topUp: true },
  })
}

/** `process_pending_consolidations`: the balances of those that have left go where they should. */
export function processConsolidations(state: BeaconState): void {
  const { registry, consolidations } = state
  let done = 0
  for (const { group, rank, toGroup, toRank } of consolidations) {
    const from = classOf(registry, group, rank)
    if (registry.slashed[from] === 0) {
      if (registry.withdrawableEpoch[from]! > state.epoch + 1) break
      const source = isolate(registry, group, rank)
      const effective = registry.effective[source]! * gweiPerEther
      const amount = Math.min(registry.balance[source]!, effective)
      addShared(registry, source, -amount)
      addShared(registry, isolate(registry, toGroup, toRank), amount)
    }
    done++
  }
  if (done > 0) state.consolidations = consolidations.slice(done)
}
