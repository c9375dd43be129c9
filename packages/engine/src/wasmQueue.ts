import { cloneState } from './cloneState.ts'
import { digestStart, digestText } from './digest.ts'
import type { EventHandle } from './eventQueue.ts'
import { Fanouts } from './fanouts.ts'
import type { Handover, PendingEvents } from './pendingEvents.ts'
import type { Time } from './time.ts'
import { type Core, type CoreMemory, openCore } from './wasmCore.ts'

const pageBytes = 65_536
/**
 * The memory to begin with: 40 MB, a million events, of which only what is used is taken. Where one
 * grows, V8 compiles anew all code that reads columns; where it is larger, garbage is collected.
 */
const pagesMin = 640
const blockBits = 65_536
const handlesMax = 1_099_511_627_776
const blockBytes = 8_192
/** An event as a record; the state begins with the one that was taken last. */
const eventWords = 8

/** Where the state stands in the memory, and in which words of 32 bits: `assembly/memory.ts`. */
const stateAt = 64
/** @internal */
export const word = {
  ...{ head: 18, target: 19, a: 20, b: 21, c: 22, digestFirst: 24, digestSecond: 25 },
  ...{ length: 26, cancelled: 27, used: 28, block: 29, bit: 30 },
} as const
/** An event in the memory: the word of its head and that of the lower bits of its sequence. */
const eventWord = { head: 2, low: 7 } as const

/**
 * The pending events of a run: the same contract as `EventQueue`, to the last handle, in a memory
 * and by code of its own, half again as fast where there are many.
 *
 * The ladder, the marks of what has happened, and the digest are WebAssembly, made from
 * `assembly/`; deliveries that are walked as one stay here.
 */
export class WasmQueue implements Omit<PendingEvents, 'due' | 'pushDue' | 'restore' | 'save'> {
  /** The kind of the event taken last. */
  kind = 0

  private core!: Core
  private memory!: CoreMemory
  /** The memory in numbers of 64 and of 32 bits; looked up anew when it has grown. */
  private times!: Float64Array
  private words!: Int32Array
  private fanouts = new Fanouts()

  /**
   * @param bytes The memory that will be needed at once, if that is known to be much.
   * @throws where this host has no WebAssembly, or no memory for it.
   */
  constructor(bytes = 0) {
    this.begin(Math.max(pagesMin, Math.ceil(bytes / pageBytes)))
    this.words[word.digestFirst] = digestStart.first
    this.words[word.digestSecond] = digestStart.second
  }

  /** The event taken last. */
  get time(): Time {
    return this.times[stateAt / 8]!
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
    return this.singles + this.fanouts.pending
  }

  /** As `size`, but for deliveries that are walked as one. */
  get singles(): number {
    return this.words[word.length]! - this.words[word.cancelled]!
  }

  /** The memory that is in use. */
  get bytes(): number {
    return this.used + this.fanouts.bytes
  }

  /** Where what is in use ends. Beyond 2 GB an address is a negative integer of 32 bits. */
  private get used(): number {
    return this.words[word.used]! >>> 0
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
    return this.core.cancel(Math.floor(handle / blockBits), handle % blockBits) !== 0
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
    if (kind < 0) return false
    this.kind = kind
    return true
  }

  /** The digest of all events that were taken. */
  digest(): string {
    return digestText(this.words[word.digestFirst]!, this.words[word.digestSecond]!)
  }

  save(): SavedWasmQueue {
    const bytes = this.memory.buffer.slice(0, this.used)
    return new SavedWasmQueue(bytes, this.kind, cloneState(this.fanouts))
  }

  /** Goes on from what was saved; nothing was pushed here before. */
  load({ bytes, kind, fanouts }: SavedWasmQueue): this {
    new Uint8Array(this.memory.buffer).set(new Uint8Array(bytes))
    this.kind = kind
    this.fanouts = cloneState(fanouts)
    return this
  }

  handOver(): Handover {
    const { core, memory, words, fanouts } = this
    const { time, priority, kind, target, a, b, c } = this
    // Looked up for every use: what is asked for may make the memory grow.
    const view = (start: number, length: number): Int32Array =>
      new Int32Array(memory.buffer, start, length)
    return {
      last: { time, priority, kind, target, a, b, c },
      digest: { first: words[word.digestFirst]!, second: words[word.digestSecond]! },
      fanouts,
      block: words[word.block]!,
      bit: words[word.bit]!,
      openIn: core.openOf,
      bitsOf: (block) => view(core.bitsOf(block) >>> 0, blockBytes / 4),
      next: (record) => {
        if (core.extract() === 0) return false
        record.set(view(stateAt, eventWords))
        return true
      },
    }
  }

  /** Goes on for another queue; nothing was pushed here before. */
  takeOver(from: Handover): this {
    const { core } = this
    for (let block = 0; block <= from.block; block++) {
      const bits = core.adoptBlock(from.openIn(block))
      if (bits !== 0) this.words.set(from.bitsOf(block), bits >>> 2)
    }
    const record = new Int32Array(eventWords)
    while (from.next(record)) {
      this.words.set(record, stateAt / 4)
      core.adopt()
    }
    this.words[word.bit] = from.bit
    this.words[word.digestFirst] = from.digest.first
    this.words[word.digestSecond] = from.digest.second
    this.fanouts = from.fanouts
    this.show(from.last)
    return this
  }

  /** Begins with an empty memory. */
  private begin(pages: number): void {
    const { core, memory } = openCore(pages, () => this.look())
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
    const { fanouts } = this
    const { time, kind, target, a, b, c } = fanouts
    if (time > until) return false
    this.show(fanouts)
    fanouts.advance()
    this.core.digestEvent(time, kind, target, a, b, c)
    return true
  }

  /** Makes an event the one that was taken last. */
  private show({ time, priority, kind, target, a, b, c }: Handover['last']): void {
    const { words } = this
    this.times[stateAt / 8] = time
    this.kind = kind
    words[word.head] = priority << 24
    words[word.target] = target
    words[word.a] = a
    words[word.b] = b
    words[word.c] = c
  }
}

/** The memory of a queue, up to where it is in use. */
export class SavedWasmQueue {
  readonly bytes: ArrayBuffer
  readonly kind: number
  readonly fanouts: Fanouts

  constructor(bytes: ArrayBuffer, kind: number, fanouts: Fanouts) {
    this.bytes = bytes
    this.kind = kind
    this.fanouts = fanouts
  }

  open(): WasmQueue {
    return new WasmQueue(this.bytes.byteLength).load(this)
  }
}
