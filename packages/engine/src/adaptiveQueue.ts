import { EventQueue, type EventHandle } from './eventQueue.ts'
import type { SavedEvents } from './pendingEvents.ts'
import type { Time } from './time.ts'
import { WasmQueue } from './wasmQueue.ts'

/** With more events pending than this, a memory of its own pays for what it takes to make one. */
const crowdMin = 8_192
/** With fewer than this part of a crowd, the memory is given back. */
const fewShare = 1 / 8
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
  /** Whether this host has once refused a memory. */
  private isRefused = false

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
    this.enter(saved.events.open() as WasmQueue)
  }

  /** Sees from time to time whether the other way would be the better one. */
  private look(): void {
    if (--this.calls === 0) this.adapt()
  }

  private adapt(): void {
    const { wasm, crowd } = this
    this.calls = this.callsBetween
    if (wasm !== undefined) {
      if (wasm.size >= crowd * fewShare) return
      this.wasm = undefined
      this.takeOver(wasm.handOver())
    } else if (this.size > crowd && !this.isRefused) {
      const opened = openWasmQueue()
      if (opened === undefined) this.isRefused = true
      else this.enter(opened.takeOver(this.handOver()))
    }
  }

  /** From now on all is in another queue. */
  private enter(wasm: WasmQueue): void {
    this.clear()
    this.wasm = wasm
    const { time, priority, kind, target, a, b, c } = wasm
    Object.assign(this, { time, priority, kind, target, a, b, c })
  }
}

function openWasmQueue(): WasmQueue | undefined {
  try {
    return new WasmQueue()
  } catch {
    // No WebAssembly, or no address space for another memory: the columns do the same.
    return undefined
  }
}

/** What was pending while it was a crowd. */
class SavedCrowd implements SavedEvents {
  readonly events: SavedEvents
  private readonly crowd: number

  constructor(events: SavedEvents, crowd: number) {
    this.events = events
    this.crowd = crowd
  }

  open(): AdaptiveQueue {
    const queue = new AdaptiveQueue(this.crowd)
    queue.restore(this)
    return queue
  }
}
