import { type BeaconState, isActive } from './beaconState.ts'
import { activationCount, effectiveEpoch, exitClass } from './exits.ts'
import { farFuture, splitClass } from './registry.ts'

/**
 * `process_registry_updates`: who may wait for activation, who is ejected for want of balance, and
 * who is activated. From Electra on the churn is taken at the deposit, so all that wait come in.
 */
export function updateRegistry(state: BeaconState): void {
  const { registry, epoch, finalised } = state
  const { activationEther, ejectionEther } = state.profile.balances
  const byCount = state.profile.churn.kind === 'count'
  for (let at = 0; at < registry.size; at++) {
    const since = registry.eligibilityEpoch[at]!
    if (since === farFuture && registry.effective[at]! >= activationEther) {
      registry.eligibilityEpoch[at] = epoch + 1
    } else if (isEjectable(state, at, ejectionEther)) {
      at += exitClass(state, at) - 1
    } else if (!byCount && since <= finalised && registry.activationEpoch[at] === farFuture) {
      registry.activationEpoch[at] = effectiveEpoch(epoch)
    }
  }
  if (byCount) activateQueue(state)
}

function isEjectable({ registry, epoch }: BeaconState, at: number, ejectionEther: number): boolean {
  return isActive(registry, at, epoch) && registry.effective[at]! <= ejectionEther
}

/** Before Electra: as many as the churn allows, by the epoch of eligibility, then by index. */
function activateQueue(state: BeaconState): void {
  const { registry, epoch, finalised } = state
  let left = activationCount(state)
  while (left > 0) {
    let first = -1
    for (let at = 0; at < registry.size; at++) {
      if (registry.activationEpoch[at] !== farFuture) continue
      const since = registry.eligibilityEpoch[at]!
      if (since > finalised) continue
      if (first < 0 || since < registry.eligibilityEpoch[first]!) first = at
    }
    if (first < 0) return
    splitClass(registry, first, left)
    left -= registry.count[first]!
    registry.activationEpoch[first] = effectiveEpoch(epoch)
  }
}
