import { type BeaconState, isActive } from '../transition/beaconState.ts'
import { addShared, type Registry } from '../transition/registry.ts'

/** The classes of each node's validators: neighbours, from `first` on. */
export type NodeClasses = { first: Int32Array; count: Int32Array }

/** Nodes are the groups of the registry; those without validators have no class, −1. */
export function classesOf({ group, size }: Registry, nodes: number): NodeClasses {
  const first = new Int32Array(nodes).fill(-1)
  const count = new Int32Array(nodes)
  for (let at = size - 1; at >= 0; at--) {
    const node = group[at]!
    if (node >= nodes) continue
    first[node] = at
    count[node] = count[node]! + 1
  }
  return { first, count }
}

/** A kind of flag of an epoch, set for so many members of a node's classes. */
export type FlagColumn = 'source' | 'target' | 'head' | 'nextSource' | 'nextTarget' | 'nextHead'

/**
 * Sets a flag for more validators of a node. Which of its classes they belong to is not known:
 * those who have it are spread over the active ones by their numbers.
 *
 * @returns Effective balance of those for whom it is new, ETH.
 */
export function setFlag(
  state: BeaconState,
  classes: NodeClasses,
  { column, node, members }: { column: FlagColumn; node: number; members: number },
): number {
  const { registry, epoch } = state
  const { count, effective } = registry
  const flags = registry[column]
  const first = classes.first[node]!
  const end = first + classes.count[node]!
  if (end - first === 1) {
    flags[first] = Math.min(count[first]!, flags[first]! + members)
    return members * effective[first]!
  }
  const active: number[] = []
  for (let at = first; at < end; at++) if (isActive(registry, at, epoch)) active.push(at)
  const all = active.reduce((sum, at) => sum + count[at]!, 0)
  const before = active.reduce((sum, at) => sum + flags[at]!, 0)
  const set = Math.min(all, before + members)
  let ether = 0
  let from = 0
  for (const at of active) {
    const until = from + count[at]!
    const next = Math.floor((set * until) / all) - Math.floor((set * from) / all)
    ether += (next - flags[at]!) * effective[at]!
    flags[at] = next
    from = until
  }
  return ether
}

/** Pays the validators of a node that may propose: the first class of those not slashed. */
export function payNode(
  state: BeaconState,
  classes: NodeClasses,
  node: number,
  gwei: number,
): void {
  const first = classes.first[node] ?? -1
  if (first < 0) return
  const { slashed } = state.registry
  let at = first
  while (at + 1 < first + classes.count[node]! && slashed[at] === 1) at++
  addShared(state.registry, at, gwei)
}

/** Share of a node's active validators that are not slashed; 1 where none is active. */
export function unslashedShare({ registry, epoch }: BeaconState, node: number): number {
  let [all, free] = [0, 0]
  for (let at = 0; at < registry.size; at++) {
    if (registry.group[at] !== node || !isActive(registry, at, epoch)) continue
    all += registry.count[at]!
    if (registry.slashed[at] === 0) free += registry.count[at]!
  }
  return all === 0 ? 1 : free / all
}
