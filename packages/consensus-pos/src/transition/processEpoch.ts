import { type BeaconState, countActive } from './beaconState.ts'
import { processConsolidations } from './consolidations.ts'
import { processDeposits } from './deposits.ts'
import { updateEffectiveBalances } from './effectiveBalances.ts'
import { countVotes, justify, type VotedEther } from './justification.ts'
import { updateRegistry } from './registryUpdates.ts'
import { rewardAll } from './rewards.ts'
import { penaliseCorrelated, resetSlashings } from './slashing.ts'

/**
 * Ends the state's epoch: `process_epoch` of the consensus specification, in its order and exact
 * to the Gwei. What blocks did during the epoch (flags, slashings, deposits) stands in the state.
 *
 * @returns whose votes counted.
 */
export function processEpoch(state: BeaconState): VotedEther {
  const votes = countVotes(state)
  justify(state, votes)
  rewardAll(state, votes)
  updateRegistry(state)
  penaliseCorrelated(state)
  processDeposits(state)
  processConsolidations(state)
  updateEffectiveBalances(state)
  resetSlashings(state)
  rotateFlags(state)
  state.epoch++
  countActive(state)
  return votes
}

/** `process_participation_flag_updates`. */
function rotateFlags({ registry }: BeaconState): void {
  const { size, nextSource, nextTarget, nextHead } = registry
  registry.source.set(nextSource)
  registry.target.set(nextTarget)
  registry.head.set(nextHead)
  nextSource.fill(0, 0, size)
  nextTarget.fill(0, 0, size)
  nextHead.fill(0, 0, size)
}
