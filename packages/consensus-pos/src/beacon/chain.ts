import { type BeaconState, cloneState } from '../transition/beaconState.ts'
import { countVotes, justify, type VotedEther } from '../transition/justification.ts'
import { processEpoch } from '../transition/processEpoch.ts'
import { slashableMembers, slashMembers } from '../transition/slashing.ts'
import { type BeaconBlock, buildsOnFull, type EpochState, type Root } from './blocks.ts'
import { builderLedgerAfter } from './builders.ts'
import type { Bundle } from './bundles.ts'
import type { Conflict, Evidence } from './evidence.ts'
import type { PayloadVotes } from './payloadVotes.ts'
import {
  classesOf,
  etherOf,
  firstClassesOf,
  type FlagColumn,
  type NodeClasses,
  payNode,
  setFlag,
  unslashedShare,
} from './voteFlags.ts'

/** Slots in an epoch. */
export const slotsPerEpoch = 32

/** The most slots after which a source vote is in time: ⌊√32⌋. */
const sourceDelayMax = 5

export const epochOf = (slot: number): number => Math.floor(slot / slotsPerEpoch)

/** Blocks and votes of a run, with the states of the branches. */
export type BeaconChain = {
  blocks: BeaconBlock[]
  bundles: Bundle[]
  /** What payload timeliness committees said, in forks that have them. */
  payloadVotes: PayloadVotes[]
  /** What blocks may report of validators that contradicted themselves. */
  evidence: readonly Evidence[]
  /** Votes that contradict each other, whether blocks have reported them or not. */
  conflicts: readonly Conflict[]
  /** Blocks that report somebody. */
  reporters: number[]
  /** The block of the chain that ends in `block` at or before the start of an epoch. */
  checkpoint: (block: number, epoch: number) => number
  /** The last block of the chain at or before a slot. */
  ancestorAt: (block: number, slot: number) => number
  /** The state of the chain of `block` at the beginning of an epoch, its own or a later one. */
  stateAt: (block: number, epoch: number) => EpochState
  /** What the block's chain holds already, of the last two epochs. */
  included: (block: number) => Set<number>
  /** May a block in `slot` on a chain in that state take the bundle in? */
  isIncludable: (bundle: Bundle, parent: number, slot: number) => boolean
  /** Sets what follows from the block's chain; the block is in the list. */
  derive: (block: BeaconBlock) => void
  /** Share of a node's validators that the chain of `block` has not slashed. */
  unslashedIn: (block: number, node: number) => number
}

/**
 * @param options.nodes Nodes are the groups of the state's registry.
 * @param options.evidence What blocks may report, by number; may grow, as `conflicts` may.
 */
export function createBeaconChain(
  first: EpochState,
  options: {
    firstSlot: number
    nodes: number
    evidence?: readonly Evidence[] | undefined
    conflicts?: readonly Conflict[] | undefined
  },
): BeaconChain {
  const { firstSlot, nodes, evidence = [], conflicts = [] } = options
  const { beacon } = first
  const rootAt = (epoch: number): Root => ({ epoch, block: 0 })
  const genesis: BeaconBlock = {
    id: 0,
    parent: -1,
    slot: firstSlot - 1,
    proposer: -1,
    time: 0,
    bytes: 0,
    bundles: [],
    slashings: [],
    offences: new Set(),
    seen: new Float64Array(nodes),
    settled: 0,
    partial: false,
    epochState: first,
    previousTarget: beacon.epoch > 0 ? beacon.activeEther : 0,
    currentTarget: 0,
    justified: rootAt(beacon.justified),
    finalised: rootAt(beacon.finalised),
    unrealisedJustified: rootAt(beacon.justified),
    unrealisedFinalised: rootAt(beacon.finalised),
  }
  const blocks = [genesis]
  const bundles: Bundle[] = []
  const payloadVotes: PayloadVotes[] = []
  const reporters: number[] = []
  const states = new Map<number, EpochState>()
  const midStates = new Map<number, BeaconState>()
  const keyOf = (tip: number, epoch: number): number => tip * 1_048_576 + epoch

  const ancestorAt = (block: number, slot: number): number => {
    let at = block
    while (at > 0 && blocks[at]!.slot > slot) at = blocks[at]!.parent
    return at
  }
  const checkpoint = (block: number, epoch: number): number =>
    ancestorAt(block, epoch * slotsPerEpoch)

  const stateAt = (block: number, epoch: number): EpochState => {
    let state = blocks[block]!.epochState
    while (state.epoch < epoch) {
      const key = keyOf(block, state.epoch + 1)
      let next = states.get(key)
      if (next === undefined) states.set(key, (next = advance(state, block)))
      state = next
    }
    return state
  }

  /** Ends the epoch of a branch whose last block is `tip`. */
  const advance = (state: EpochState, tip: number): EpochState => {
    const beacon = replayed(state, tip)
    processEpoch(beacon)
    return { epoch: state.epoch + 1, tip, beacon }
  }

  /** The state of a branch in the middle of an epoch, after its last block. */
  const replayed = (state: EpochState, tip: number): BeaconState => {
    const beacon = cloneState(state.beacon)
    const path: BeaconBlock[] = []
    for (let at = tip; at > 0 && blocks[at]!.slot >= state.epoch * slotsPerEpoch; ) {
      path.push(blocks[at]!)
      at = blocks[at]!.parent
    }
    let classes = classesOf(beacon, nodes)
    for (const block of path.reverse()) {
      if (block.slashings.length > 0) {
        slash(beacon, block, classes)
        classes = classesOf(beacon, nodes)
      }
      setFlags(beacon, block, classes)
    }
    return beacon
  }

  /** Slashes whom the block reports, and pays its proposer for that. */
  const slash = (beacon: BeaconState, block: BeaconBlock, classes: NodeClasses): void => {
    const { offences: done } = blocks[block.parent]!
    const named = new Set<number>()
    let gwei = 0
    for (const id of block.slashings) {
      for (const { node, members, key } of evidence[id]!.offences) {
        if (done.has(key) || named.has(key)) continue
        named.add(key)
        const count = Math.min(members, slashableMembers(beacon, node))
        if (count === 0) continue
        const { whistleblower, proposer } = slashMembers(beacon, node, count)
        gwei += whistleblower + proposer
      }
    }
    payNode(beacon, classes, block.proposer, gwei)
  }

  /** Notes whose votes the block brought in, and pays its proposer for them. */
  const setFlags = (beacon: BeaconState, block: BeaconBlock, classes: NodeClasses): void => {
    const { epoch, baseReward } = beacon
    const { sourceWeight, targetWeight, headWeight, proposerWeight, denominator } =
      beacon.profile.rewards
    let worth = 0
    for (const id of block.bundles) {
      const bundle = bundles[id]!
      const isCurrent = bundle.targetEpoch === epoch
      const delay = block.slot - bundle.slot
      const hitsTarget = bundle.target === checkpoint(block.parent, bundle.targetEpoch)
      const hitsHead =
        hitsTarget &&
        bundle.head === ancestorAt(block.parent, bundle.slot) &&
        hitsPayload(block, bundle)
      const columns: [FlagColumn, number][] = []
      if (delay <= sourceDelayMax) columns.push([isCurrent ? 'nextSource' : 'source', sourceWeight])
      if (hitsTarget) columns.push([isCurrent ? 'nextTarget' : 'target', targetWeight])
      if (hitsHead && delay === 1) columns.push([isCurrent ? 'nextHead' : 'head', headWeight])
      bundle.voters.forEach((node, index) => {
        if (classes.first[node]! < 0) return
        const members = bundle.members[index]!
        for (const [column, weight] of columns) {
          const ether = setFlag(beacon, classes, { column, node, members })
          worth += ether * baseReward * weight
        }
      })
    }
    const divisor = ((denominator - proposerWeight) * denominator) / proposerWeight
    payNode(beacon, classes, block.proposer, Math.floor(worth / divisor))
  }

  /** In Gloas: of a vote for an older block, whether it says of its payload what the block does. */
  const hitsPayload = (block: BeaconBlock, { head, slot, payloadPresent }: Bundle): boolean =>
    payloadPresent === undefined ||
    blocks[head]!.slot === slot ||
    payloadPresent === buildsOnFull(block)

  const included = (block: number): Set<number> => {
    const found = new Set<number>()
    const oldest = (epochOf(blocks[block]!.slot) - 1) * slotsPerEpoch
    for (let at = block; at > 0 && blocks[at]!.slot >= oldest; at = blocks[at]!.parent) {
      for (const id of blocks[at]!.bundles) found.add(id)
    }
    return found
  }

  const isIncludable = (bundle: Bundle, parent: number, slot: number): boolean => {
    const epoch = epochOf(slot)
    if (bundle.slot >= slot || bundle.targetEpoch < epoch - 1) return false
    const window = first.beacon.profile.forkChoice.inclusionSlots
    if (window !== undefined && slot > bundle.slot + window) return false
    const { beacon } = stateAt(parent, epoch)
    const isCurrent = bundle.targetEpoch === epoch
    const expected = isCurrent ? beacon.justified : beacon.previousJustified
    return (
      bundle.sourceEpoch === expected && bundle.source === rootOf(parent, bundle.sourceEpoch)
    )
  }

  const rootOf = (block: number, epoch: number): number => checkpoint(block, epoch)

  const derive = (block: BeaconBlock): void => {
    const { id, parent } = block
    const epoch = epochOf(block.slot)
    block.epochState = stateAt(parent, epoch)
    const before = blocks[parent]!
    if (block.slashings.length > 0) reporters.push(id)
    const news = block.slashings.flatMap((report) => evidence[report]!.offences)
    block.offences =
      news.length === 0
        ? before.offences
        : new Set([...before.offences, ...news.map(({ key }) => key)])
    const { beacon } = block.epochState
    const votes = block.offences.size === 0 ? addTargets(block) : unslashedTargets(block)
    block.previousTarget = votes.target
    block.currentTarget = votes.current
    const root = (of: number): Root => ({ epoch: of, block: rootOf(id, of) })
    block.justified = root(beacon.justified)
    block.finalised = root(beacon.finalised)
    const pulled = { ...beacon }
    justify(pulled, { source: 1, head: 1, ...votes })
    block.unrealisedJustified = root(pulled.justified)
    block.unrealisedFinalised = root(pulled.finalised)
    block.builders = builderLedgerAfter(self, block, nodes)
  }

  /** ETH behind the targets of the previous and of this epoch, of a chain that slashed nobody. */
  const addTargets = (block: BeaconBlock): Targets => {
    const { id, parent, epochState } = block
    const epoch = epochOf(block.slot)
    const before = blocks[parent]!
    const isSame = epochOf(before.slot) === epoch && before.epochState === epochState
    const fresh = epochOf(before.slot) === epoch - 1 ? before.currentTarget : 0
    const votes = {
      target: isSame ? before.previousTarget : fresh,
      current: isSame ? before.currentTarget : 0,
    }
    const { registry } = epochState.beacon
    const classes = firstClassesOf(registry, nodes)
    for (const number of block.bundles) {
      const bundle = bundles[number]!
      if (bundle.target !== checkpoint(id, bundle.targetEpoch)) continue
      const ether = etherOf(bundle, registry.effective, classes)
      if (bundle.targetEpoch === epoch) votes.current += ether
      else votes.target += ether
    }
    return votes
  }

  /** The same where validators are slashed, whose votes do not count. */
  const unslashedTargets = ({ id, epochState }: BeaconBlock): Targets => {
    const beacon = replayed(epochState, id)
    midStates.set(id, beacon)
    midStates.delete(id - midStatesKept)
    return countVotes(beacon)
  }

  const unslashedIn = (block: number, node: number): number => {
    const { offences, epochState } = blocks[block]!
    if (offences.size === 0) return 1
    return unslashedShare(midStates.get(block) ?? epochState.beacon, node)
  }

  const self: BeaconChain = {
    ...{ blocks, bundles, payloadVotes, evidence, conflicts, reporters, checkpoint },
    ...{ ancestorAt, stateAt, included, isIncludable, derive, unslashedIn },
  }
  return self
}

/** ETH behind the targets of the previous and of this epoch. */
type Targets = Pick<VotedEther, 'target' | 'current'>

/** Blocks whose own states are kept, of those whose chains have slashed somebody. */
const midStatesKept = 4
