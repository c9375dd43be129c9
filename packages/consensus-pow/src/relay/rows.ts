import type { NodeId, Topology } from '@counterpoise/network'

/** Neighbours as compressed rows: those of a node are `targets` from its offset to the next one. */
export type Rows = { offsets: Int32Array; targets: Int32Array }

/** The rows of a topology; without one, everybody is everybody's neighbour. */
export function rowsOf(topology: Topology | undefined, size: number): Rows {
  const offsets = new Int32Array(size + 1)
  const row = (node: NodeId): ArrayLike<NodeId> =>
    topology?.neighbours(node) ??
    Int32Array.from({ length: size - 1 }, (_, index) => (index < node ? index : index + 1))
  for (let node = 0; node < size; node++) offsets[node + 1] = offsets[node]! + row(node).length
  const targets = new Int32Array(offsets[size]!)
  for (let node = 0; node < size; node++) targets.set(row(node), offsets[node])
  return { offsets, targets }
}

/** Where a neighbour stands among the targets; −1 where it is none. */
export function linkOf({ offsets, targets }: Rows, from: NodeId, to: NodeId): number {
  for (let at = offsets[from]!; at < offsets[from + 1]!; at++) if (targets[at] === to) return at
  return -1
}
