import { type BeaconState, maximumEther } from './beaconState.ts'
import { gweiPerEther, quotient } from './gwei.ts'

/**
 * `process_effective_balance_updates`: the effective balance follows the balance in steps of 1 ETH
 * once that has left it by 0.25 ETH downwards or 1.25 ETH upwards.
 */
export function updateEffectiveBalances(state: BeaconState): void {
  const { registry } = state
  const { hysteresisDownGwei, hysteresisUpGwei } = state.profile.balances
  const { balance, effective } = registry
  for (let at = 0; at < registry.size; at++) {
    const gwei = balance[at]!
    const limit = effective[at]! * gweiPerEther
    if (gwei + hysteresisDownGwei < limit || limit + hysteresisUpGwei < gwei) {
      effective[at] = Math.min(quotient(gwei, gweiPerEther), maximumEther(state, at))
    }
  }
}
