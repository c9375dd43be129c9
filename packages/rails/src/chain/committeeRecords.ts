import type { ConsensusModel, RunningChain } from '@counterpoise/consensus'
import type { CommitteeRecords } from '../contract.ts'
import { bestHead } from './blockRecords.ts'

/** Who has decided along the chain of the best informed member. */
export function committeeRecordsOf(
  cluster: RunningChain,
  { committees }: ConsensusModel,
  parameters: unknown,
  validators: number,
): CommitteeRecords | undefined {
  const { blocks, members } = cluster
  const found = committees?.(parameters, blocks, bestHead(cluster))
  if (found === undefined) return undefined
  const those = members.slice(0, validators)
  return {
    names: those.map(({ name }) => name),
    initial: those.map(({ weight }) => weight),
    ends: found.map(({ block, succeeded, weights }) => ({
      time: blocks.time(block),
      height: blocks.height(block),
      succeeded,
      weights: weights.slice(0, validators),
    })),
  }
}
