import type { EventKind, Simulation, Time } from '@counterpoise/engine'
import type { BroadcastCounters, NodeId } from '@counterpoise/network'
import type { CompactBlocks } from './compact.ts'
import type { RelayParameters } from './parameters.ts'
import type { Pipes } from './pipes.ts'
import type { Rows } from './rows.ts'
import type { Slot, Slots } from './slots.ts'
import type { Travel } from './travel.ts'

/** What a copy is: the lowest two bits of an event's last integer. */
export const copies = { whole: 0, compact: 1, missing: 2, overlay: 3 } as const
/** The third bit: it was sent unasked. The attempt follows. */
export const pushedBit = 4
export const attemptFactor = 8

/** The kinds of the relay's events; target and a are nodes, b is the slot. */
export type RelayKinds = {
  /** An announcement reaches `target` from a. */
  announce: EventKind
  /** A request reaches `target` from a. */
  request: EventKind
  /** A copy reaches the downlink of `target` from a. */
  reach: EventKind
  /** A copy is at `target` as a whole. */
  arrive: EventKind
  /** `target` has checked the block. */
  check: EventKind
  /** `target` gives up waiting. */
  retry: EventKind
  /** `target` has waited for a copy unasked, since it heard of the block from a. */
  ask: EventKind
}

/** What the parts of the relay share. */
export type RelayCore<content> = Rows & {
  simulation: Simulation
  name: string
  size: number
  parameters: RelayParameters
  slots: Slots<content>
  travel: Travel
  pipes: Pipes
  compact: CompactBlocks
  kinds: RelayKinds
  counters: BroadcastCounters
  up: Uint8Array
  /** Until when each node checks blocks, µs. */
  busyUntil: Float64Array
  /** Members of the overlay: 1. */
  isMember: Uint8Array
  members: readonly NodeId[]
  /** Schedules an event that refers to a slot. */
  post: (kind: EventKind, at: Time, to: NodeId, from: NodeId, slot: number, last: number) => void
  /** Hands a checked block over; false where it must not be passed on. */
  handOver: (node: NodeId, slot: Slot<content>) => boolean
}
