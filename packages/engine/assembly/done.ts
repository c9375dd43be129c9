import { allocate, release, state } from './memory'

/** Sequences in a block. */
export const blockBits: i32 = 65_536
const blockBytes: usize = 8_192
const facts: usize = 8
/** 2⁴⁰ sequences: what has room beside an event, and more than days of running use up. */
const blocksMax: i32 = 16_777_216

/** Where the bits of a block are, 0 where all of its sequences are done, and how many are not. */
@unmanaged
export class Block {
  bits: usize
  open: i32
}

/** Throws: there are no more sequences. */
@external('caller', 'spent')
declare function spent(): void

export function blockAt(number: i32): Block {
  return changetype<Block>(state.blocks + (<usize>number) * facts)
}

export function beginDone(): void {
  state.block = -1
  state.bit = blockBits
  state.blocksMax = 128
  state.blocks = allocate(128 * facts)
}

/** Begins the next block, when all sequences of the last one are open. */
export function openBlock(): void {
  addBlock(takeBits(), blockBits)
  state.bit = 0
}

/** Adds a block with such bits; 0 where all of it is done. */
export function addBlock(bits: usize, open: i32): void {
  const number = state.block + 1
  if (number === blocksMax) spent()
  if (number === state.blocksMax) {
    const old = state.blocks
    const bytes = (<usize>number) * facts
    state.blocks = allocate(bytes * 2)
    memory.copy(state.blocks, old, bytes)
    release(old, bytes)
    state.blocksMax = number * 2
  }
  const added = blockAt(number)
  added.bits = bits
  added.open = open
  state.block = number
}

/** Bits that are all 0. */
export function takeBits(): usize {
  const bits = state.freeBits
  if (bits === 0) return allocate(blockBytes)
  state.freeBits = load<usize>(bits)
  store<usize>(bits, 0)
  return bits
}

export function isDone(block: i32, bit: i32): boolean {
  const bits = blockAt(block).bits
  return bits === 0 || ((load<i32>(bits + wordOf(bit)) >>> (bit & 31)) & 1) === 1
}

/** Marks a sequence as done. False where it was. */
export function mark(block: i32, bit: i32): boolean {
  const owner = blockAt(block)
  const bits = owner.bits
  if (bits === 0) return false
  const at = bits + wordOf(bit)
  const word = load<i32>(at)
  const mask = 1 << (bit & 31)
  if ((word & mask) !== 0) return false
  store<i32>(at, word | mask)
  if (--owner.open === 0) close(owner)
  return true
}

function wordOf(bit: i32): usize {
  return <usize>((bit >>> 5) << 2)
}

function close(owner: Block): void {
  const bits = owner.bits
  memory.fill(bits, 0, blockBytes)
  store<usize>(bits, state.freeBits)
  state.freeBits = bits
  owner.bits = 0
}

/** Opens so many sequences and marks them as done. Returns the first. */
export function skip(count: i32): f64 {
  if (state.bit === blockBits) openBlock()
  const first = sequenceOf(state.block, state.bit)
  for (let left = count; left > 0; ) {
    if (state.bit === blockBits) openBlock()
    const bit = state.bit
    // A whole word at a time, where one is free: nothing of it was opened before.
    if ((bit & 31) === 0 && left >= 32 && bit + 32 < blockBits) {
      const owner = blockAt(state.block)
      store<i32>(owner.bits + wordOf(bit), -1)
      owner.open -= 32
      state.bit = bit + 32
      left -= 32
    } else {
      state.bit = bit + 1
      mark(state.block, bit)
      left--
    }
  }
  return first
}

export function sequenceOf(block: i32, bit: i32): f64 {
  return <f64>block * <f64>blockBits + <f64>bit
}
