import { describe, expect, test } from 'vitest'
import { AdaptiveQueue } from './adaptiveQueue.ts'
import { EventQueue, type EventHandle } from './eventQueue.ts'
import { createStream } from './streams.ts'
import type { Core } from './wasmCore.ts'
import { WasmQueue, word } from './wasmQueue.ts'

/** What the queue holds, in the order in which it gives it away. */
function drained(queue: EventQueue | WasmQueue): number[] {
  const targets: number[] = []
  while (queue.pop()) targets.push(queue.target)
  return targets
}

/** What a queue keeps for a few thousand events to come. */
const retainedMax = 512 * 1_024

const push = (
  queue: EventQueue | WasmQueue,
  time: number,
  target: number,
  priority = 0,
): EventHandle => queue.push(time, priority, 1, target, 2, 3, 4)

/** As after so many blocks of 65,536 events, without having to push them. */
function skipTo(queue: EventQueue | WasmQueue, blocks: number): void {
  if (queue instanceof WasmQueue) {
    const inside = queue as unknown as { core: Core; words: Int32Array }
    for (let block = 1; block < blocks; block++) inside.core.adoptBlock(0)
    inside.words[word.bit] = 65_536
    return
  }
  const inside = queue as unknown as { done: { block: number; bit: number; bases: Int32Array } }
  const bases = new Int32Array(blocks + 2).fill(-1)
  bases.set(inside.done.bases.subarray(0, 1))
  Object.assign(inside.done, { block: blocks - 1, bit: 65_536, bases })
}

const queues = [
  ['JavaScript', () => new EventQueue()],
  ['WebAssembly', () => new WasmQueue()],
] as const

describe.each(queues)('order: %s', (_, create) => {
  test('time, then priority, then the order of pushing', () => {
    const queue = create()
    push(queue, 5, 0, 127)
    push(queue, 5, 1)
    push(queue, 5, 2, -128)
    push(queue, 5, 3)
    push(queue, 4, 4, 100)
    push(queue, 2 ** 53 - 1, 5)
    expect(drained(queue)).toEqual([4, 2, 1, 3, 0, 5])
  })

  test('a thousand events of one instant leave as they came', () => {
    const queue = create()
    const targets = Array.from({ length: 5_000 }, (_, index) => index)
    for (const target of targets) push(queue, 7, target)
    expect(drained(queue)).toEqual(targets)
  })

  test('the fields of the queue are those of the event', () => {
    const queue = create()
    queue.push(2 ** 50, -3, 9, -(2 ** 31), 2 ** 31 - 1, -1, 0)
    expect(queue.pop()).toBe(true)
    const { time, priority, kind, target, a, b, c } = queue
    expect([time, priority, kind, target, a, b, c]).toEqual([
      ...[2 ** 50, -3, 9, -(2 ** 31), 2 ** 31 - 1, -1, 0],
    ])
  })

  test('an empty queue', () => {
    const queue = create()
    expect([queue.pop(), queue.peek(), queue.size]).toEqual([false, Infinity, 0])
  })
})

describe.each(queues)('cancellation: %s', (_, create) => {
  test('takes one event out, once', () => {
    const queue = create()
    const handles = [1, 2, 3].map((target) => push(queue, 9, target))
    expect(queue.cancel(handles[1]!)).toBe(true)
    expect(queue.cancel(handles[1]!)).toBe(false)
    expect(queue.size).toBe(2)
    expect(drained(queue)).toEqual([1, 3])
    expect(handles.map((handle) => queue.cancel(handle))).toEqual([false, false, false])
  })

  test('a handle of the past never hits an event of today', () => {
    const queue = create()
    const handles: EventHandle[] = []
    for (let round = 0; round < 3_000; round++) {
      handles.push(push(queue, round, round))
      if (round % 3 === 0) queue.cancel(handles.at(-1)!)
      else queue.pop()
    }
    push(queue, 9_999, 7)
    expect(handles.filter((handle) => queue.cancel(handle))).toEqual([])
    expect(new Set(handles).size).toBe(handles.length)
    expect(drained(queue)).toEqual([7])
  })

  test('numbers that are no handles', () => {
    const queue = create()
    push(queue, 1, 1)
    const wrong = [-1, 0.5, Number.NaN, Infinity, -Infinity, 1, 2 ** 26, 2 ** 53 - 1]
    expect(wrong.filter((handle) => queue.cancel(handle))).toEqual([])
    expect(queue.size).toBe(1)
  })

  test('when most events are cancelled the rest is kept, in order, and memory stays small', () => {
    const queue = create()
    // Timers that are started again and again: one pending each, all others cancelled.
    const timers = new Map<number, EventHandle>()
    const stream = createStream({ seed: 'timers', replication: 0, purpose: 'test' })
    for (let round = 0; round < 200_000; round++) {
      const timer = stream.below(100)
      const previous = timers.get(timer)
      if (previous !== undefined && !queue.cancel(previous)) expect.unreachable()
      timers.set(timer, push(queue, 1_000_000 + round, timer))
    }
    expect(queue.size).toBe(100)
    expect(queue.bytes).toBeLessThanOrEqual(retainedMax)
    // The handles are in the order of time.
    const latest = [...timers].sort(([, one], [, other]) => one - other).map(([timer]) => timer)
    expect(drained(queue).sort()).toEqual(latest.sort())
  })

  test('a sequence of more than 32 bits, and an event that waited all that while', () => {
    const queue = create()
    const early = push(queue, 2 ** 50, 1)
    push(queue, 2 ** 50 + 1, 2)
    skipTo(queue, 2 ** 17)
    const late = push(queue, 2 ** 50, 3)
    expect(late).toBe(2 ** 33)
    expect(queue.size).toBe(3)
    expect(queue.cancel(late + 1)).toBe(false)
    expect(queue.cancel(early)).toBe(true)
    expect(drained(queue)).toEqual([3, 2])
    expect([early, late].map((handle) => queue.cancel(handle))).toEqual([false, false])
  })
})

const shrinking = [
  ['JavaScript', () => new EventQueue()],
  ['as it comes', () => new AdaptiveQueue()],
] as const

describe.each(shrinking)('memory: %s', (_, create) => {
  const count = 100_000
  test('a peak is given back, and no old handle comes to life again', () => {
    const queue = create()
    const old = Array.from({ length: count }, (_, index) => push(queue, index, index))
    const peak = queue.bytes
    expect(peak).toBeGreaterThan(count * 32)
    expect(peak).toBeLessThanOrEqual(count * 48)
    while (queue.size > 10) queue.pop()
    expect(queue.bytes).toBeLessThan(retainedMax)
    drained(queue)
    expect(queue.bytes).toBeLessThan(retainedMax)
    for (let round = 0; round < 3; round++) {
      const fresh = Array.from({ length: count }, (_, index) => push(queue, index, index))
      expect(new Set([...old, ...fresh]).size).toBe(2 * count)
      expect(old.filter((handle) => queue.cancel(handle))).toEqual([])
      expect(drained(queue)).toHaveLength(count)
      old.splice(0, count, ...fresh)
    }
    // What has come and gone several times is kept for a while.
    for (let call = 0; call < 600_000; call++) queue.cancel(-1)
    expect(queue.bytes).toBeLessThan(retainedMax)
  })

  test('a late event does not keep the memory of a peak for ever', () => {
    const queue = create()
    const live = (): void => {
      for (let index = 0; index < 2 * count; index++) {
        push(queue, index, index)
        queue.pop()
      }
    }
    for (let index = 0; index < count; index++) push(queue, index, index)
    push(queue, 2 ** 50, -1)
    while (queue.size > 1) queue.pop()
    live()
    const later = push(queue, 2 ** 51, -2)
    queue.pop()
    live()
    expect(queue.bytes).toBeLessThan(retainedMax)
    expect([queue.size, queue.cancel(later)]).toEqual([1, true])
  })

  test('cancelling gives back as well, and what is pending survives', () => {
    const queue = create()
    const handles = Array.from({ length: count }, (_, index) => push(queue, index % 50, index))
    const keep = (index: number): boolean => index % 20_000 === 3
    handles.forEach((handle, index) => {
      if (!keep(index)) queue.cancel(handle)
    })
    expect(queue.size).toBe(5)
    expect(queue.bytes).toBeLessThan(retainedMax)
    const kept = handles.filter((_, index) => keep(index))
    expect(queue.cancel(kept[1]!)).toBe(true)
    expect(drained(queue)).toEqual([3, 40_003, 60_003, 80_003])
    expect(queue.bytes).toBeLessThan(retainedMax)
  })
})
