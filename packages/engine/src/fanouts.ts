import { BaseError, EventTimeError } from './errors.ts'
import { sortDeliveries } from './sortDeliveries.ts'
import type { Time } from './time.ts'

/** One message on its way to many: its deliveries in order, and how far it came. */
type Fanout = {
  priority: number
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
 * is next of all; most of the time it is followed by one of the same fan-out, and nothing moves.
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

  /** The heap, and behind it fan-outs to be used again. */
  private heap: Fanout[] = []
  private room = 0

  get bytes(): number {
    return this.room * 16
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
    const fanout = this.spare(count)
    fanout.sequence = sequence
    fanout.priority = priority
    fanout.kind = kind
    fanout.a = a
    fanout.b = b
    fanout.c = c
    fanout.count = count
    fanout.next = 0
    sortDeliveries(fanout.ranks, times, count)
    for (let index = 0; index < count; index++) {
      const rank = fanout.ranks[index]!
      fanout.times[index] = times[rank]!
      fanout.targets[index] = targets[rank]!
    }
    this.pending += count
    this.siftUp(this.count++, fanout)
    this.show()
  }

  /** Goes on to the next delivery. */
  advance(): void {
    this.pending--
    const fanout = this.heap[0]!
    if (++fanout.next < fanout.count) {
      if (this.count > 1) this.siftDown(fanout)
      if (this.heap[0] === fanout) {
        // Of one fan-out, only these differ from one delivery to the next.
        const { next } = fanout
        this.time = fanout.times[next]!
        this.target = fanout.targets[next]!
        this.sequence = fanout.sequence + fanout.ranks[next]!
        return
      }
    } else {
      const last = this.heap[--this.count]!
      // What is finished stands behind the heap, to be used again.
      this.heap[this.count] = fanout
      if (this.count > 0) this.siftDown(last)
      else if (this.room > spareMax) this.drop()
    }
    if (this.count > 0) this.show()
  }

  private drop(): void {
    this.heap = []
    this.room = 0
  }

  private show(): void {
    const fanout = this.heap[0]!
    const { next } = fanout
    this.time = fanout.times[next]!
    this.priority = fanout.priority
    this.sequence = fanout.sequence + fanout.ranks[next]!
    this.kind = fanout.kind
    this.target = fanout.targets[next]!
    this.a = fanout.a
    this.b = fanout.b
    this.c = fanout.c
  }

  /** A fan-out with room for so many deliveries, taken from behind the heap. */
  private spare(count: number): Fanout {
    const { heap } = this
    // Not worth a search: columns only grow, and soon all are large enough.
    const fanout = heap.length > this.count ? heap[this.count]! : createFanout()
    if (fanout.times.length < count) {
      let capacity = 16
      while (capacity < count) capacity *= 2
      this.room += capacity - fanout.times.length
      fanout.times = new Float64Array(capacity)
      fanout.targets = new Int32Array(capacity)
      fanout.ranks = new Int32Array(capacity)
    }
    return fanout
  }

  private siftUp(from: number, fanout: Fanout): void {
    const { heap } = this
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(fanout, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = fanout
  }

  private siftDown(fanout: Fanout): void {
    const { heap, count } = this
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= count) break
      if (child + 1 < count && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, fanout)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = fanout
  }
}

function createFanout(): Fanout {
  return {
    ...{ priority: 0, kind: 0, a: 0, b: 0, c: 0, sequence: 0, count: 0, next: 0 },
    times: new Float64Array(0),
    targets: new Int32Array(0),
    ranks: new Int32Array(0),
  }
}

/** The total order of events, of the next deliveries of two fan-outs. */
function isBefore(one: Fanout, other: Fanout): boolean {
  const time = one.times[one.next]!
  const otherTime = other.times[other.next]!
  if (time !== otherTime) return time < otherTime
  if (one.priority !== other.priority) return one.priority < other.priority
  return one.sequence + one.ranks[one.next]! < other.sequence + other.ranks[other.next]!
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
