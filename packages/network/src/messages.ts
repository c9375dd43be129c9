import type { NodeId } from './places.ts'

/**
 * The messages under way. A message is kept once, whatever the number of its receivers, and is
 * known to events by its slot; when its last copy has arrived, the slot is used again.
 */
export type Messages<message> = {
  /** Keeps a message; the caller holds the first reference. */
  add: (message: message, bytes: number, flooded: boolean) => number
  /** As `add`, but the slot is the last one where that still holds the same with as many bytes. */
  addAgain: (message: message, bytes: number, last: number) => number
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
  /** All messages under way; they are immutable, so that they themselves are not copied. */
  save: () => SavedMessages<message>
  restore: (saved: SavedMessages<message>) => void
}

export type SavedMessages<message> = {
  contents: () => readonly (message | undefined)[]
  sizes: readonly number[]
  references: Int32Array
  seen: readonly (Uint8Array | undefined)[]
  free: readonly number[]
}

export function createMessages<message>(nodes: number): Messages<message> {
  const contents: (message | undefined)[] = []
  const sizes: number[] = []
  let references: Int32Array = new Int32Array(64)
  const seen: (Uint8Array | undefined)[] = []
  const free: number[] = []
  /** Cleared marks of floods that are over, for the next ones. */
  const sheets: Uint8Array[] = []

  /** How many messages are flooded: where none is, nobody needs to look. */
  let floods = 0

  const add: Messages<message>['add'] = (message, bytes, flooded) => {
    const slot = free.pop() ?? contents.length
    if (slot === references.length) {
      const wider = new Int32Array(2 * slot)
      wider.set(references)
      references = wider
    }
    contents[slot] = message
    sizes[slot] = bytes
    references[slot] = 1
    if (flooded) floods++
    seen[slot] = flooded ? (sheets.pop() ?? new Uint8Array(nodes)) : undefined
    return slot
  }

  return {
    add,
    addAgain: (message, bytes, last) => {
      // A slot that is free holds nothing, so that it equals no message.
      const isSame = contents[last] === message && sizes[last] === bytes && references[last]! > 0
      if (!isSame || seen[last] !== undefined) return add(message, bytes, false)
      references[last] = references[last]! + 1
      return last
    },
    get: (slot) => contents[slot]!,
    bytes: (slot) => sizes[slot]!,
    isFlooded: (slot) => floods > 0 && seen[slot] !== undefined,
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
      if (floods > 0 && seen[slot] !== undefined) {
        const sheet = seen[slot]
        floods--
        sheet.fill(0)
        sheets.push(sheet)
        seen[slot] = undefined
      }
      free.push(slot)
    },
    save: () => {
      const held = [...contents]
      return { contents: () => held, sizes, references, seen, free }
    },
    restore: (saved) => {
      contents.splice(0, contents.length, ...saved.contents())
      sizes.splice(0, sizes.length, ...saved.sizes)
      seen.splice(0, seen.length, ...saved.seen)
      free.splice(0, free.length, ...saved.free)
      references = saved.references
      floods = seen.filter((sheet) => sheet !== undefined).length
    },
  }
}
