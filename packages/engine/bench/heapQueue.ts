import { BaseError, type EventHandle, type Time } from '../src/index.ts'

/** A handle is the event's slot and how often that slot was used before: 26 and 27 bits. */
const slotsMax = 67_108_864
const generationsMax = 134_217_728
const sequencesMax = 17_592_186_044_416
const capacityMin = 1_024

/**
 * What `EventQueue` is measured against and compared with: the same contract on a heap in typed
 * columns, simple and good.
 *
 * Events leave in a total order: time, then priority (−128 … 127, smaller first), then the order in
 * which they were pushed. Priority and sequence share one number, so that a comparison looks at two
 * columns only. The heap has four children per node: half the depth of a binary heap, and the four
 * children stand in one cache line. A cancelled event stays where it is, marked, and is skipped
 * when it surfaces; when more than half of the heap is marked, the heap is rebuilt without them.
 */
export class HeapQueue {
  /** The event taken last. */
  time: Time = 0
  priority = 0
  kind = 0
  target = 0
  a = 0
  b = 0
  c = 0

  private times = new Float64Array(capacityMin)
  private orders = new Float64Array(capacityMin)
  private slots = new Int32Array(capacityMin)
  private kinds = new Int32Array(capacityMin)
  private payload = new Int32Array(4 * capacityMin)
  private generations = new Uint32Array(capacityMin)
  private free = new Int32Array(capacityMin)
  private freeCount = 0
  private slotCount = 0
  /** Above what any slot had that was given back, so that no handle comes twice. */
  private firstGeneration = 0
  /** The sequence at which to look again whether the slots of a peak can be given back. */
  private trimAt = Number.POSITIVE_INFINITY
  private length = 0
  private cancelled = 0
  private sequence = 0

  /** How many events are pending, cancelled ones left out. */
  get size(): number {
    return this.length - this.cancelled
  }

  /** The memory that the columns take. */
  get bytes(): number {
    return this.times.length * 20 + this.kinds.length * 28
  }

  push(
    time: Time,
    priority: number,
    kind: number,
    target: number,
    a: number,
    b: number,
    c: number,
  ): EventHandle {
    if (this.length === this.times.length) this.resizeHeap(this.length * 2)
    if (this.freeCount === 0 && this.slotCount === this.kinds.length) this.growSlots()
    const slot = this.freeCount > 0 ? this.free[--this.freeCount]! : this.slotCount++
    this.kinds[slot] = kind
    const at = slot * 4
    this.payload[at] = target
    this.payload[at + 1] = a
    this.payload[at + 2] = b
    this.payload[at + 3] = c
    const order = (priority + 128) * sequencesMax + this.sequence++
    this.siftUp(this.length++, time, order, slot)
    return this.generations[slot]! * slotsMax + slot
  }

  /** Takes an event back. False where it has already happened or been cancelled. */
  cancel(handle: EventHandle): boolean {
    const slot = handle % slotsMax
    if (slot >= this.slotCount) return false
    if (this.generations[slot] !== Math.floor(handle / slotsMax)) return false
    this.generations[slot] = this.generations[slot]! + 1
    this.kinds[slot] = -1
    if (++this.cancelled * 2 > this.length && this.length > 64) this.compact()
    return true
  }

  /** The time of the next event, or Infinity where none is pending. */
  peek(): Time {
    while (this.length > 0 && this.kinds[this.slots[0]!] === -1) {
      this.cancelled--
      this.releaseSlot(this.slots[0]!)
      this.removeTop()
    }
    return this.length === 0 ? Number.POSITIVE_INFINITY : this.times[0]!
  }

  /** Takes the next event into the fields of the queue. False where none is pending. */
  pop(): boolean {
    if (this.peek() === Number.POSITIVE_INFINITY) {
      if (this.isSparse()) this.shrink()
      return false
    }
    const slot = this.slots[0]!
    const at = slot * 4
    this.time = this.times[0]!
    this.priority = Math.floor(this.orders[0]! / sequencesMax) - 128
    this.kind = this.kinds[slot]!
    this.target = this.payload[at]!
    this.a = this.payload[at + 1]!
    this.b = this.payload[at + 2]!
    this.c = this.payload[at + 3]!
    this.generations[slot] = this.generations[slot]! + 1
    this.releaseSlot(slot)
    this.removeTop()
    if (this.isSparse()) this.shrink()
    return true
  }

  /** As `pop`, where the next event is not later than a time; otherwise it stays. */
  take(until: Time): boolean {
    return this.peek() <= until && this.pop()
  }

  private releaseSlot(slot: number): void {
    // A slot that has been used up is never used again: its next handle would not be exact.
    if (this.generations[slot]! < generationsMax) this.free[this.freeCount++] = slot
  }

  private removeTop(): void {
    const last = --this.length
    if (last > 0) this.siftDown(0, this.times[last]!, this.orders[last]!, this.slots[last]!)
  }

  private siftUp(from: number, time: number, order: number, slot: number): void {
    const { times, orders, slots } = this
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 2
      const parentTime = times[parent]!
      if (parentTime < time || (parentTime === time && orders[parent]! < order)) break
      times[index] = parentTime
      orders[index] = orders[parent]!
      slots[index] = slots[parent]!
      index = parent
    }
    times[index] = time
    orders[index] = order
    slots[index] = slot
  }

  private siftDown(from: number, time: number, order: number, slot: number): void {
    const { times, orders, slots, length } = this
    let index = from
    for (;;) {
      const first = index * 4 + 1
      if (first >= length) break
      let best = first
      let bestTime = times[first]!
      const end = first + 4 < length ? first + 4 : length
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child]!
        const earlier =
          childTime < bestTime || (childTime === bestTime && orders[child]! < orders[best]!)
        if (earlier) {
          best = child
          bestTime = childTime
        }
      }
      if (time < bestTime || (time === bestTime && order < orders[best]!)) break
      times[index] = bestTime
      orders[index] = orders[best]!
      slots[index] = slots[best]!
      index = best
    }
    times[index] = time
    orders[index] = order
    slots[index] = slot
  }

  /** Drops the cancelled events and builds the heap anew; the order is total, so it stays. */
  private compact(): void {
    let kept = 0
    for (let index = 0; index < this.length; index++) {
      const slot = this.slots[index]!
      if (this.kinds[slot] === -1) {
        this.releaseSlot(slot)
        continue
      }
      this.times[kept] = this.times[index]!
      this.orders[kept] = this.orders[index]!
      this.slots[kept++] = slot
    }
    this.length = kept
    this.cancelled = 0
    for (let index = (kept - 2) >> 2; index >= 0; index--) {
      this.siftDown(index, this.times[index]!, this.orders[index]!, this.slots[index]!)
    }
    if (this.isSparse()) this.shrink()
  }

  private isSparse(): boolean {
    if (this.times.length > capacityMin && this.length * 8 < this.times.length) return true
    return this.sequence >= this.trimAt || (this.length === 0 && this.trimAt < Infinity)
  }

  /** Gives back what a peak took: the heap's columns, and the slots above the highest in use. */
  private shrink(): void {
    let capacity = this.times.length
    while (capacity > capacityMin && this.length * 4 < capacity) capacity >>= 1
    this.resizeHeap(capacity)
    let used = 0
    for (let index = 0; index < this.length; index++) used = Math.max(used, this.slots[index]! + 1)
    let slotCapacity = this.kinds.length
    while (slotCapacity > capacityMin && used * 4 < slotCapacity) slotCapacity >>= 1
    let generation = this.firstGeneration
    for (let slot = used; slot < this.slotCount; slot++) {
      generation = Math.max(generation, this.generations[slot]!)
    }
    this.trimAt = Number.POSITIVE_INFINITY
    // The slots to come start there; they must have a life before them.
    if (generation > generationsMax / 2) return
    this.trimSlots(used, slotCapacity, generation)
    // Some event sits high up: from now on low slots are used first, so look again later.
    const isTall = slotCapacity > capacityMin && this.length * 8 < slotCapacity
    if (isTall) this.trimAt = this.sequence + slotCapacity
  }

  private trimSlots(used: number, capacity: number, generation: number): void {
    this.kinds = copied(new Int32Array(capacity), this.kinds, used)
    this.payload = copied(new Int32Array(capacity * 4), this.payload, used * 4)
    this.generations = copied(new Uint32Array(capacity), this.generations, used)
    this.generations.fill(generation, used)
    this.firstGeneration = generation
    this.slotCount = used
    const isPending = new Uint8Array(used)
    for (let index = 0; index < this.length; index++) isPending[this.slots[index]!] = 1
    this.free = new Int32Array(capacity)
    this.freeCount = 0
    for (let slot = used - 1; slot >= 0; slot--) if (isPending[slot] === 0) this.releaseSlot(slot)
  }

  private resizeHeap(capacity: number): void {
    this.times = copied(new Float64Array(capacity), this.times, this.length)
    this.orders = copied(new Float64Array(capacity), this.orders, this.length)
    this.slots = copied(new Int32Array(capacity), this.slots, this.length)
  }

  private growSlots(): void {
    const used = this.slotCount
    if (used === slotsMax) throw new BaseError(`More than ${slotsMax} events are pending.`)
    this.kinds = copied(new Int32Array(used * 2), this.kinds, used)
    this.payload = copied(new Int32Array(used * 8), this.payload, used * 4)
    this.generations = copied(new Uint32Array(used * 2), this.generations, used)
    this.generations.fill(this.firstGeneration, used)
    this.free = copied(new Int32Array(used * 2), this.free, used)
  }
}

function copied<column extends Float64Array | Int32Array | Uint32Array>(
  to: column,
  from: column,
  count: number,
): column {
  to.set(from.subarray(0, count))
  return to
}
