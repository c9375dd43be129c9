import { cloneState } from '../transition/beaconState.ts'
import { addShared } from '../transition/registry.ts'
import { justify } from '../transition/justification.ts'
import { processEpoch } from '../transition/processEpoch.ts'
import type { BeaconBlock, EpochState, Root } from './blocks.ts'
import type { Bundle } from './bundles.ts'

/** Slots in an epoch. */
export const slotsPerEpoch = 32

/** The most slots after which a source vote is in time: ⌊√32⌋. */
const sourceDelayMax = 5

export const epochOf = (slot: number): number => Math.floor(slot / slotsPerEpoch)

/** Blocks and votes of a run, with the states of the branches. */
export type BeaconChain = {
  blocks: BeaconBlock[]
  bundles: Bundle[]
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
}

export function createBeaconChain(
  first: EpochState,
  firstSlot: number,
  nodes: number,
): BeaconChain {
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
  const states = new Map<number, EpochState>()
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
    const beacon = cloneState(state.beacon)
    const path: BeaconBlock[] = []
    for (let at = tip; at > 0 && blocks[at]!.slot >= state.epoch * slotsPerEpoch; ) {
      path.push(blocks[at]!)
      at = blocks[at]!.parent
    }
    const classes = classesOf(beacon.registry.group, beacon.registry.size, nodes)
    for (const block of path.reverse()) setFlags(beacon, block, classes)
    processEpoch(beacon)
    return { epoch: state.epoch + 1, tip, beacon }
  }

  /** Notes whose votes the block brought in, and pays its proposer for them. */
  const setFlags = (
    beacon: EpochState['beacon'],
    block: BeaconBlock,
    classes: Int32Array,
  ): void => {
    const { registry, epoch, baseReward } = beacon
    const { sourceWeight, targetWeight, headWeight, proposerWeight, denominator } =
      beacon.profile.rewards
    let worth = 0
    for (const id of block.bundles) {
      const bundle = bundles[id]!
      const isCurrent = bundle.targetEpoch === epoch
      const delay = block.slot - bundle.slot
      const hitsTarget = bundle.target === checkpoint(block.parent, bundle.targetEpoch)
      const hitsHead = hitsTarget && bundle.head === ancestorAt(block.parent, bundle.slot)
      const source = delay <= sourceDelayMax ? 1 : 0
      const head = hitsHead && delay === 1 ? 1 : 0
      const target = hitsTarget ? 1 : 0
      const bySource = isCurrent ? registry.nextSource : registry.source
      const byTarget = isCurrent ? registry.nextTarget : registry.target
      const byHead = isCurrent ? registry.nextHead : registry.head
      const flags = source * sourceWeight + target * targetWeight + head * headWeight
      bundle.voters.forEach((node, index) => {
        const at = classes[node]!
        if (at < 0) return
        const members = bundle.members[index]!
        const limit = registry.count[at]!
        bySource[at] = Math.min(limit, bySource[at]! + source * members)
        byTarget[at] = Math.min(limit, byTarget[at]! + target * members)
        byHead[at] = Math.min(limit, byHead[at]! + head * members)
        worth += registry.effective[at]! * baseReward * flags * members
      })
    }
    const payee = block.proposer < 0 ? -1 : classes[block.proposer]!
    const divisor = ((denominator - proposerWeight) * denominator) / proposerWeight
    if (payee >= 0) addShared(registry, payee, Math.floor(worth / divisor))
  }

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
    const { beacon } = block.epochState
    const before = blocks[parent]!
    const isSame = epochOf(before.slot) === epoch && before.epochState === block.epochState
    const fresh = epochOf(before.slot) === epoch - 1 ? before.currentTarget : 0
    block.previousTarget = isSame ? before.previousTarget : fresh
    block.currentTarget = isSame ? before.currentTarget : 0
    const classes = classesOf(beacon.registry.group, beacon.registry.size, nodes)
    for (const number of block.bundles) {
      const bundle = bundles[number]!
      if (bundle.target !== checkpoint(id, bundle.targetEpoch)) continue
      const ether = etherOf(bundle, beacon.registry.effective, classes)
      if (bundle.targetEpoch === epoch) block.currentTarget += ether
      else block.previousTarget += ether
    }
    const root = (of: number): Root => ({ epoch: of, block: rootOf(id, of) })
    block.justified = root(beacon.justified)
    block.finalised = root(beacon.finalised)
    const pulled = { ...beacon }
    const votes = { source: 1, head: 1, target: block.previousTarget, current: block.currentTarget }
    justify(pulled, votes)
    block.unrealisedJustified = root(pulled.justified)
    block.unrealisedFinalised = root(pulled.finalised)
  }

  return { blocks, bundles, checkpoint, ancestorAt, stateAt, included, isIncludable, derive }
}

/** Effective balance of the voters, ETH. */
function etherOf(bundle: Bundle, effective: Int32Array, classes: Int32Array): number {
  let ether = 0
  bundle.voters.forEach((node, index) => {
    const at = classes[node]!
    if (at >= 0) ether += effective[at]! * bundle.members[index]!
  })
  return ether
}

/** The first class of each node's validators; nodes are the groups of the registry. */
function classesOf(group: Int32Array, size: number, nodes: number): Int32Array {
  const classes = new Int32Array(nodes).fill(-1)
  for (let at = size - 1; at >= 0; at--) {
    if (group[at]! < nodes) classes[group[at]!] = at
  }
  return classes
}
