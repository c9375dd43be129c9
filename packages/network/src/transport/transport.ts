import type { Simulation, Time } from '@counterpoise/engine'
import type { NodeId, Place } from '../places.ts'

/** What becomes of a copy that a node sends. */
export const fates = {
  arrives: 0,
  /** It takes its share of the sender's bandwidth, and nothing comes out at the other end. */
  wasted: 1,
  /** It was held back by a cut: nothing of the same link may overtake it. */
  heldBack: 2,
  /** It arrives, but has been counted already: it needs no event, only its place in the order. */
  counted: 3,
} as const
export type Fate = (typeof fates)[keyof typeof fates]

/** Takes copies through the bandwidth of their nodes and on to the link. */
export type Transport = {
  /**
   * Sends a copy: once it has left, `delay` µs pass until it arrives. `share` is the part of the
   * bandwidth that the link leaves it, 1 where nothing throttles it.
   */
  carry: (
    from: NodeId,
    to: NodeId,
    slot: number,
    delay: Time,
    share: number,
    fate: Fate,
  ) => void
  /** Whether a wasted copy needs no room at the receiver's end. */
  isUnlimited: (to: NodeId) => boolean
  /** The node is down: what it has not sent, and what it is taking in, is lost. */
  clear: (node: NodeId) => void
}

/** What a transport needs of its network. */
export type TransportContext = {
  simulation: Simulation
  name: string
  places: readonly Place[]
  bytes: (slot: number) => number
  isUp: (node: NodeId) => boolean
  retain: (slot: number) => void
  release: (slot: number) => void
  /** Counts a copy as dropped and lets go of it. */
  drop: (slot: number) => void
  /**
   * The time at which a copy that would arrive at `arrival` does arrive, after those of its link
   * that it must not overtake.
   */
  inOrder: (from: NodeId, to: NodeId, arrival: Time, fate: Fate) => Time
  /** The kind of event that hands a copy to its receiver. */
  deliverKind: number
}

export type Bandwidth = 'queue' | 'fair'
