import { recordWords, word } from './chunks.ts'
import { cloneState } from './cloneState.ts'
import { Digest } from './digest.ts'
import { blockBits, DoneSet } from './doneSet.ts'
import { OtherQueueError } from './errors.ts'
import { Fanouts } from './fanouts.ts'
import { Ladder } from './ladder.ts'
import type { Handover, SavedEvents } from './pendingEvents.ts'
import type { Time } from './time.ts'

/** Names a pending event, so that it can be cancelled. Never reused within a run. */
export type EventHandle = number

/** So many kinds of events can be told apart: one needs 16 bits. */
export const kindsMax = 65_536
/** With fewer events than this, cancelled ones simply stay until they are due. */
const rebuildMin = 256

/**
 * The pending events of a run, in typed columns.
 *
 * Events leave in a total order: time, then priority (−128 … 127, smaller first), then the sequence
 * in which they were pushed, which is also their handle. An event is a record of 32 bytes: its
 * time; its priority, kind and the upper bits of its sequence in one word; target, a, b, c; and the
 * lower bits. One bit per sequence says whether the event has happened or was cancelled; a
 * cancelled one stays where it is and is skipped, until more than half of all are cancelled.
 */
export class EventQueue {
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

  private ladder = new Ladder()
  private fanouts = new Fanouts()
  private done = new DoneSet()
  private taken = new Digest()
  /** How many events of the ladder are cancelled. */
  private cancelled = 0

  /** How many events are pending, cancelled ones left out. */
  get size(): number {
    return this.singles + this.fanouts.pending
  }

  /** As `size`, but for deliveries that are walked as one. */
  get singles(): number {
    return this.ladder.length - this.cancelled
  }

  /** The memory that the columns take. */
  get bytes(): number {
    return this.ladder.bytes + this.fanouts.bytes + this.done.bytes
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
    const { done, ladder } = this
    if (done.bit === blockBits) done.openBlock()
    const { block } = done
    const bit = done.bit++
    const record = ladder.place(this.due, priority)
    const { words } = ladder
    const at = record * recordWords
    words[at + word.head] = (priority << 24) | ((block >>> 16) << 16) | kind
    words[at + word.target] = target
    words[at + word.a] = a
    words[at + word.b] = b
    words[at + word.c] = c
    words[at + word.sequence] = (block << 16) | bit
    return block * blockBits + bit
  }

  /**
   * Pushes one event per target, at the time of the same index: exactly as so many calls of `push`
   * in this order, but without handles, and as one structure that is walked unless many are on
   * their way.
   */
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
    if (count === 0) return
    const { fanouts } = this
    if (!fanouts.isCrowded()) {
      fanouts.add(this.done.skip(count), priority, kind, count, times, targets, a, b, c)
      return
    }
    for (let index = 0; index < count; index++) {
      this.due = times[index]!
      this.pushDue(priority, kind, targets[index]!, a, b, c)
    }
  }

  /** Takes an event back. False where it has already happened or been cancelled. */
  cancel(handle: EventHandle): boolean {
    if (!this.done.markNumber(handle)) return false
    if (++this.cancelled * 2 > this.ladder.length && this.ladder.length > rebuildMin) this.rebuild()
    return true
  }

  /** The time of the next event, or Infinity where none is pending. */
  peek(): Time {
    const hasNext = this.findNext()
    if (this.fanouts.count > 0 && (!hasNext || this.isFanoutNext())) return this.fanouts.time
    return hasNext ? this.ladder.keys[this.ladder.first]! : Number.POSITIVE_INFINITY
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
    if (saved.constructor !== this.constructor) throw new OtherQueueError()
    Object.assign(this, saved.open())
  }

  /** Takes the next event into the fields of the queue. False where none is pending. */
  pop(): boolean {
    return this.take(Number.POSITIVE_INFINITY)
  }

  /** As `pop`, where the next event is not later than a time; otherwise it stays. */
  take(until: Time): boolean {
    const hasNext = this.findNext()
    if (this.fanouts.count > 0 && (!hasNext || this.isFanoutNext())) return this.takeFanout(until)
    if (!hasNext) return false
    const { ladder } = this
    const { first } = ladder
    const time = ladder.keys[first]!
    if (time > until) return false
    const at = ladder.order[first]! * recordWords
    ladder.first = first + 1
    ladder.length--
    const { words } = ladder
    const head = words[at + word.head]!
    this.time = time
    this.priority = head >> 24
    this.kind = head & 0xffff
    this.target = words[at + word.target]!
    this.a = words[at + word.a]!
    this.b = words[at + word.b]!
    this.c = words[at + word.c]!
    const low = words[at + word.sequence]!
    this.done.mark((head & 0xff0000) | (low >>> 16), low & 0xffff)
    this.taken.addEvent(this)
    return true
  }

  handOver(): Handover {
    const { time, priority, kind, target, a, b, c, done, ladder, fanouts } = this
    return {
      last: { time, priority, kind, target, a, b, c },
      digest: this.taken.lanes,
      fanouts,
      block: done.block,
      bit: done.bit,
      openIn: (block) => done.openIn(block),
      bitsOf: (block) => done.bitsOf(block),
      next: (record) => {
        if (!this.findNext()) return false
        const at = ladder.order[ladder.first++]! * recordWords
        ladder.length--
        record.set(ladder.words.subarray(at, at + recordWords))
        return true
      },
    }
  }

  /** Lets go of all that is pending, and of its memory. */
  protected clear(): void {
    this.ladder = new Ladder()
    this.fanouts = new Fanouts()
    this.done = new DoneSet()
    this.cancelled = 0
  }

  /** Goes on for another queue; nothing was pushed here before. */
  takeOver(from: Handover): this {
    const { done, ladder } = this
    Object.assign(this, from.last)
    this.taken = new Digest(from.digest)
    this.fanouts = from.fanouts
    for (let block = 0; block <= from.block; block++) {
      done.adoptBlock(from.openIn(block), () => from.bitsOf(block))
    }
    done.bit = from.bit
    const record = new Int32Array(recordWords)
    while (from.next(record)) ladder.adopt(record)
    return this
  }

  /** Brings the next event of the ladder to the front of its bottom. False where there is none. */
  private findNext(): boolean {
    const { ladder } = this
    for (;;) {
      if (ladder.first === ladder.last && !this.refill()) return false
      if (this.cancelled === 0) return true
      const record = ladder.order[ladder.first]!
      if (!this.isDone(ladder.words, record)) return true
      ladder.first++
      ladder.length--
      this.cancelled--
    }
  }

  private refill(): boolean {
    if (this.ladder.isSparse()) this.rebuild()
    return this.ladder.refill()
  }

  private isDone(words: Int32Array, record: number): boolean {
    const low = words[record * recordWords + word.sequence]!
    const head = words[record * recordWords + word.head]!
    return this.done.has((head & 0xff0000) | (low >>> 16), low & 0xffff)
  }

  /** Drops the cancelled events, and the memory of a peak. */
  private rebuild(): void {
    const isKept = (words: Int32Array, record: number): boolean => !this.isDone(words, record)
    this.ladder.rebuild(isKept)
    this.cancelled = 0
    this.done.shrink()
  }

  /** Whether the next delivery comes before the front of the bottom, in the total order. */
  private isFanoutNext(): boolean {
    const { fanouts, ladder } = this
    const time = ladder.keys[ladder.first]!
    if (fanouts.time !== time) return fanouts.time < time
    const at = ladder.order[ladder.first]! * recordWords
    const head = ladder.words[at + word.head]!
    if (fanouts.priority !== head >> 24) return fanouts.priority < head >> 24
    const low = ladder.words[at + word.sequence]!
    const block = (head & 0xff0000) | (low >>> 16)
    return fanouts.sequence < block * blockBits + (low & 0xffff)
  }

  private takeFanout(until: Time): boolean {
    const { fanouts } = this
    if (fanouts.time > until) return false
    this.time = fanouts.time
    this.priority = fanouts.priority
    this.kind = fanouts.kind
    this.target = fanouts.target
    this.a = fanouts.a
    this.b = fanouts.b
    this.c = fanouts.c
    fanouts.advance()
    this.taken.addEvent(this)
    return true
  }
}
