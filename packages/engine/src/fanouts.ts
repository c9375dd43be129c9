import { BaseError, EventTimeError } from './errors.ts'
import { sortDeliveries } from './sortDeliveries.ts'
import type { Time } from './time.ts'

/** One message on its way to many: its deliveries in order, and how far it came. */
type Fanout = {
  kind: number
  a: number
  b: number
  c: number
  /** The sequence of its first delivery, as they were given. */
  sequence: number
  times: Float64Array
  targets: Int32Array
  /** Which of the deliveries, as they were given, it is. */
  ranks: Int32Array
  count: number
  next: number
}

/** Spare columns for more deliveries than this are given back when nothing is on its way. */
const spareMax = 1_048_576

/**
 * Fan-outs on their way, in a binary heap by their next delivery. The fields show the delivery that
 * is next of all. Where hundreds are on their way, hardly two deliveries in a row are of the same
 * one, so what the heap compares stands in columns of its own.
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

  private fanouts: Fanout[] = []
  /** The heap: when the next delivery is due, and of which fan-out; behind it, free fan-outs. */
  private keys = new Float64Array(0)
  private slots = new Int32Array(0)
  /** By fan-out: what decides among deliveries of one time. */
  private priorities = new Int32Array(0)
  private sequences = new Float64Array(0)
  private room = 0

  get bytes(): number {
    return this.room * 16 + this.keys.length * 24
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
    const fanout = this.fanouts[slot]!
    fanout.sequence = sequence
    fanout.kind = kind
    fanout.a = a
    fanout.b = b
    fanout.c = c
    fanout.count = count
    fanout.next = 0
    const { ranks } = fanout
    sortDeliveries(ranks, times, count)
    for (let index = 0; index < count; index++) {
      const rank = ranks[index]!
      fanout.times[index] = times[rank]!
      fanout.targets[index] = targets[rank]!
    }
    this.priorities[slot] = priority
    this.sequences[slot] = sequence + ranks[0]!
    this.pending += count
    this.siftUp(this.count++, fanout.times[0]!, slot)
    this.show()
  }

  /** Goes on to the next delivery. */
  advance(): void {
    this.pending--
    const slot = this.slots[0]!
    const fanout = this.fanouts[slot]!
    const next = ++fanout.next
    if (next < fanout.count) {
      this.sequences[slot] = fanout.sequence + fanout.ranks[next]!
      this.siftDown(fanout.times[next]!, slot)
    } else {
      const last = --this.count
      const moved = this.slots[last]!
      const time = this.keys[last]!
      // What is finished stands behind the heap, to be used again.
      this.slots[last] = slot
      if (last > 0) this.siftDown(time, moved)
      else {
        if (this.room > spareMax) this.drop()
        return
      }
    }
    this.show()
  }

  private drop(): void {
    this.fanouts = []
    this.resize(0)
    this.room = 0
  }

  private show(): void {
    const slot = this.slots[0]!
    const fanout = this.fanouts[slot]!
    this.time = this.keys[0]!
    this.priority = this.priorities[slot]!
    this.sequence = this.sequences[slot]!
    this.kind = fanout.kind
    this.target = fanout.targets[fanout.next]!
    this.a = fanout.a
    this.b = fanout.b
    this.c = fanout.c
  }

  /** The place of a fan-out with room for so many deliveries, taken from behind the heap. */
  private spare(count: number): number {
    const { fanouts } = this
    if (fanouts.length === this.count) {
      if (this.count === this.keys.length) this.resize(Math.max(16, this.count * 2))
      this.slots[this.count] = fanouts.length
      fanouts.push(createFanout())
    }
    // Not worth a search: columns only grow, and soon all are large enough.
    const slot = this.slots[this.count]!
    const fanout = fanouts[slot]!
    if (fanout.times.length < count) {
      let capacity = 16
      while (capacity < count) capacity *= 2
      this.room += capacity - fanout.times.length
      fanout.times = new Float64Array(capacity)
      fanout.targets = new Int32Array(capacity)
      fanout.ranks = new Int32Array(capacity)
    }
    return slot
  }

  private resize(length: number): void {
    this.keys = resized(this.keys, new Float64Array(length))
    this.slots = resized(this.slots, new Int32Array(length))
    this.priorities = resized(this.priorities, new Int32Array(length))
    this.sequences = resized(this.sequences, new Float64Array(length))
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

/** The column that has room for more, or less, with what it held. */
function resized<column extends Float64Array | Int32Array>(from: column, to: column): column {
  to.set(from.subarray(0, to.length))
  return to
}

function createFanout(): Fanout {
  return {
    ...{ kind: 0, a: 0, b: 0, c: 0, sequence: 0, count: 0, next: 0 },
    times: new Float64Array(0),
    targets: new Int32Array(0),
    ranks: new Int32Array(0),
  }
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
