import { type BeaconState, isActive } from '../transition/beaconState.ts'
import { addShared, type Registry } from '../transition/registry.ts'
import type { Bundle } from './bundles.ts'

/** A kind of flag of an epoch. */
export type FlagColumn = 'source' | 'target' | 'head' | 'nextSource' | 'nextTarget' | 'nextHead'

/** The classes of a node's validators where they are several. */
type Parts = {
  /** Active classes that are not slashed, and how many validators they have. */
  free: readonly number[]
  freeCount: number
  /** Active validators that are slashed: their flags count for nothing. */
  slashedCount: number
  slashedEther: number
  /** What of a flag has not made up a whole free validator yet, by column. */
  carry: Map<FlagColumn, number>
}

/** The classes of each node's validators: neighbours, from `first` on; −1 without validators. */
export type NodeClasses = { first: Int32Array; parts: ReadonlyMap<number, Parts> }

/** Nodes are the groups of the registry. */
export function classesOf({ registry, epoch }: BeaconState, nodes: number): NodeClasses {
  const { group, size } = registry
  const first = firstClassesOf(registry, nodes)
  const parts = new Map<number, Parts>()
  for (let at = 0; at < size; at++) {
    const node = group[at]!
    if (node >= nodes || first[node] === at) continue
    if (!parts.has(node)) parts.set(node, partsOf(registry, epoch, first[node]!))
  }
  return { first, parts }
}

/** The first class of each node's validators; −1 without any. */
export function firstClassesOf({ group, size }: Registry, nodes: number): Int32Array {
  const first = new Int32Array(nodes).fill(-1)
  for (let at = size - 1; at >= 0; at--) {
    if (group[at]! < nodes) first[group[at]!] = at
  }
  return first
}

function partsOf(registry: Registry, epoch: number, first: number): Parts {
  const { group, count, effective, slashed } = registry
  const free: number[] = []
  let [freeCount, slashedCount, ether] = [0, 0, 0]
  for (let at = first; at < registry.size && group[at] === group[first]; at++) {
    if (!isActive(registry, at, epoch)) continue
    if (slashed[at] === 0) {
      free.push(at)
      freeCount += count[at]!
    } else {
      slashedCount += count[at]!
      ether += count[at]! * effective[at]!
    }
  }
  const slashedEther = slashedCount === 0 ? 0 : Math.floor(ether / slashedCount)
  return { free, freeCount, slashedCount, slashedEther, carry: new Map() }
}

/**
 * Sets a flag for more validators of a node. Which of its classes they belong to is not known:
 * they are spread over the active ones by their numbers.
 *
 * @returns Effective balance of those for whom it is new, ETH.
 */
export function setFlag(
  { registry }: BeaconState,
  classes: NodeClasses,
  { column, node, members }: { column: FlagColumn; node: number; members: number },
): number {
  const { count, effective } = registry
  const flags = registry[column]
  const first = classes.first[node]!
  const parts = classes.parts.get(node)
  if (parts === undefined) {
    flags[first] = Math.min(count[first]!, flags[first]! + members)
    return members * effective[first]!
  }
  const { free, freeCount, slashedCount, carry } = parts
  const all = freeCount + slashedCount
  if (all === 0) return 0
  const exact = (members * freeCount) / all + (carry.get(column) ?? 0)
  const more = Math.floor(exact)
  carry.set(column, exact - more)
  let ether = (members - more) * parts.slashedEther
  const before = free.reduce((sum, at) => sum + flags[at]!, 0)
  const set = Math.min(freeCount, before + more)
  let from = 0
  for (const at of free) {
    const until = from + count[at]!
    const next = Math.floor((set * until) / freeCount) - Math.floor((set * from) / freeCount)
    ether += (next - flags[at]!) * effective[at]!
    flags[at] = next
    from = until
  }
  return ether
}

/** Pays the validators of a node that may propose: the first class of those not slashed. */
export function payNode(
  state: BeaconState,
  { first, parts }: NodeClasses,
  node: number,
  gwei: number,
): void {
  const at = parts.get(node)?.free[0] ?? first[node] ?? -1
  if (at >= 0) addShared(state.registry, at, gwei)
}

/** Share of a node's active validators that are not slashed; 1 where none is active. */
export function unslashedShare(state: BeaconState, node: number): number {
  const { registry, epoch } = state
  const first = registry.group.subarray(0, registry.size).indexOf(node)
  if (first < 0) return 1
  const { freeCount, slashedCount } = partsOf(registry, epoch, first)
  return freeCount + slashedCount === 0 ? 1 : freeCount / (freeCount + slashedCount)
}

/** Effective balance of the voters, ETH. */
export function etherOf(
  bundle: Pick<Bundle, 'voters' | 'members'>,
  effective: Int32Array,
  first: Int32Array,
): number {
  let ether = 0
  bundle.voters.forEach((node, index) => {
    const at = first[node]!
    if (at >= 0) ether += effective[at]! * bundle.members[index]!
  })
  return ether
}
