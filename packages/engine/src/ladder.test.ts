import { expect, test } from 'vitest'
import { exponential } from './distributions.ts'
import { EventQueue } from './eventQueue.ts'
import { createStream } from './streams.ts'

/** Pops everything; what was pushed last must be what comes last among equals. */
function expectSorted(queue: EventQueue, count: number): void {
  let [time, label] = [-1, -1]
  for (let index = 0; index < count; index++) {
    expect(queue.pop()).toBe(true)
    if (queue.time < time || (queue.time === time && queue.target < label)) {
      expect([queue.time, queue.target]).toEqual([time, label])
    }
    time = queue.time
    label = queue.target
  }
  expect(queue.pop()).toBe(false)
}

test('default: an event at the edge of a bucket is on the same side for push and refill', () => {
  const stream = createStream({ seed: 'edges', replication: 0, purpose: 'test' })
  for (const start of [0, 1, 12_345_677, 2 ** 40 + 1, 2 ** 52 + 3]) {
    const queue = new EventQueue()
    let label = 0
    // Buckets are powers of two wide from the earliest event on: edges, and one beside them.
    const push = (from: number): void => {
      const edge = start + 2 ** stream.below(20) * stream.below(1_024)
      const time = Math.max(from, edge + stream.below(3) - 1)
      queue.push(time, 0, 0, label++, 0, 0, 0)
    }
    for (let index = 0; index < 3_000; index++) push(start)
    let [time, target] = [start, -1]
    for (let index = 0; index < 10_000; index++) {
      queue.pop()
      const isLater = queue.time > time || (queue.time === time && queue.target > target)
      if (!isLater) expect([queue.time, queue.target]).toEqual([time, target])
      time = queue.time
      target = queue.target
      push(time)
    }
    expectSorted(queue, 3_000)
  }
})

test('behavior: times beyond 32 bits of buckets stay in order', () => {
  const queue = new EventQueue()
  const times = [2 ** 31, 2 ** 32, 2 ** 33, 2 ** 45, 2 ** 53 - 1]
  for (let label = 0; label < 2_000; label++) {
    const time = label % 4 === 0 ? times[(label >> 2) % times.length]! : label
    queue.push(time, 0, 0, label, 0, 0, 0)
    if (label === 1_000) queue.peek()
  }
  // The far ones of one time come as they were pushed, although some met a rung and some did not.
  expectSorted(queue, 2_000)
})

test('behavior: sentinels of the far future pile up no rungs', () => {
  const stream = createStream({ seed: 'sentinels', replication: 0, purpose: 'test' })
  const queue = new EventQueue()
  let rungs = 0
  const push = (): void => {
    const delay = stream.chance(0.01) ? 1e12 : stream.below(1_000_000)
    queue.push(queue.time + delay, 0, 0, 0, 0, 0, 0)
  }
  for (let index = 0; index < 5_000; index++) push()
  for (let index = 0; index < 100_000; index++) {
    queue.pop()
    push()
    rungs = Math.max(rungs, queue['ladder']['rungs'])
  }
  expect(rungs).toBeLessThan(8)
})

test('behavior: a crowd at one instant of a wide bucket is opened as it is', () => {
  const queue = new EventQueue()
  const crowd = 10_000
  for (let label = 0; label < crowd; label++) {
    queue.push(1_000_003, 0, 0, label, 0, 0, 0)
    queue.push(label * 1_000 + 7, 0, 0, label, 0, 0, 0)
  }
  for (let index = 0; index < 1_000; index++) queue.pop()
  for (let label = 0; label < crowd; label++) {
    queue.pop()
    if (queue.time !== 1_000_003 || queue.target !== label) {
      expect([queue.time, queue.target]).toEqual([1_000_003, label])
    }
  }
  expect(queue['ladder']['rungs']).toBeLessThan(6)
  expect(queue.size).toBe(crowd - 1_000)
})

test('behavior: places in the bottom are used again, wherever events are put in', () => {
  const queue = new EventQueue()
  const push = (time: number, priority: number): void => {
    queue.push(time, priority, 0, priority, 0, 0, 0)
  }
  const expectNoGrowth = (turn: () => void): void => {
    for (let index = 0; index < 2_000; index++) turn()
    const { bytes } = queue
    for (let index = 0; index < 20_000; index++) turn()
    expect(queue.bytes).toBe(bytes)
  }
  // One instant, so that they stay together: at the front, in the middle, at the end.
  for (let index = 0; index < 300; index++) push(5, index % 3 === 0 ? 1 : 20)
  expectNoGrowth(() => {
    for (const priority of [0, 0, 2, 30]) push(5, priority)
    for (let index = 0; index < 4; index++) queue.pop()
  })
  while (queue.pop());
  for (let index = 0; index < 20; index++) push(5, 1)
  expectNoGrowth(() => {
    for (const priority of [0, 2, 0]) push(5, priority)
    for (let index = 0; index < 3; index++) queue.pop()
  })
})

test.each([1_000, 20_000])('%d pending take the same memory however long they run', (pending) => {
  const stream = createStream({ seed: 'steady', replication: 0, purpose: 'test' })
  const queue = new EventQueue()
  const push = (): void => {
    queue.push(queue.time + Math.floor(exponential(stream, 1_000_000)), 0, 0, 0, 0, 0, 0)
  }
  const run = (turns: number): void => {
    for (let turn = 0; turn < turns; turn++) {
      queue.pop()
      push()
    }
  }
  for (let index = 0; index < pending; index++) push()
  run(20 * pending)
  const { bytes } = queue
  run(100 * pending)
  // A fuller bucket than ever before may still widen a column.
  expect(queue.bytes).toBeLessThanOrEqual(bytes * 1.15)
})
