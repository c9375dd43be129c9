import { BaseError, EventTimeError } from './errors.ts'
import { type DeliveryStore, delivery, sortDeliveries } from './sortDeliveries.ts'
import type { Time } from './time.ts'

/** Bytes of the spare store above which it is given back when nothing is on its way. */
const spareMax = 16_777_216
/**
 * With more fan-outs on their way than this, hardly two deliveries in a row are of one, and walking
 * them takes longer than the ladder; so many fan-outs become single events before a walk is tried
 * again.
 */
const fanoutsMax = 16
const crowdedFanouts = 1_024
/** Columns of a fan-out that stay the same, and its next delivery and the end of its deliveries. */
const fact = { kind: 0, a: 1, b: 2, c: 3, next: 4, end: 5, start: 6, capacity: 7 } as const
const factWords = 8

/**
 * Fan-outs on their way, in a binary heap by their next delivery. The fields show the delivery that
 * is next of all. Where hundreds are on their way, hardly two deliveries in a row are of the same
 * one: what the heap compares stands in columns of its own, and a delivery in one place of memory.
 * Where few are, one is walked up to the next delivery of another, and the heap learns of it then.
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
  /** The deliveries, in the order of each fan-out, and how much of the store is in use. */
  private store: DeliveryStore = createStore(0)
  private used = 0
  /** Of the fan-out whose delivery is shown: where that is, and the end of its deliveries. */
  private next = 0
  private end = 0
  private origin = 0
  /** How many fan-outs more become single events. */
  private crowded = 0
  /** When the next delivery of another fan-out is due, µs; Infinity where there is none. */
  private rival: Time = Number.POSITIVE_INFINITY

  get bytes(): number {
    return this.store.times.byteLength + this.keys.length * (32 + factWords * 4)
  }

  /** Whether the next fan-out had better become single events; to be asked once for each. */
  isCrowded(): boolean {
    if (this.crowded > 0) this.crowded--
    else if (this.count >= fanoutsMax) this.crowded = crowdedFanouts
    return this.crowded > 0
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
    sortDeliveries(this.store, start, times, targets, count)
    if (this.count > 0) this.settle()
    this.priorities[slot] = priority
    this.origins[slot] = sequence
    this.sequences[slot] = sequence + this.rankAt(start)
    this.pending += count
    this.siftUp(this.count++, this.store.times[start * 2]!, slot)
    this.show()
  }

  /** Goes on to the next delivery. */
  advance(): void {
    this.pending--
    const next = this.next + 1
    if (next < this.end) {
      this.next = next
      const time = this.store.times[next * 2]!
      const rank = this.rankAt(next)
      if (time < this.rival) {
        this.time = time
        this.target = this.store.words[next * delivery.words + delivery.target]!
        this.sequence = this.origin + rank
        return
      }
      const slot = this.slots[0]!
      this.facts[slot * factWords + fact.next] = next
      this.sequences[slot] = this.origin + rank
      this.siftDown(time, slot)
    } else {
      const last = --this.count
      const slot = this.slots[0]!
      const moved = this.slots[last]!
      const time = this.keys[last]!
      // What is finished stands behind the heap, to be used again.
      this.slots[last] = slot
      if (last > 0) this.siftDown(time, moved)
      else {
        if (this.store.times.byteLength > spareMax) this.drop()
        return
      }
    }
    this.show()
  }

  private rankAt(place: number): number {
    return this.store.words[place * delivery.words + delivery.rank]!
  }

  /** Tells the heap how far the fan-out at its head has come. */
  private settle(): void {
    const slot = this.slots[0]!
    this.keys[0] = this.time
    this.sequences[slot] = this.sequence
    this.facts[slot * factWords + fact.next] = this.next
  }

  private drop(): void {
    this.made = 0
    this.used = 0
    this.store = createStore(0)
  }

  private show(): void {
    const slot = this.slots[0]!
    const { facts } = this
    const at = slot * factWords
    const { keys } = this
    const next = facts[at + fact.next]!
    this.next = next
    this.end = facts[at + fact.end]!
    this.origin = this.origins[slot]!
    this.rival = Math.min(
      this.count > 1 ? keys[1]! : Number.POSITIVE_INFINITY,
      this.count > 2 ? keys[2]! : Number.POSITIVE_INFINITY,
    )
    this.time = keys[0]!
    this.priority = this.priorities[slot]!
    this.sequence = this.sequences[slot]!
    this.kind = facts[at + fact.kind]!
    this.target = this.store.words[next * delivery.words + delivery.target]!
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
      if (this.used > this.store.times.length / 2) this.extend(this.used)
    }
    return slot
  }

  /** Makes room for so many deliveries. */
  private extend(deliveries: number): void {
    let length = Math.max(256, this.store.times.length)
    while (length < deliveries * 2) length *= 2
    const store = createStore(length)
    store.times.set(this.store.times)
    this.store = store
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

function createStore(length: number): DeliveryStore {
  const times = new Float64Array(length)
  return { times, words: new Int32Array(times.buffer) }
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
  if (!(times instanceof Float64Array && targets instanceof Int32Array)) {
    throw new BaseError('A fan-out takes its times as Float64Array, its targets as Int32Array.')
  }
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
