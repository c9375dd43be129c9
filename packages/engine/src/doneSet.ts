import { BaseError } from './errors.ts'

/** Numbers in a block. A number is block · 65,536 + bit. */
export const blockBits = 65_536
const blockWords = blockBits / 32
/** log₂ of that. */
const blockShift = 11
/** 2⁴⁰ numbers: what has room beside an event, and more than days of running use up. */
const blocksMax = 16_777_216
const wordsMin = 2 * blockWords
const none = -1

/**
 * Which of the numbers 0, 1, 2 … are done: one bit each, in blocks that are given back when all of
 * their numbers are. So an old number that stays open holds 8 KiB and not all that came after it.
 *
 * Inside the queue a number is its block and its bit, two small integers: one of 40 bits would be
 * boxed on its way.
 */
export class DoneSet {
  /** The next number, valid after `prepare`; to open it is to add 1 to `bit`. */
  block = -1
  bit = blockBits

  /** Where the bits of a block begin; none where all of its numbers are done. */
  private bases = new Int32Array(16)
  private words = new Int32Array(wordsMin)
  /** How many numbers of a block are not done, by where its bits begin. */
  private open = new Int32Array(wordsMin / blockWords)
  private free: number[] = []
  private used = 0

  get bytes(): number {
    return this.bases.byteLength + this.words.byteLength + this.open.byteLength
  }

  /** Makes sure that there is a next number in the block. */
  prepare(): void {
    if (this.bit === blockBits) this.openBlock()
  }

  has(block: number, bit: number): boolean {
    const base = this.bases[block]!
    if (base === none) return true
    return ((this.words[base + (bit >>> 5)]! >>> (bit & 31)) & 1) === 1
  }

  /** Marks a number as done. False where it was. */
  mark(block: number, bit: number): boolean {
    const base = this.bases[block]!
    if (base === none) return false
    const at = base + (bit >>> 5)
    const word = this.words[at]!
    const mask = 1 << (bit & 31)
    if ((word & mask) !== 0) return false
    this.words[at] = word | mask
    const index = base >> blockShift
    const left = this.open[index]! - 1
    this.open[index] = left
    if (left === 0) this.close(block, base)
    return true
  }

  /** As `mark`, for any number whatever. False also where it was never opened. */
  markNumber(number: number): boolean {
    if (!(number >= 0) || number % 1 !== 0) return false
    const block = Math.floor(number / blockBits)
    const bit = number % blockBits
    if (block > this.block || (block === this.block && bit >= this.bit)) return false
    return this.mark(block, bit)
  }

  /** Opens so many numbers and marks them as done. Returns the first. */
  skip(count: number): number {
    this.prepare()
    const first = this.block * blockBits + this.bit
    let left = count
    while (left > 0) {
      this.prepare()
      const { block, bit } = this
      // A whole word at a time, where one is free: nothing of it was opened before.
      if ((bit & 31) === 0 && left >= 32 && bit + 32 < blockBits) {
        const base = this.bases[block]!
        this.words[base + (bit >>> 5)] = -1
        this.open[base >> blockShift] = this.open[base >> blockShift]! - 32
        this.bit = bit + 32
        left -= 32
      } else {
        this.bit = bit + 1
        this.mark(block, bit)
        left--
      }
    }
    return first
  }

  /** How many sequences of a block are open. */
  openIn(block: number): number {
    const base = this.bases[block]!
    return base === none ? 0 : this.open[base >> blockShift]!
  }

  /** The bits of a block, of which some are open. */
  bitsOf(block: number): Int32Array {
    const base = this.bases[block]!
    return this.words.subarray(base, base + blockWords)
  }

  /** Adds the next block, with so many numbers that are open, and such bits. */
  adoptBlock(open: number, bits: () => Int32Array): void {
    this.openBlock()
    const base = this.bases[this.block]!
    if (open === 0) this.close(this.block, base)
    else {
      this.words.set(bits(), base)
      this.open[base >> blockShift] = open
    }
  }

  /** Moves the open blocks together and gives the memory of the others back. */
  shrink(): void {
    const { bases, words, open, used } = this
    const kept = used - this.free.length
    let capacity = wordsMin
    while (capacity < kept * blockWords) capacity *= 2
    if (capacity === words.length) return
    this.words = new Int32Array(capacity)
    this.open = new Int32Array(capacity / blockWords)
    this.free = []
    this.used = 0
    for (let block = 0; block <= this.block; block++) {
      const from = bases[block]!
      if (from === none) continue
      const to = this.used++ * blockWords
      this.words.set(words.subarray(from, from + blockWords), to)
      this.open[to / blockWords] = open[from / blockWords]!
      bases[block] = to
    }
  }

  private close(block: number, base: number): void {
    this.bases[block] = none
    this.words.fill(0, base, base + blockWords)
    this.free.push(base)
  }

  /** Begins the next block, when all numbers of the last one are open. */
  openBlock(): void {
    const block = this.block + 1
    if (block === blocksMax) throw new BaseError('A run has at most 2⁴⁰ events.')
    if (block === this.bases.length) this.bases = widened(this.bases, block * 2)
    const base = this.free.pop() ?? this.used++ * blockWords
    if (base === this.words.length) {
      this.words = widened(this.words, base * 2)
      this.open = widened(this.open, this.open.length * 2)
    }
    this.bases[block] = base
    this.open[base / blockWords] = blockBits
    this.block = block
    this.bit = 0
  }
}

function widened(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length)
  wider.set(column)
  return wider
}
