import type { Time } from '@counterpoise/engine'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { Committee, Invalid, ReplicaContext } from './contract.ts'

/** What a member of a crowd knew when it became a replica. */
export type Inherited = {
  head: BlockId
  /** Blocks that it has, valid and with all their ancestors. */
  knows: (block: BlockId) => boolean
}

/** A replica that has come to rest, as the crowd takes it back. */
export type Settled = {
  head: BlockId
  /** The blocks that it has got as a replica, parents first. */
  learned: readonly BlockId[]
}

/** Many members in columns. Where it answers false, nothing is done, and it takes a replica. */
export type Crowd<message> = {
  start: (node: NodeId) => boolean
  receive: (node: NodeId, from: NodeId, message: message) => boolean
  /** The node has won in the lottery. */
  win: (node: NodeId) => void
  inheritanceOf: (node: NodeId) => Inherited
  /** A replica has come to rest: its member is one of the crowd again. */
  readmit: (node: NodeId, settled: Settled) => void
}

/** What a crowd can do. */
export type CrowdContext<message> = {
  committee: Committee
  /** Whether the network lets members check what comes before it hands that over. */
  isChecked: boolean
  blocks: BlockStore
  now: () => Time
  /** What is left for a member to check, µs, or why the block is refused. */
  validate: (block: BlockId, node: NodeId) => Time | Invalid
  headChanged: (node: NodeId, head: BlockId) => void
  compete: (node: NodeId, rate: number) => void
  /** All that a replica of the node could do; made anew at each call. */
  contextOf: (node: NodeId) => ReplicaContext<message>
}
