import type { Time } from '@counterpoise/engine'
import type { NodeId, Spread } from '@counterpoise/network'

/** How far a block has come to a node. */
export const phases = {
  /** Nothing is known of it, or an announcement is on its way. */
  unknown: 0,
  /** It has been asked for. */
  asked: 1,
  /** It is on its way. */
  sent: 2,
  /** It is there as a whole, and being checked. */
  arrived: 3,
  /** It is checked, announced, and handed to the node. */
  checked: 4,
} as const

/** A block that is spreading: columns by node. Times are µs, Infinity where there is none. */
export type Slot<content> = {
  spread: Spread
  /** The number of the broadcast, from 0. */
  serial: number
  content: content | undefined
  /** How long a node checks it. */
  check: Time
  /** When the earliest announcement reaches a node, or it asked last. */
  announced: Float64Array
  /** When the whole block is there. */
  arrived: Float64Array
  /** When a node has checked it, and acts on it. */
  checked: Float64Array
  /** When the copy that a node waits for has left its sender. */
  departed: Float64Array
  /** Who announces it, is asked for it or has delivered it; −1 where nobody has. */
  source: Int32Array
  phase: Uint8Array
  /** Grows when a node gives up on what is under way to it. */
  attempt: Uint8Array
  /** What a compact block left a node without, bytes. */
  missing: Int32Array
  /** Events that refer to it: with the last one the block has come as far as it will. */
  pending: number
}

/** The blocks that are spreading. What is over leaves its columns to the next one. */
export type Slots<content> = {
  open: (origin: NodeId, content: content, bytes: number, check: Time, now: Time) => number
  get: (slot: number) => Slot<content>
  close: (slot: number) => void
  /** Numbers of those that are open, in the order in which their columns were made. */
  forEach: (visit: (slot: Slot<content>, number: number) => void) => void
}

export function createSlots<content>(size: number): Slots<content> {
  const slots: Slot<content>[] = []
  const isOpen: boolean[] = []
  const free: number[] = []
  let serial = 0

  const spare = (): number => {
    const number = free.pop()
    if (number !== undefined) return number
    slots.push({
      spread: { origin: -1, at: 0, bytes: 0, reached: 0, lastAt: 0 },
      serial: -1,
      content: undefined,
      check: 0,
      announced: new Float64Array(size),
      arrived: new Float64Array(size),
      checked: new Float64Array(size),
      departed: new Float64Array(size),
      source: new Int32Array(size),
      phase: new Uint8Array(size),
      attempt: new Uint8Array(size),
      missing: new Int32Array(size),
      pending: 0,
    })
    return slots.length - 1
  }

  return {
    open: (origin, content, bytes, check, now) => {
      const number = spare()
      isOpen[number] = true
      const slot = slots[number]!
      slot.spread = { origin, at: now, bytes, reached: 0, lastAt: now }
      slot.content = content
      slot.serial = serial++
      slot.check = check
      slot.announced.fill(Number.POSITIVE_INFINITY)
      slot.arrived.fill(Number.POSITIVE_INFINITY)
      slot.checked.fill(Number.POSITIVE_INFINITY)
      slot.source.fill(-1)
      slot.phase.fill(phases.unknown)
      slot.attempt.fill(0)
      slot.announced[origin] = now
      slot.arrived[origin] = now
      slot.checked[origin] = now
      slot.phase[origin] = phases.checked
      return number
    },
    get: (number) => slots[number]!,
    close: (number) => {
      slots[number]!.content = undefined
      isOpen[number] = false
      free.push(number)
    },
    forEach: (visit) => {
      for (let number = 0; number < slots.length; number++) {
        if (isOpen[number] === true) visit(slots[number]!, number)
      }
    },
  }
}
