import type { ReplicaContext } from '@counterpoise/consensus'
import type { Time } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import type { WorkMessage } from './messages.ts'

/** What a node that departs from the protocol can do besides. */
export type Seat = {
  self: number
  /** Sends a block that it has, and follows it if that is the chain of most work. */
  publish: (block: BlockId) => void
  /** Has a block from now on, which nobody has sent it. */
  learn: (block: BlockId) => void
  /** Follows a block that it has if that is the chain of most work. */
  adopt: (block: BlockId) => void
  /** What it mines on has changed. */
  work: () => void
  /** Asks somebody for the chain. */
  catchUp: () => void
}

/** What is allowed for the time stamp of a block. */
export type StampRange = {
  now: Time
  /** The least, by the median of the blocks before. */
  earliest: Time
  /** The latest that nodes take now. */
  latest: Time
  /** The block is the last one of a retarget period. */
  endsPeriod: boolean
}

/** How a node departs from the protocol. What is left out is done by the rules. */
export type Conduct = {
  /** Called once, with what the node can do. */
  join?: ((seat: Seat) => void) | undefined
  /** The node has started. */
  start?: (() => void) | undefined
  /** What it mines on, given the end of the chain that it follows. */
  tip?: ((head: BlockId) => BlockId) | undefined
  /** Asked when it has found a block: what the block stands on, given what it mined on. */
  choose?: ((tip: BlockId, has: (block: BlockId) => boolean) => BlockId) | undefined
  /** True where it throws away what it has just found. */
  discards?: (() => boolean) | undefined
  /** Deals with a block that it has found, in place of sending it. */
  found?: ((block: BlockId) => void) | undefined
  /** A block of somebody else has come in and is valid. */
  heard?: ((block: BlockId) => void) | undefined
  /** False while it takes no messages. */
  listens?: (() => boolean) | undefined
  /** The time stamp that it writes into its block. */
  stamp?: ((range: StampRange) => Time) | undefined
  /** A timer of the conduct's own (`conductTimer` and above) has run out. */
  expire?: ((timer: number) => void) | undefined
}

/** The first number of a timer that a conduct may use. */
export const conductTimer = 8

/** The context of a node, with the way in which it departs from the protocol, if it does. */
export type WorkContext = ReplicaContext<WorkMessage> & { conduct?: Conduct | undefined }
