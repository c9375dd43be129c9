import { describe, expect, test } from 'vitest'
import { AdaptiveQueue } from './adaptiveQueue.ts'
import { DoneSet } from './doneSet.ts'
import { EventQueue, type EventHandle } from './eventQueue.ts'
import { createStream } from './streams.ts'
import { WasmQueue } from './wasmQueue.ts'

type Numbers = [
  time: number,
  priority: number,
  kind: number,
  target: number,
  a: number,
  b: number,
  c: number,
]
type Entry = { numbers: Numbers; sequence: number }

/** Whether an event comes before another one: time, priority, and who was pushed first. */
function isBefore(one: Entry, other: Entry): boolean {
  for (const place of [0, 1]) {
    const difference = one.numbers[place]! - other.numbers[place]!
    if (difference !== 0) return difference < 0
  }
  return one.sequence < other.sequence
}

/** What is pending, in order, each event on its own. */
function createModel() {
  const entries: Entry[] = []
  return {
    entries,
    push: (numbers: Numbers, sequence: number): void => {
      let [low, high] = [0, entries.length]
      const entry = { numbers, sequence }
      while (low < high) {
        const middle = (low + high) >> 1
        if (isBefore(entry, entries[middle]!)) high = middle
        else low = middle + 1
      }
      entries.splice(low, 0, entry)
    },
    cancel: (sequence: number): boolean => {
      const at = entries.findIndex((entry) => entry.sequence === sequence)
      if (at >= 0) entries.splice(at, 1)
      return at >= 0
    },
  }
}

const taken = ({ time, priority, kind, target, a, b, c }: EventQueue | WasmQueue): Numbers => [
  ...([time, priority, kind, target, a, b, c] as const),
]

/** An `expect` costs more than the operations. */
function same(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected)
}

const queues = [
  ['JavaScript', () => new EventQueue()],
  ['WebAssembly', () => new WasmQueue()],
  ['the one and the other', () => new AdaptiveQueue(20, 16)],
] as const
type Create = (typeof queues)[number][1]

/**
 * Single events and fan-outs that start close together; where `crowd` is given, so many fan-outs
 * are on their way at a time that they become single events. `skipped` numbers are used up before.
 */
function mixed(create: Create, seed: string, skipped: number, crowd: number): void {
  const stream = createStream({ seed, replication: 0, purpose: 'queue' })
  const queue = create()
  const model = createModel()
  queue.pushFanout(0, 0, skipped, new Float64Array(skipped), new Int32Array(skipped), 0, 0, 0)
  for (let count = 0; count < skipped; count++) queue.pop()
  let sequence = skipped
  let now = 0
  const priorities = [0, 0, 10, -7]
  const numbersAt = (time: number, target: number): Numbers => {
    const priority = priorities[stream.below(priorities.length)]!
    return [time, priority, 1 + stream.below(900), target, sequence | 0, -sequence, 3 * sequence]
  }
  const fanOut = (): void => {
    const count = 1 + stream.below(crowd > 0 ? 40 : 12)
    const [, priority, kind, , ...payload] = numbersAt(0, 0)
    const times = Float64Array.from({ length: count }, () => now + stream.below(9))
    const targets = Int32Array.from({ length: count }, (_, index) => 7 * index)
    for (let index = 0; index < count; index++) {
      const numbers: Numbers = [times[index]!, priority, kind, targets[index]!, ...payload]
      model.push(numbers, sequence++)
    }
    queue.pushFanout(priority, kind, count, times, targets, ...payload)
  }
  const single = (): void => {
    const numbers = numbersAt(now + stream.below(9), -1)
    same(queue.push(...numbers), sequence)
    model.push(numbers, sequence++)
  }
  const take = (): void => {
    const next = model.entries[0]
    same(queue.peek() === Number.POSITIVE_INFINITY ? undefined : queue.peek(), next?.numbers[0])
    const until = now + stream.below(4)
    const isDue = next !== undefined && next.numbers[0] <= until
    same(queue.take(until), isDue)
    if (isDue) same(taken(queue), model.entries.shift()!.numbers)
    else now = until
  }
  for (let step = 0; step < 4_000; step++) {
    const isFew = model.entries.length < 20 * crowd + 30
    if (isFew && stream.chance(0.1)) fanOut()
    else if (isFew && stream.chance(0.4)) single()
    else if (stream.chance(0.05)) {
      const handle = skipped + stream.below(sequence - skipped + 1)
      // A delivery of a fan-out has no handle.
      const found = model.entries.find((entry) => entry.sequence === handle)
      if (found === undefined || found.numbers[3] === -1) {
        same(queue.cancel(handle), model.cancel(handle))
      }
    } else take()
    same(queue.size, model.entries.length)
  }
  while (model.entries.length > 0) {
    queue.pop()
    same(taken(queue), model.entries.shift()!.numbers)
  }
  same([queue.pop(), queue.size], [false, 0])
}

describe.each(queues)('single events and fan-outs: %s', (_, create) => {
  test.each([
    ['few at a time', 0, 0],
    ['many at a time', 0, 20],
    ['after more numbers than a block has', 65_500, 0],
    ['many, after more numbers than two blocks have', 131_000, 20],
  ])('leave in the order of a sorted list: %s', (name, skipped, crowd) => {
    for (const run of [1, 2]) mixed(create, `${name} ${run}`, skipped, crowd)
  })
})

test('numbers of fan-outs take no memory once all of a block are used up', () => {
  const done = new DoneSet()
  done.skip(7)
  const { bytes } = done
  for (let count = 0; count < 60; count++) {
    const first = done.skip(65_536)
    same([first, done.markNumber(first), done.markNumber(first + 65_535)], [
      ...[7 + 65_536 * count, false, false],
    ])
  }
  // Two blocks are open at most, and where each begins is one number.
  expect(done.bytes - bytes).toBeLessThan(2 * 8_192)
})

describe.each(queues)('crowds: %s', (_, create) => {
  test('most are cancelled while the events that are due next wait unsorted', () => {
    for (let run = 0; run < 8; run++) {
      const stream = createStream({ seed: `front ${run}`, replication: 0, purpose: 'queue' })
      const queue = create()
      const model = createModel()
      let sequence = 0
      const push = (time: number): EventHandle => {
        const numbers: Numbers = [time, stream.below(2), 5, sequence, 1, 2, 3]
        model.push(numbers, sequence++)
        return queue.push(...numbers)
      }
      const far = Array.from({ length: 2_000 }, () => push(1_000_000 + stream.below(1_000_000)))
      const pop = (): void => {
        same(queue.pop(), true)
        same(taken(queue), model.entries.shift()!.numbers)
      }
      pop()
      // Before all of those, in few instants: up to 96 are sorted at once, more are not.
      const near = [20, 90, 150, 400][run % 4]!
      for (let count = 0; count < near; count++) push(queue.time + stream.below(3))
      for (const handle of far) {
        if (stream.chance(run < 4 ? 0.9 : 0.75)) same(queue.cancel(handle), model.cancel(handle))
      }
      for (let count = 0; count < 30; count++) push(queue.time + stream.below(1_000_000))
      same(queue.size, model.entries.length)
      while (model.entries.length > 0) pop()
      same(queue.pop(), false)
    }
  })

  test.each([
    [0, 1],
    [-128, 127],
    [126, 127],
    [5, 5],
  ])('a crowd of one instant and the priorities %d and %d', (low, high) => {
    const queue = create()
    const model = createModel()
    for (let sequence = 0; sequence < 500; sequence++) {
      const numbers: Numbers = [9, sequence % 3 === 0 ? low : high, 1, sequence, 0, 0, 0]
      model.push(numbers, sequence)
      queue.push(...numbers)
    }
    for (const { numbers } of model.entries) {
      queue.pop()
      same(taken(queue), numbers)
    }
  })

  test.each([20, 200])('an urgent event joins the %d of the instant that is due', (count) => {
    const queue = create()
    for (let target = 0; target < count; target++) queue.push(5, 0, 1, target, 0, 0, 0)
    for (let target = 0; target < 10; target++) queue.pop()
    queue.push(5, -1, 1, -1, 0, 0, 0)
    queue.push(5, 0, 1, -2, 0, 0, 0)
    const targets: number[] = []
    while (queue.pop()) targets.push(queue.target)
    const left = Array.from({ length: count - 10 }, (_, index) => index + 10)
    expect(targets).toEqual([-1, ...left, -2])
  })

  test('many events just after a crowd of the near future, and long before all others', () => {
    const queue = create()
    const model = createModel()
    const stream = createStream({ seed: 'final bucket', replication: 0, purpose: 'queue' })
    let sequence = 0
    const push = (time: number): void => {
      const numbers: Numbers = [time, stream.below(2), 5, sequence, 1, 2, 3]
      model.push(numbers, sequence++)
      queue.push(...numbers)
    }
    const pop = (): void => {
      same(queue.pop(), true)
      same(taken(queue), model.entries.shift()!.numbers)
    }
    const start = 1_000_000
    push(start)
    for (let count = 0; count < 20_000; count++) push(start + 1_000 + stream.below(start))
    pop()
    for (let count = 0; count < 400; count++) push(start + stream.below(50))
    pop()
    for (let count = 0; count < 90; count++) push(start + 100 + stream.below(300))
    while (model.entries.length > 0) pop()
    same(queue.pop(), false)
  })
})
