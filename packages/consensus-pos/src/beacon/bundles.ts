/**
 * Equal votes of the sub-committees of some nodes in one slot: what aggregates say. A node's
 * sub-committee in a slot are those of its validators that vote in it; they see the same.
 */
export type Bundle = {
  id: number
  slot: number
  /** Head of the chain that the voters followed. */
  head: number
  /** Their checkpoints: epoch and block of the target, epoch of the source. */
  targetEpoch: number
  target: number
  sourceEpoch: number
  source: number
  /** In Gloas: a vote for a block of an earlier slot with its payload (`index` 1). */
  payloadPresent?: boolean | undefined
  /** The nodes, ascending, and how many validators of each. */
  voters: Int32Array
  members: Int32Array
  /** Effective balance behind it, ETH. */
  ether: number
  /** When each node has it, µs of virtual time; infinite where it does not come. */
  seen: Float64Array
  /** The last finite time in `seen`. */
  settled: number
  /** True while some node lacks it for good. */
  partial: boolean
  /** Bundles of the same validators, some or all, of which each is a slashable offence with it. */
  contradicts?: number[] | undefined
  /** True once everybody has it and its block, for good. */
  isSettled?: boolean | undefined
}

/** Nodes of which two bundles name validators, ascending, and how many of each. */
export function sharedVoters(
  one: Pick<Bundle, 'voters' | 'members'>,
  other: Pick<Bundle, 'voters' | 'members'>,
): Pick<Bundle, 'voters' | 'members'> {
  const members = new Map<number, number>()
  other.voters.forEach((node, index) => members.set(node, other.members[index]!))
  const shared = [...one.voters.keys()].filter((index) => members.has(one.voters[index]!))
  return {
    voters: Int32Array.from(shared, (index) => one.voters[index]!),
    members: Int32Array.from(shared, (index) =>
      Math.min(one.members[index]!, members.get(one.voters[index]!)!),
    ),
  }
}
