import { describe, expect, test } from 'vitest'
import { EventQueue, type EventHandle } from './eventQueue.ts'
import { createStream } from './streams.ts'

/** What the queue holds, in the order in which it gives it away. */
function drained(queue: EventQueue): number[] {
  const targets: number[] = []
  while (queue.pop()) targets.push(queue.target)
  return targets
}

const push = (queue: EventQueue, time: number, target: number, priority = 0): EventHandle =>
  queue.push(time, priority, 1, target, 2, 3, 4)

describe('order', () => {
  test('time, then priority, then the order of pushing', () => {
    const queue = new EventQueue()
    push(queue, 5, 0, 127)
    push(queue, 5, 1)
    push(queue, 5, 2, -128)
    push(queue, 5, 3)
    push(queue, 4, 4, 100)
    push(queue, 2 ** 53 - 1, 5)
    expect(drained(queue)).toEqual([4, 2, 1, 3, 0, 5])
  })

  test('a thousand events of one instant leave as they came', () => {
    const queue = new EventQueue()
    const targets = Array.from({ length: 5_000 }, (_, index) => index)
    for (const target of targets) push(queue, 7, target)
    expect(drained(queue)).toEqual(targets)
  })

  test('the fields of the queue are those of the event', () => {
    const queue = new EventQueue()
    queue.push(2 ** 50, -3, 9, -(2 ** 31), 2 ** 31 - 1, -1, 0)
    expect(queue.pop()).toBe(true)
    const { time, priority, kind, target, a, b, c } = queue
    expect([time, priority, kind, target, a, b, c]).toEqual([
      ...[2 ** 50, -3, 9, -(2 ** 31), 2 ** 31 - 1, -1, 0],
    ])
  })

  test('an empty queue', () => {
    const queue = new EventQueue()
    expect([queue.pop(), queue.peek(), queue.size]).toEqual([false, Infinity, 0])
  })
})

describe('cancellation', () => {
  test('takes one event out, once', () => {
    const queue = new EventQueue()
    const handles = [1, 2, 3].map((target) => push(queue, 9, target))
    expect(queue.cancel(handles[1]!)).toBe(true)
    expect(queue.cancel(handles[1]!)).toBe(false)
    expect(queue.size).toBe(2)
    expect(drained(queue)).toEqual([1, 3])
    expect(handles.map((handle) => queue.cancel(handle))).toEqual([false, false, false])
  })

  test('a handle of the past never hits the event that has its slot now', () => {
    const queue = new EventQueue()
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
    const queue = new EventQueue()
    push(queue, 1, 1)
    const wrong = [-1, 0.5, Number.NaN, Infinity, -Infinity, 1, 2 ** 26, 2 ** 53 - 1]
    expect(wrong.filter((handle) => queue.cancel(handle))).toEqual([])
    expect(queue.size).toBe(1)
  })

  test('when most events are cancelled the rest is kept, in order, and memory stays small', () => {
    const queue = new EventQueue()
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
    expect(queue.bytes).toBeLessThanOrEqual(1_024 * 48)
    // The handles are in the order of time.
    const latest = [...timers].sort(([, one], [, other]) => one - other).map(([timer]) => timer)
    expect(drained(queue).sort()).toEqual(latest.sort())
  })

  test('a slot is not used again when its handles would become inexact', () => {
    const queue = new EventQueue()
    push(queue, 0, 0)
    queue.pop()
    const { generations } = queue as unknown as { generations: Uint32Array }
    generations[0] = 2 ** 27 - 1
    const last = push(queue, 1, 1)
    expect(Number.isSafeInteger(last)).toBe(true)
    expect(last % 2 ** 26).toBe(0)
    expect(queue.cancel(last)).toBe(true)
    expect(queue.pop()).toBe(false)
    const next = push(queue, 2, 2)
    expect(next % 2 ** 26).toBe(1)
    expect([queue.cancel(last), queue.cancel(next)]).toEqual([false, true])
  })
})

describe('memory', () => {
  const count = 100_000
  const small = new EventQueue().bytes

  test('a peak is given back, and no old handle comes to life again', () => {
    const queue = new EventQueue()
    const old = Array.from({ length: count }, (_, index) => push(queue, index, index))
    const peak = queue.bytes
    expect(peak).toBeGreaterThan(count * 40)
    expect(peak).toBeLessThanOrEqual(2 ** 17 * 48)
    while (queue.size > 10) queue.pop()
    // The last ones hold on to their slots, not to the heap.
    expect(queue.bytes).toBeLessThan(peak * 0.6)
    drained(queue)
    expect(queue.bytes).toBe(small)
    for (let round = 0; round < 3; round++) {
      const fresh = Array.from({ length: count }, (_, index) => push(queue, index, index))
      expect(new Set([...old, ...fresh]).size).toBe(2 * count)
      expect(old.filter((handle) => queue.cancel(handle))).toEqual([])
      expect(drained(queue)).toHaveLength(count)
      old.splice(0, count, ...fresh)
    }
    expect(queue.bytes).toBe(small)
  })

  test('a late event does not keep the memory of a peak for ever', () => {
    const queue = new EventQueue()
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
    // Low slots are used first by now, so that the next late event is in nobody's way.
    const later = push(queue, 2 ** 51, -2)
    queue.pop()
    live()
    expect(queue.bytes).toBe(small)
    expect([queue.size, queue.cancel(later)]).toEqual([1, true])
  })

  test('cancelling gives back as well, and what is pending survives', () => {
    const queue = new EventQueue()
    const handles = Array.from({ length: count }, (_, index) => push(queue, index % 50, index))
    const keep = (index: number): boolean => index % 20_000 === 3
    handles.forEach((handle, index) => {
      if (!keep(index)) queue.cancel(handle)
    })
    expect(queue.size).toBe(5)
    expect(queue.bytes).toBeLessThan(2 ** 17 * 48 * 0.6)
    const kept = handles.filter((_, index) => keep(index))
    expect(queue.cancel(kept[1]!)).toBe(true)
    expect(drained(queue)).toEqual([3, 40_003, 60_003, 80_003])
    expect(queue.bytes).toBe(small)
  })
})
