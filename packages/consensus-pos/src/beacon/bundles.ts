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
  /** The bundle with which it contradicts itself; −1 without one. */
  twin: number
  /** True once everybody has the twin. */
  twinSettled?: boolean | undefined
}
