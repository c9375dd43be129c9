import { cloneState } from './cloneState.ts'
import { Digest, digestOf } from './digest.ts'
import { OtherQueueError } from './errors.ts'
import type { EventHandle } from './eventQueue.ts'
import type { SavedEvents } from './pendingEvents.ts'
import type { StreamKey } from './streams.ts'
import type { Time } from './time.ts'

type Pending = {
  time: Time
  priority: number
  /** Decides between events of one time and priority. */
  key: number
  sequence: number
  kind: number
  target: number
  a: number
  b: number
  c: number
  isCancelled: boolean
}

/**
 * Pending events whose ties are broken at random: among the events of one time and one priority
 * that are pending, each is as likely as any other to be next.
 *
 * The n-th event that a run schedules draws its place from (seed, replication, n) and from nothing
 * else, so the order does not depend on what else is pending or on how the queue works. What an
 * event schedules for its own instant joins the others that are left: it comes after its cause,
 * and before or after its siblings. The order is meant for checks, so this is a plain binary heap
 * of objects, several times slower than the columns of `EventQueue`.
 */
export class ShuffledQueue {
  /** The time of the event to be pushed by `pushDue`. */
  due: Time = 0
  /** The event taken last. */
  time: Time = 0
  priority = 0
  kind = 0
  target = 0
  a = 0
  b = 0
  c = 0

  private heap: Pending[] = []
  private readonly byHandle = new Map<EventHandle, Pending>()
  private readonly salts: readonly [number, number]
  private sequence = 0
  private readonly taken = new Digest()

  constructor({ seed, replication }: Pick<StreamKey, 'seed' | 'replication'>) {
    const digest = digestOf(JSON.stringify([seed, replication, 'ties']))
    this.salts = [Number.parseInt(digest.slice(0, 8), 16), Number.parseInt(digest.slice(8), 16)]
  }

  /** How many events are pending, cancelled ones left out. */
  get size(): number {
    return this.byHandle.size
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
    this.due = time
    return this.pushDue(priority, kind, target, a, b, c)
  }

  /** As `push`, at the time `due`. */
  pushDue(
    priority: number,
    kind: number,
    target: number,
    a: number,
    b: number,
    c: number,
  ): EventHandle {
    const time = this.due
    const sequence = this.sequence++
    const key = this.keyOf(sequence)
    const pending = { time, priority, key, sequence, kind, target, a, b, c, isCancelled: false }
    this.byHandle.set(sequence, pending)
    this.heap.push(pending)
    this.siftUp(this.heap.length - 1)
    return sequence
  }

  /** One event per target; nothing is to be gained from walking them as one here. */
  pushFanout(
    priority: number,
    kind: number,
    count: number,
    times: Float64Array,
    targets: Int32Array,
    a: number,
    b: number,
    c: number,
  ): void {
    for (let index = 0; index < count; index++) {
      this.push(times[index]!, priority, kind, targets[index]!, a, b, c)
    }
  }

  /** Takes an event back. False where it has already happened or been cancelled. */
  cancel(handle: EventHandle): boolean {
    const pending = this.byHandle.get(handle)
    if (pending === undefined) return false
    pending.isCancelled = true
    this.byHandle.delete(handle)
    // A sorted array is a heap.
    if (this.heap.length > 64 && this.heap.length > this.size * 2) {
      this.heap = [...this.byHandle.values()].sort((one, two) => (isBefore(one, two) ? -1 : 1))
    }
    return true
  }

  /** The time of the next event, or Infinity where none is pending. */
  peek(): Time {
    while (this.heap[0]?.isCancelled) this.removeTop()
    return this.heap[0]?.time ?? Number.POSITIVE_INFINITY
  }

  /** Takes the next event into the fields of the queue. False where none is pending. */
  pop(): boolean {
    if (this.peek() === Number.POSITIVE_INFINITY) return false
    const { time, priority, sequence, kind, target, a, b, c } = this.heap[0]!
    this.time = time
    this.priority = priority
    this.kind = kind
    this.target = target
    this.a = a
    this.b = b
    this.c = c
    this.byHandle.delete(sequence)
    this.removeTop()
    this.taken.addEvent(this)
    return true
  }

  /** As `pop`, where the next event is not later than a time; otherwise it stays. */
  take(until: Time): boolean {
    return this.peek() <= until && this.pop()
  }

  /** The digest of all events that were taken. */
  digest(): string {
    return this.taken.toString()
  }

  /** A queue like this one, which goes on by itself. */
  open(): this {
    return cloneState(this)
  }

  save(): SavedEvents {
    return this.open()
  }

  restore(saved: SavedEvents): void {
    if (!(saved instanceof ShuffledQueue)) throw new OtherQueueError()
    Object.assign(this, saved.open())
  }

  private keyOf(sequence: number): number {
    const high = Math.floor(sequence / 4_294_967_296)
    return mixed(mixed(sequence ^ this.salts[0]) ^ high ^ this.salts[1])
  }

  private removeTop(): void {
    const last = this.heap.pop()!
    if (this.heap.length === 0) return
    this.heap[0] = last
    this.siftDown()
  }

  private siftUp(from: number): void {
    const { heap } = this
    const pending = heap[from]!
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(pending, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = pending
  }

  private siftDown(): void {
    const { heap } = this
    const pending = heap[0]!
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, pending)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = pending
  }
}

/** Time, then priority, then the drawn place; two that drew the same keep their order. */
function isBefore(one: Pending, two: Pending): boolean {
  if (one.time !== two.time) return one.time < two.time
  if (one.priority !== two.priority) return one.priority < two.priority
  if (one.key !== two.key) return one.key < two.key
  return one.sequence < two.sequence
}

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the result. */
function mixed(value: number): number {
  let bits = value ^ (value >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
