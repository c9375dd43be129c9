import type { NodeId } from './places.ts'

/**
 * The messages under way. A message is kept once, whatever the number of its receivers, and is
 * known to events by its slot; when its last copy has arrived, the slot is used again.
 */
export type Messages<message> = {
  /** Keeps a message; the caller holds the first reference. */
  add: (message: message, bytes: number, flooded: boolean) => number
  get: (slot: number) => message
  bytes: (slot: number) => number
  isFlooded: (slot: number) => boolean
  /** Notes that a flooded message has reached a node; false where it had before. */
  markSeen: (slot: number, node: NodeId) => boolean
  /** Whether a flooded message has reached a node. */
  isSeen: (slot: number, node: NodeId) => boolean
  /** Adds references: one if nothing is said. */
  retain: (slot: number, count?: number) => void
  release: (slot: number) => void
}

export function createMessages<message>(nodes: number): Messages<message> {
  const contents: (message | undefined)[] = []
  const sizes: number[] = []
  const references: number[] = []
  const seen: (Uint8Array | undefined)[] = []
  const free: number[] = []
  /** Cleared marks of floods that are over, for the next ones. */
  const sheets: Uint8Array[] = []

  return {
    add: (message, bytes, flooded) => {
      const slot = free.pop() ?? contents.length
      contents[slot] = message
      sizes[slot] = bytes
      references[slot] = 1
      seen[slot] = flooded ? (sheets.pop() ?? new Uint8Array(nodes)) : undefined
      return slot
    },
    get: (slot) => contents[slot]!,
    bytes: (slot) => sizes[slot]!,
    isFlooded: (slot) => seen[slot] !== undefined,
    markSeen: (slot, node) => {
      const sheet = seen[slot]!
      if (sheet[node] === 1) return false
      sheet[node] = 1
      return true
    },
    isSeen: (slot, node) => seen[slot]![node] === 1,
    retain: (slot, count = 1) => {
      references[slot] = references[slot]! + count
    },
    release: (slot) => {
      const left = references[slot]! - 1
      references[slot] = left
      if (left > 0) return
      contents[slot] = undefined
      const sheet = seen[slot]
      if (sheet !== undefined) {
        sheet.fill(0)
        sheets.push(sheet)
        seen[slot] = undefined
      }
      free.push(slot)
    },
  }
}
