import type { Time } from '@counterpoise/engine'
import { MinerLevelError } from './errors.ts'

/** When a block of one miner, let go at a time, reaches another miner, µs. */
export type Arrival = (from: number, to: number, released: Time) => Time

/** The first block, which everybody knows. */
export const root = 0

type Columns = Float64Array | Int32Array | Uint8Array

const none = -1
const firstCapacity = 4_096
/** At most so many times at which a block reaches a miner are kept: 1 GiB. */
const arrivalsMax = 134_217_728

/**
 * The part of the block tree that is not settled yet, as columns in a ring: blocks are numbered in
 * the order in which they are found, and hang together in levels, the blocks of one height. When a
 * block reaches a miner is drawn when somebody first asks, and kept.
 */
export class RecentBlocks {
  readonly miners: number
  readonly arrival: Arrival
  capacity = firstCapacity
  mask = firstCapacity - 1
  /** Number of the next block; blocks `oldest` … `made` − 1 are kept. */
  made = 0
  oldest = 0
  topHeight = 0
  /** Blocks of a height are kept from here on. */
  lowestHeight = 0

  created = new Float64Array(firstCapacity)
  /** When the block leaves its finder; Infinity while it is withheld. */
  released = new Float64Array(firstCapacity)
  parents = new Int32Array(firstCapacity)
  finders = new Int32Array(firstCapacity)
  heights = new Int32Array(firstCapacity)
  works = new Float64Array(firstCapacity)
  /** Difficulty of a block on top of this one. */
  difficulties = new Float64Array(firstCapacity)
  /** When the first block of its retarget period was found. */
  periodStarts = new Float64Array(firstCapacity)
  /** Marks of the block's content and of the settlement. */
  marks = new Uint8Array(firstCapacity)
  arrivals: Float64Array

  /** By height: the newest block of the level, and how many it has. */
  newestAt = new Int32Array(firstCapacity)
  countAt = new Int32Array(firstCapacity)
  /** The next older block of the same height. */
  older = new Int32Array(firstCapacity)

  constructor(miners: number, arrival: Arrival) {
    this.miners = miners
    this.arrival = arrival
    this.arrivals = new Float64Array(firstCapacity * miners)
    this.append(none, none, 0, 0)
    this.works[0] = 0
  }

  get isFull(): boolean {
    return this.made - this.oldest === this.capacity
  }

  /** Adds a block one above its parent; work, difficulty and period are left to the caller. */
  append(parent: number, finder: number, time: Time, released: Time): number {
    const block = this.made++
    const slot = block & this.mask
    const height = parent === none ? 0 : this.heights[parent & this.mask]! + 1
    this.created[slot] = time
    this.released[slot] = released
    this.parents[slot] = parent
    this.finders[slot] = finder
    this.heights[slot] = height
    this.marks[slot] = 0
    const { miners } = this
    if (miners <= 64) {
      const base = slot * miners
      for (let index = base; index < base + miners; index++) this.arrivals[index] = Number.NaN
    } else this.arrivals.fill(Number.NaN, slot * miners, (slot + 1) * miners)
    this.link(block, height)
    return block
  }

  private link(block: number, height: number): void {
    const level = height & this.mask
    if (block === root || height > this.topHeight) {
      this.topHeight = height
      this.newestAt[level] = none
      this.countAt[level] = 0
    }
    this.older[block & this.mask] = this.newestAt[level]!
    this.newestAt[level] = block
    this.countAt[level]!++
  }

  /** When a block reaches a miner. Its finder has it from the start. */
  arrivalAt(block: number, miner: number): Time {
    const slot = block & this.mask
    const index = slot * this.miners + miner
    const known = this.arrivals[index]!
    if (known === known) return known
    const finder = this.finders[slot]!
    if (finder === miner || finder === none) return this.created[slot]!
    const released = this.released[slot]!
    if (released === Number.POSITIVE_INFINITY) return released
    const time = this.arrival(finder, miner, released)
    this.arrivals[index] = time
    return time
  }

  /**
   * Whether, of two blocks that reach a miner at once, the older one was there first: unless it
   * was withheld until the younger one came out.
   */
  isOlderFirst(older: number, younger: number): boolean {
    const [one, other] = [older & this.mask, younger & this.mask]
    const { released, created } = this
    return released[one]! === created[one]! || released[other]! > created[other]!
  }

  /** The block of a level that reaches a miner first. */
  firstAt(height: number, miner: number): number {
    let first = none
    let earliest = Number.POSITIVE_INFINITY
    let block = this.newestAt[height & this.mask]!
    if (this.countAt[height & this.mask] === 1) return block
    for (; block !== none; block = this.older[block & this.mask]!) {
      const time = this.arrivalAt(block, miner)
      if (time > earliest || time === Number.POSITIVE_INFINITY) continue
      if (time === earliest && !this.isOlderFirst(block, first)) continue
      earliest = time
      first = block
    }
    return first
  }

  /** The last common ancestor of two blocks, or −1 where it is no longer kept. */
  commonAncestor(one: number, other: number): number {
    let [a, b] = [one, other]
    while (a !== b) {
      const parent = this.parents[Math.max(a, b) & this.mask]!
      if (parent < this.oldest) return none
      if (a > b) a = parent
      else b = parent
    }
    return a
  }

  /** Forgets the blocks below a height, or doubles the ring where few can be forgotten. */
  makeRoom(lowestHeight: number): void {
    this.lowestHeight = Math.max(this.lowestHeight, lowestHeight)
    while (
      this.oldest < this.made &&
      this.heights[this.oldest & this.mask]! < this.lowestHeight
    ) {
      this.oldest++
    }
    if (this.made - this.oldest > this.capacity / 2) this.grow()
  }

  private grow(): void {
    const { capacity, mask, miners, arrivals } = this
    if (2 * capacity * miners > arrivalsMax) {
      throw new MinerLevelError('Too many blocks wait for the outcome of a fork.', [
        `Found:    ${this.made - this.oldest} blocks, ${miners} miners`,
        'Expected: branches that end.',
        'Use shorter delays, fewer miners, or an attacker who gives up earlier.',
      ])
    }
    this.capacity = 2 * capacity
    this.mask = this.capacity - 1
    const byBlock = <column extends Columns>(old: column): column => {
      const wider = new (old.constructor as new (size: number) => column)(2 * capacity)
      for (let block = this.oldest; block < this.made; block++) {
        wider[block & this.mask] = old[block & mask]!
      }
      return wider
    }
    this.created = byBlock(this.created)
    this.released = byBlock(this.released)
    this.parents = byBlock(this.parents)
    this.finders = byBlock(this.finders)
    this.heights = byBlock(this.heights)
    this.works = byBlock(this.works)
    this.difficulties = byBlock(this.difficulties)
    this.periodStarts = byBlock(this.periodStarts)
    this.marks = byBlock(this.marks)
    this.older = byBlock(this.older)
    this.arrivals = new Float64Array(2 * capacity * miners)
    for (let block = this.oldest; block < this.made; block++) {
      const from = (block & mask) * miners
      this.arrivals.set(arrivals.subarray(from, from + miners), (block & this.mask) * miners)
    }
    const byHeight = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const wider = new Int32Array(2 * capacity)
      const lowest = Math.max(this.lowestHeight, this.topHeight - capacity + 1)
      for (let height = lowest; height <= this.topHeight; height++) {
        wider[height & this.mask] = old[height & mask]!
      }
      return wider
    }
    this.newestAt = byHeight(this.newestAt)
    this.countAt = byHeight(this.countAt)
  }
}
