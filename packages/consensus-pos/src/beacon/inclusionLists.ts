import type { Stream } from '@counterpoise/engine'
import type { BeaconNode } from './beaconOptions.ts'

/** True where some member of a slot's inclusion list committee lists what others leave out. */
export type InclusionLists = (slot: number) => boolean

/**
 * Inclusion list committees (EIP-7805): so many members, drawn for each slot by stake from public
 * randomness. What one honest member lists, the block of the next slot has to hold, or attesters
 * leave its payload out; builders comply. In forks without the rule nobody lists anything.
 */
export function createInclusionLists(options: {
  nodes: readonly BeaconNode[]
  members: number | undefined
  streamOf: (slot: number) => Stream
  /** The node in whose part of all stake a point from 0 to 1 falls. */
  nodeAt: (point: number) => number
}): InclusionLists {
  const { nodes, members = 0, streamOf, nodeAt } = options
  return (slot) => {
    if (members === 0) return false
    const stream = streamOf(slot)
    for (let member = 0; member < members; member++) {
      if (nodes[nodeAt(stream.uniform())]!.censors !== true) return true
    }
    return false
  }
}
