import type { Simulation, Time } from '@counterpoise/engine'
import type { Network, NetworkOptions } from '../network.ts'
import type { NodeId } from '../places.ts'

/** How far a broadcast has come; it grows while the run goes on. */
export type Spread = {
  origin: NodeId
  /** When it was published, µs. */
  at: Time
  bytes: number
  /** How many nodes have received it, its origin left out. */
  reached: number
  /** When the last of them did, µs. */
  lastAt: Time
}

/** What a protocol has cost so far. */
export type BroadcastCounters = {
  published: number
  /** First receptions: how often a node got what it had not. */
  delivered: number
  /** Receptions of content, or parts of it, that a node had no more use for. */
  duplicates: number
  /** All that was sent for broadcasts: contents and words about them. */
  bytes: number
  /** Of these, the words: announcements, requests. */
  controlBytes: number
}

/**
 * Told of a broadcast that has come as far as it will: when each node had it as a whole, µs, by
 * node, and when it could act on it, having checked it, where the protocol knows; Infinity where
 * it never came so far. The columns are used again after the call.
 */
export type SpreadListener<content> = (
  content: content,
  spread: Spread,
  arrivedAt: Float64Array,
  checkedAt?: Float64Array | undefined,
) => void

/** A network whose broadcasts go by a protocol; `send` and `multicast` go straight, as ever. */
export type BroadcastNetwork<content> = Network<content> & {
  /** Broadcasts and returns how far it has come. */
  publish: (from: NodeId, content: content, bytes: number) => Spread
  broadcastCounters: () => BroadcastCounters
  /** Nodes have checked what they are handed: it costs their processors nothing more. */
  checksContents?: boolean | undefined
  /** Calls a listener for every broadcast that is over, where the protocol keeps such times. */
  onSpread?: ((listener: SpreadListener<content>) => void) | undefined
  /** Visits the broadcasts that are under way, as far as they have come. */
  underWay?: ((visit: SpreadListener<content>) => void) | undefined
}

/**
 * A way to get a content from one node to all others. The topology of the options says who is
 * connected with whom, everybody with everybody where there is none.
 */
export type BroadcastProtocol = {
  name: string
  open: <content>(
    simulation: Simulation,
    options: NetworkOptions<content>,
  ) => BroadcastNetwork<content>
}

/** The part of the other nodes that a broadcast has reached, from 0 to 1. */
export const coverageOf = ({ reached }: Spread, size: number): number =>
  size > 1 ? reached / (size - 1) : 1
