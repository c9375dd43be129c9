import type { Stream, Time } from '@counterpoise/engine'
import type { BeaconNode } from './beaconOptions.ts'

/**
 * What was sent until this time the block of a slot has to hold, µs; −1 where nobody who does not
 * censor lists anything for it.
 */
export type ListedUntil = (slot: number) => Time

/**
 * Inclusion list committees (EIP-7805): so many members, drawn for each slot by stake from public
 * randomness. What one honest member lists, the block of the next slot has to hold, or attesters
 * leave its payload out; builders comply. In forks without the rule nobody lists anything.
 */
export function createInclusionLists(options: {
  nodes: readonly BeaconNode[]
  /** Members of a committee; undefined without the rule. */
  members: number | undefined
  firstSlot: number
  streamOf: (slot: number) => Stream
  /** The node in whose part of all stake a point from 0 to 1 falls. */
  nodeAt: (point: number) => number
  /** When the lists of a slot are due, µs. */
  dueIn: (slot: number) => Time
}): ListedUntil {
  const { nodes, members = 0, firstSlot, streamOf, nodeAt, dueIn } = options
  return (slot) => {
    if (members === 0 || slot <= firstSlot) return -1
    const stream = streamOf(slot - 1)
    for (let member = 0; member < members; member++) {
      if (nodes[nodeAt(stream.uniform())]!.censors !== true) return dueIn(slot - 1)
    }
    return -1
  }
}
