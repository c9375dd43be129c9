import { BaseError, EventTimeError } from './errors.ts'
import { sortDeliveries } from './sortDeliveries.ts'
import type { Time } from './time.ts'

/** Bytes of the spare store above which it is given back when nothing is on its way. */
const spareMax = 16_777_216
/** Columns of a fan-out that stay the same, and its next delivery and the end of its deliveries. */
const fact = { kind: 0, a: 1, b: 2, c: 3, next: 4, end: 5, start: 6, capacity: 7 } as const
const factWords = 8
/** A delivery is a record of 16 bytes: its time, its target, and its rank among those given. */
const deliveryWords = 4

let ranks: Int32Array = new Int32Array(1_024)

/**
 * Fan-outs on their way, in a binary heap by their next delivery. The fields show the delivery that
 * is next of all. Where hundreds are on their way, hardly two deliveries in a row are of the same
 * one: what the heap compares stands in columns of its own, and a delivery in one place of memory.
 */
export class Fanouts {
  time: Time = 0
  priority = 0
  sequence = 0
  kind = 0
  target = 0
  a = 0
  b = 0
  c = 0
  /** How many fan-outs are on their way, and how many deliveries they have left. */
  count = 0
  pending = 0

  /** The heap: when the next delivery is due, and of which fan-out; behind it, free fan-outs. */
  private keys = new Float64Array(0)
  private slots = new Int32Array(0)
  /** By fan-out: what decides among deliveries of one time. */
  private priorities = new Int32Array(0)
  private sequences = new Float64Array(0)
  /** By fan-out: the sequence of its first delivery as they were given. */
  private origins = new Float64Array(0)
  private facts = new Int32Array(0)
  /** How many fan-outs there are, free ones included. */
  private made = 0
  /** The deliveries, in the order of each fan-out: two views of one store, and what is in use. */
  private times = new Float64Array(0)
  private words = new Int32Array(0)
  private used = 0

  get bytes(): number {
    return this.times.byteLength + this.keys.length * (32 + factWords * 4)
  }

  add(
    sequence: number,
    priority: number,
    kind: number,
    count: number,
    times: Float64Array,
    targets: Int32Array,
    a: number,
    b: number,
    c: number,
  ): void {
    const slot = this.spare(count)
    const { facts } = this
    const at = slot * factWords
    const start = facts[at + fact.start]!
    facts[at + fact.kind] = kind
    facts[at + fact.a] = a
    facts[at + fact.b] = b
    facts[at + fact.c] = c
    facts[at + fact.next] = start
    facts[at + fact.end] = start + count
    if (ranks.length < count) ranks = new Int32Array(count * 2)
    sortDeliveries(ranks, times, count)
    this.store(start, count, times, targets)
    this.priorities[slot] = priority
    this.origins[slot] = sequence
    this.sequences[slot] = sequence + ranks[0]!
    this.pending += count
    this.siftUp(this.count++, times[ranks[0]!]!, slot)
    this.show()
  }

  /** Goes on to the next delivery. */
  advance(): void {
    this.pending--
    const slot = this.slots[0]!
    const { facts } = this
    const at = slot * factWords
    const next = facts[at + fact.next]! + 1
    if (next < facts[at + fact.end]!) {
      facts[at + fact.next] = next
      const rank = this.words[next * deliveryWords + 3]!
      this.sequences[slot] = this.origins[slot]! + rank
      this.siftDown(this.times[next * 2]!, slot)
    } else {
      const last = --this.count
      const moved = this.slots[last]!
      const time = this.keys[last]!
      // What is finished stands behind the heap, to be used again.
      this.slots[last] = slot
      if (last > 0) this.siftDown(time, moved)
      else {
        if (this.times.byteLength > spareMax) this.drop()
        return
      }
    }
    this.show()
  }

  private store(start: number, count: number, times: Float64Array, targets: Int32Array): void {
    const { times: ordered, words } = this
    for (let index = 0, at = start * deliveryWords; index < count; index++, at += deliveryWords) {
      const rank = ranks[index]!
      ordered[at >> 1] = times[rank]!
      words[at + 2] = targets[rank]!
      words[at + 3] = rank
    }
  }

  private drop(): void {
    this.made = 0
    this.used = 0
    this.times = new Float64Array(0)
    this.words = new Int32Array(0)
  }

  private show(): void {
    const slot = this.slots[0]!
    const { facts } = this
    const at = slot * factWords
    this.time = this.keys[0]!
    this.priority = this.priorities[slot]!
    this.sequence = this.sequences[slot]!
    this.kind = facts[at + fact.kind]!
    this.target = this.words[facts[at + fact.next]! * deliveryWords + 2]!
    this.a = facts[at + fact.a]!
    this.b = facts[at + fact.b]!
    this.c = facts[at + fact.c]!
  }

  /** The place of a fan-out with room for so many deliveries, taken from behind the heap. */
  private spare(count: number): number {
    if (this.made === this.count) {
      if (this.made === this.keys.length) this.widen(Math.max(16, this.made * 2))
      this.facts[this.made * factWords + fact.capacity] = 0
      this.slots[this.count] = this.made++
    }
    const slot = this.slots[this.count]!
    const { facts } = this
    const at = slot * factWords
    if (facts[at + fact.capacity]! < count) {
      // Not worth a search: rooms only grow, and soon all are large enough.
      let capacity = 16
      while (capacity < count) capacity *= 2
      facts[at + fact.start] = this.used
      facts[at + fact.capacity] = capacity
      this.used += capacity
      if (this.used > this.times.length / 2) this.extend(this.used)
    }
    return slot
  }

  /** Makes room for so many deliveries. */
  private extend(deliveries: number): void {
    let length = Math.max(256, this.times.length)
    while (length < deliveries * 2) length *= 2
    const times = new Float64Array(length)
    times.set(this.times)
    this.times = times
    this.words = new Int32Array(times.buffer)
  }

  private widen(length: number): void {
    this.keys = widened(this.keys, new Float64Array(length))
    this.slots = widened(this.slots, new Int32Array(length))
    this.priorities = widened(this.priorities, new Int32Array(length))
    this.sequences = widened(this.sequences, new Float64Array(length))
    this.origins = widened(this.origins, new Float64Array(length))
    this.facts = widened(this.facts, new Int32Array(length * factWords))
  }

  private siftUp(from: number, time: Time, slot: number): void {
    const { keys, slots } = this
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      const key = keys[parent]!
      if (key < time || (key === time && !this.isFirst(slot, slots[parent]!))) break
      keys[index] = key
      slots[index] = slots[parent]!
      index = parent
    }
    keys[index] = time
    slots[index] = slot
  }

  private siftDown(time: Time, slot: number): void {
    const { keys, slots, count } = this
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= count) break
      let key = keys[child]!
      const right = child + 1
      if (right < count) {
        const other = keys[right]!
        if (other < key || (other === key && this.isFirst(slots[right]!, slots[child]!))) {
          child = right
          key = other
        }
      }
      if (time < key || (time === key && this.isFirst(slot, slots[child]!))) break
      keys[index] = key
      slots[index] = slots[child]!
      index = child
    }
    keys[index] = time
    slots[index] = slot
  }

  /** The order of the next deliveries of two fan-outs that are due at one time. */
  private isFirst(slot: number, other: number): boolean {
    const { priorities, sequences } = this
    const difference = priorities[slot]! - priorities[other]!
    return difference === 0 ? sequences[slot]! < sequences[other]! : difference < 0
  }
}

/** A longer column that begins with what a shorter one held. */
function widened<column extends Float64Array | Int32Array>(from: column, to: column): column {
  to.set(from)
  return to
}

/** Checks what a caller gives: a time that can be scheduled now, and a target, for each event. */
export function expectDeliveries(
  count: number,
  times: Float64Array,
  targets: Int32Array,
  now: Time,
): void {
  if (count >>> 0 !== count || count > times.length || count > targets.length) {
    throw new BaseError('A fan-out needs a time and a target for each of its events.', {
      metaMessages: [`Found: ${count} events, ${times.length} times, ${targets.length} targets`],
    })
  }
  for (let index = 0; index < count; index++) {
    const time = times[index]!
    if (!(time >= now) || !Number.isSafeInteger(time)) throw new EventTimeError(time, now)
  }
}
