import { eventAt } from './bottom'
import { addBlock, blockAt, takeBits } from './done'
import { append, copyEvent, list, topList } from './lists'
import { state, stateAt } from './memory'
import { findNext } from './pending'

/**
 * Takes the next event into the state, neither done nor in the digest, to be adopted elsewhere.
 * False where there is none.
 */
export function extract(): boolean {
  if (!findNext()) return false
  copyEvent(eventAt(state.events, state.first), stateAt)
  state.first++
  state.length--
  return true
}

/** Adds the event of the state behind all that were added so; no others were. */
export function adopt(): void {
  copyEvent(stateAt, append(list(topList)))
  state.length++
  state.topStart = -Infinity
}

/** How many sequences of a block are not done, and where its bits are. */
export function openOf(block: i32): i32 {
  return blockAt(block).bits === 0 ? 0 : blockAt(block).open
}

export function bitsOf(block: i32): usize {
  return blockAt(block).bits
}

/** Adds the next block, with so many sequences that are not done. Returns where its bits go. */
export function adoptBlock(open: i32): usize {
  const bits: usize = open === 0 ? 0 : takeBits()
  addBlock(bits, open)
  return bits
}
