import { SnapshotError } from './errors.ts'
import { EventQueue, type EventHandle } from './eventQueue.ts'
import type { SavedEvents } from './pendingEvents.ts'
import type { Time } from './time.ts'
import { type SavedWasmQueue, WasmQueue } from './wasmQueue.ts'

/** With more single events than this, a memory of its own pays for what it takes to make one. */
const crowdMin = 8_192
/** Where there are fewer than this part of a crowd, the memory is given back. */
const fewShare = 1 / 8
/**
 * So many looks at least a memory is kept, at first; twice as many each time that it was given
 * back, as crowds that come and go would have one made again and again.
 */
const keptFirst = 64
const keptMost = 4_096
/** As many calls between two looks at how many are pending. */
const callsBetween = 1_024

/**
 * The pending events of a run: in columns of its own while they are few, in a `WasmQueue` while
 * they are many and where the host has WebAssembly. What is handed out does not depend on it.
 */
export class AdaptiveQueue extends EventQueue {
  /** Holds all that is pending while there is one. */
  private wasm: WasmQueue | undefined = undefined
  /** Calls until the next look. */
  private calls: number
  private readonly crowd: number
  private readonly callsBetween: number
  /** How many looks there were since there is a memory, and how many there have to be. */
  private looks = 0
  private kept = keptFirst

  constructor(crowd = crowdMin, between = callsBetween) {
    super()
    this.crowd = crowd
    this.callsBetween = between
    this.calls = between
  }

  override get size(): number {
    return this.wasm === undefined ? super.size : this.wasm.size
  }

  override get bytes(): number {
    return super.bytes + (this.wasm?.bytes ?? 0)
  }

  override pushDue(
    priority: number,
    kind: number,
    target: number,
    a: number,
    b: number,
    c: number,
  ): EventHandle {
    this.look()
    const { wasm } = this
    if (wasm === undefined) return super.pushDue(priority, kind, target, a, b, c)
    return wasm.push(this.due, priority, kind, target, a, b, c)
  }

  override pushFanout(
    priority: number,
    kind: number,
    count: number,
    times: Float64Array,
    targets: Int32Array,
    a: number,
    b: number,
    c: number,
  ): void {
    this.look()
    if (this.wasm === undefined) {
      super.pushFanout(priority, kind, count, times, targets, a, b, c)
    } else this.wasm.pushFanout(priority, kind, count, times, targets, a, b, c)
  }

  override cancel(handle: EventHandle): boolean {
    this.look()
    return this.wasm === undefined ? super.cancel(handle) : this.wasm.cancel(handle)
  }

  override peek(): Time {
    return this.wasm === undefined ? super.peek() : this.wasm.peek()
  }

  override take(until: Time): boolean {
    this.look()
    const { wasm } = this
    if (wasm === undefined) return super.take(until)
    if (!wasm.take(until)) return false
    this.time = wasm.time
    this.priority = wasm.priority
    this.kind = wasm.kind
    this.target = wasm.target
    this.a = wasm.a
    this.b = wasm.b
    this.c = wasm.c
    return true
  }

  override digest(): string {
    return this.wasm === undefined ? super.digest() : this.wasm.digest()
  }

  override save(): SavedEvents {
    if (this.wasm === undefined) return super.save()
    return new SavedCrowd(this.wasm.save(), this.crowd)
  }

  override restore(saved: SavedEvents): void {
    if (!(saved instanceof SavedCrowd)) {
      super.restore(saved)
      return
    }
    this.enter(saved.openEvents())
  }

  /** Sees from time to time whether the other way would be the better one. */
  private look(): void {
    if (--this.calls === 0) this.adapt()
  }

  private adapt(): void {
    const { wasm, crowd } = this
    this.calls = this.callsBetween
    if (wasm !== undefined) {
      if (++this.looks < this.kept || wasm.singles >= crowd * fewShare) return
      this.kept = Math.min(this.kept * 2, keptMost)
      this.wasm = undefined
      this.takeOver(wasm.handOver())
    } else if (this.singles > crowd) {
      const opened = openWasmQueue()
      if (opened !== undefined) this.enter(opened.takeOver(this.handOver()))
    }
  }

  /** From now on all is in another queue. */
  private enter(wasm: WasmQueue): void {
    this.clear()
    this.wasm = wasm
    this.looks = 0
    const { time, priority, kind, target, a, b, c } = wasm
    Object.assign(this, { time, priority, kind, target, a, b, c })
  }
}

/** Whether this host has refused a memory: before it does, it looks long for what it can free. */
let isRefused = false

function openWasmQueue(): WasmQueue | undefined {
  if (isRefused) return undefined
  try {
    return new WasmQueue()
  } catch {
    // No WebAssembly, or no address space for another memory: the columns do the same.
    isRefused = true
    return undefined
  }
}

/** What was pending while it was a crowd. */
class SavedCrowd implements SavedEvents {
  private readonly events: SavedWasmQueue
  private readonly crowd: number

  constructor(events: SavedWasmQueue, crowd: number) {
    this.events = events
    this.crowd = crowd
  }

  openEvents(): WasmQueue {
    try {
      return this.events.open()
    } catch (cause) {
      throw new SnapshotError('There is no room for another memory of pending events.', {
        metaMessages: [
          'Let go of other simulations, or make all of them with `queue: \'javascript\'`.',
        ],
        cause,
      })
    }
  }

  open(): AdaptiveQueue {
    const queue = new AdaptiveQueue(this.crowd)
    queue.restore(this)
    return queue
  }
}
