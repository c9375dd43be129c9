import { cloneState } from './cloneState.ts'
import { digestStart, digestText } from './digest.ts'
import { OtherQueueError } from './errors.ts'
import type { EventHandle } from './eventQueue.ts'
import { Fanouts } from './fanouts.ts'
import type { PendingEvents, SavedEvents } from './pendingEvents.ts'
import type { Time } from './time.ts'
import { type Core, type CoreMemory, openCore } from './wasmCore.ts'

/** What `take` and `cancel` return where the memory is that of a peak of long ago. */
const sparse = -2
const pageBytes = 65_536
const blockBits = 65_536
const handlesMax = 1_099_511_627_776
const blockBytes = 8_192
/** Bytes of the state that are the event taken last. */
const eventWords = 8

/** Where the state stands in the memory, counted in numbers of its size: `assembly/memory.ts`. */
const timeAt = 8
/** @internal */
export const word = {
  ...{ head: 18, target: 19, a: 20, b: 21, c: 22, digestFirst: 24, digestSecond: 25 },
  ...{ length: 26, cancelled: 27, used: 28, block: 29, bit: 30, lengthMax: 31 },
} as const
/** An event in the memory: the word of its head and that of the lower bits of its sequence. */
const eventWord = { head: 2, low: 7 } as const

/**
 * The pending events of a run: the same contract as `EventQueue`, to the last handle, in a memory
 * and by code of its own, half again as fast.
 *
 * The ladder, the marks of what has happened, and the digest are WebAssembly, made from
 * `assembly/`; deliveries that are walked as one stay here.
 */
export class WasmQueue implements PendingEvents {
  /** The time of the event to be pushed by `pushDue`. */
  due: Time = 0
  /** The kind of the event taken last. */
  kind = 0

  private core!: Core
  private memory!: CoreMemory
  /** The memory in numbers of 64 and of 32 bits; looked up anew when it has grown. */
  private times!: Float64Array
  private words!: Int32Array
  private fanouts = new Fanouts()

  /** @throws where this host has no WebAssembly, or no memory for it. */
  constructor() {
    this.begin()
    this.words[word.digestFirst] = digestStart.first
    this.words[word.digestSecond] = digestStart.second
  }

  /** The event taken last. */
  get time(): Time {
    return this.times[timeAt]!
  }
  get priority(): number {
    return this.words[word.head]! >> 24
  }
  get target(): number {
    return this.words[word.target]!
  }
  get a(): number {
    return this.words[word.a]!
  }
  get b(): number {
    return this.words[word.b]!
  }
  get c(): number {
    return this.words[word.c]!
  }

  /** How many events are pending, cancelled ones left out. */
  get size(): number {
    return this.words[word.length]! - this.words[word.cancelled]! + this.fanouts.pending
  }

  /** The memory that is in use. */
  get bytes(): number {
    return this.words[word.used]! + this.fanouts.bytes
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
    return this.core.push(time, priority, kind, target, a, b, c)
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
    return this.core.push(this.due, priority, kind, target, a, b, c)
  }

  /** One event per target, as `EventQueue.pushFanout`. */
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
    const { fanouts, core } = this
    if (!fanouts.isCrowded()) {
      fanouts.add(core.skip(count), priority, kind, count, times, targets, a, b, c)
      return
    }
    for (let index = 0; index < count; index++) {
      core.push(times[index]!, priority, kind, targets[index]!, a, b, c)
    }
  }

  /** Takes an event back. False where it has already happened or been cancelled. */
  cancel(handle: EventHandle): boolean {
    if (!(handle >= 0 && handle < handlesMax) || handle % 1 !== 0) return false
    const done = this.core.cancel(Math.floor(handle / blockBits), handle % blockBits)
    if (done === sparse) this.move()
    return done !== 0
  }

  /** The time of the next event, or Infinity where none is pending. */
  peek(): Time {
    const event = this.core.next()
    if (this.fanouts.count > 0 && this.isFanoutNext(event)) return this.fanouts.time
    return event === 0 ? Number.POSITIVE_INFINITY : this.times[event >>> 3]!
  }

  /** Takes the next event into the fields of the queue. False where none is pending. */
  pop(): boolean {
    return this.take(Number.POSITIVE_INFINITY)
  }

  /** As `pop`, where the next event is not later than a time; otherwise it stays. */
  take(until: Time): boolean {
    if (this.fanouts.count > 0 && this.isFanoutNext(this.core.next())) return this.takeFanout(until)
    const kind = this.core.take(until)
    if (kind < 0) {
      if (kind !== sparse) return false
      this.move()
      return this.take(until)
    }
    this.kind = kind
    return true
  }

  /** The digest of all events that were taken. */
  digest(): string {
    return digestText(this.words[word.digestFirst]!, this.words[word.digestSecond]!)
  }

  save(): SavedEvents {
    const bytes = this.memory.buffer.slice(0, this.words[word.used])
    return new SavedWasmQueue(bytes, this.kind, cloneState(this.fanouts))
  }

  restore(saved: SavedEvents): void {
    if (!(saved instanceof SavedWasmQueue)) throw new OtherQueueError()
    const missing = saved.bytes.byteLength - this.memory.buffer.byteLength
    if (missing > 0) this.memory.grow(Math.ceil(missing / pageBytes))
    this.look()
    const bytes = new Uint8Array(this.memory.buffer)
    bytes.set(new Uint8Array(saved.bytes))
    // What is not in use is taken to be zero.
    bytes.fill(0, saved.bytes.byteLength)
    this.kind = saved.kind
    this.fanouts = cloneState(saved.fanouts)
  }

  /** Begins with an empty memory. */
  private begin(): void {
    const { core, memory } = openCore(() => this.look())
    this.core = core
    this.memory = memory
    this.look()
    this.core.begin()
  }

  private look(): void {
    const { buffer } = this.memory
    this.times = new Float64Array(buffer)
    this.words = new Int32Array(buffer)
  }

  /** Whether the next delivery comes before an event of the memory, in the total order. */
  private isFanoutNext(event: number): boolean {
    if (event === 0) return true
    const { fanouts, words } = this
    const time = this.times[event >>> 3]!
    if (fanouts.time !== time) return fanouts.time < time
    const at = event >>> 2
    const head = words[at + eventWord.head]!
    if (fanouts.priority !== head >> 24) return fanouts.priority < head >> 24
    const low = words[at + eventWord.low]! >>> 0
    return fanouts.sequence < ((head >>> 16) & 0xff) * 4_294_967_296 + low
  }

  private takeFanout(until: Time): boolean {
    const { fanouts, words } = this
    const { time, priority, kind, target, a, b, c } = fanouts
    if (time > until) return false
    this.times[timeAt] = time
    this.kind = kind
    words[word.head] = priority << 24
    words[word.target] = target
    words[word.a] = a
    words[word.b] = b
    words[word.c] = c
    fanouts.advance()
    this.core.digestEvent(time, kind, target, a, b, c)
    return true
  }

  /** After a peak: what is pending goes to a new memory, and the old one to the collector. */
  private move(): void {
    const { core: old, memory, words: from } = this
    const taken = from.slice(timeAt * 2, timeAt * 2 + eventWords)
    try {
      this.begin()
    } catch {
      // There is no other memory to be had: this one will do.
      from[word.lengthMax] = 0
      return
    }
    const { core } = this
    for (let block = 0; block <= from[word.block]!; block++) {
      const bits = core.adoptBlock(old.openOf(block))
      if (bits === 0) continue
      const source = old.bitsOf(block) / 4
      this.words.set(from.subarray(source, source + blockBytes / 4), bits / 4)
    }
    for (const at of [word.digestFirst, word.digestSecond, word.bit]) this.words[at] = from[at]!
    while (old.extract() !== 0) {
      // Looked up anew: the old memory may have grown once more.
      this.words.set(new Int32Array(memory.buffer, timeAt * 8, eventWords), timeAt * 2)
      core.adopt()
    }
    this.words.set(taken, timeAt * 2)
  }
}

/** The memory of a queue, up to where it is in use. */
class SavedWasmQueue implements SavedEvents {
  readonly bytes: ArrayBuffer
  readonly kind: number
  readonly fanouts: Fanouts

  constructor(bytes: ArrayBuffer, kind: number, fanouts: Fanouts) {
    this.bytes = bytes
    this.kind = kind
    this.fanouts = fanouts
  }

  open(): PendingEvents {
    const queue = new WasmQueue()
    queue.restore(this)
    return queue
  }
}
