import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HeapQueue } from '../bench/heapQueue.ts'
import { AdaptiveQueue } from './adaptiveQueue.ts'
import { EventQueue, type EventHandle } from './eventQueue.ts'
import { createStream } from './streams.ts'
import { WasmQueue } from './wasmQueue.ts'

type Entry = { time: number; priority: number; label: number; code: number; handle: EventHandle }

/** The same contract on a sorted array: too slow to use, too simple to be wrong. */
function createOracle() {
  const entries: Entry[] = []
  return {
    entries,
    push: (entry: Entry): void => {
      let index = entries.length
      const isLater = ({ time, priority }: Entry): boolean =>
        time > entry.time || (time === entry.time && priority > entry.priority)
      while (index > 0 && isLater(entries[index - 1]!)) index--
      entries.splice(index, 0, entry)
    },
    cancel: (handle: EventHandle): boolean => {
      const index = entries.findIndex((entry) => entry.handle === handle)
      if (index >= 0) entries.splice(index, 1)
      return index >= 0
    },
  }
}

/** Ties, near and far times, and times before those that have been taken already. */
const delays = [0, 0, 0, 1, 1, 2, 5, 1_000, 12_000_000, 2 ** 40, 2 ** 52, -3]
const priorities = [0, 0, 0, 10, 20, 100, -128, 127]

/** Which operations are frequent; each run lives mostly by one of these. */
const mixtures = ['++++-', '+++---', '++xx-', '+xxxx+', '+-', '++--xp', '++++++', '------+x']

/** An `expect` costs more than all operations together. */
function same<value>(found: value, expected: value): void {
  if (found !== expected) expect(found).toBe(expected)
}

/** Executes operations, each coded as one number, on both and compares. Returns how many. */
function agree(queue: EventQueue | WasmQueue | HeapQueue, codes: readonly number[]): number {
  const oracle = createOracle()
  const issued: EventHandle[] = []
  let mixture = mixtures[0]!
  let now = 0
  codes.forEach((code, label) => {
    if (label % 256 === 0) mixture = mixtures[code % mixtures.length]!
    const operation = mixture[(code >>> 3) % mixture.length]!
    const choice = code >>> 8
    if (operation === '+') {
      const delay = delays[choice % delays.length]!
      const time = Math.min(Math.max(0, now + delay), Number.MAX_SAFE_INTEGER)
      const priority = priorities[(choice >>> 5) % priorities.length]!
      const handle = queue.push(time, priority, label % 7, label, ~label, code | 0, 7 * label)
      issued.push(handle)
      oracle.push({ time, priority, label, code, handle })
    } else if (operation === '-') {
      const next = oracle.entries.shift()
      same(queue.pop(), next !== undefined)
      if (next === undefined) return
      same(queue.time, next.time)
      same(queue.priority, next.priority)
      same(queue.target, next.label)
      same(queue.a, ~next.label)
      same(queue.b, next.code | 0)
      same(queue.c, 7 * next.label)
      same(queue.kind, next.label % 7)
      now = next.time
    } else if (operation === 'x') {
      const handle = issued[choice % Math.max(1, issued.length)] ?? choice
      same(queue.cancel(handle), oracle.cancel(handle))
    } else same(queue.peek(), oracle.entries[0]?.time ?? Number.POSITIVE_INFINITY)
    same(queue.size, oracle.entries.length)
  })
  return codes.length
}

describe.each([
  ['the ladder', () => new EventQueue()],
  ['the ladder in WebAssembly', () => new WasmQueue()],
  ['the one and the other', () => new AdaptiveQueue(20, 16)],
  ['the heap of the benchmarks', () => new HeapQueue()],
])('%s', (_, create) => {
  test('any sequence of push, pop, cancel and peek gives the order of a sorted array', () => {
    let operations = 0
    const codes = fc.array(fc.nat(2 ** 31 - 1), { maxLength: 3_000, size: 'max' })
    const property = fc.property(codes, (sequence) => {
      operations += agree(create(), sequence)
    })
    const parameters = fuzzParameters(200)
    fc.assert(property, parameters)
    if (parameters.path === undefined) {
      expect(operations).toBeGreaterThan(parameters.numRuns! * 800)
    }
  })
})

/** Delays that are hard on a ladder, by a number in [0, 1); of the last two, eight times more. */
const patterns: Record<string, (u: number) => number> = {
  'all equal': () => 0,
  constant: () => 1_000_000,
  'mostly at once': (u) => (u < 0.9 ? 0 : Math.floor(u * 1_000_000)),
  slots: (u) => 12_000_000 * (1 + Math.floor(u * 4)),
  camel: (u) => (u < 0.5 ? Math.floor(u * 1_000) : Math.floor((1 + u) * 1_000_000)),
  'fifteen decades': (u) => Math.floor(2 ** (u * 50)),
  'far sentinels': (u) => (u < 0.02 ? 2 ** 51 : Math.floor(u * 1_000)),
  dense: (u) => Math.floor(u * 20),
  wide: (u) => Math.floor(u * 4_000_000),
  'wide, and ticks': (u) => Math.floor(u * 4_000) * (u < 0.5 ? 1_000 : 1) + Math.floor(u * 2),
}
const many = ['wide', 'wide, and ticks']

const queues = [
  ['JavaScript', () => new EventQueue()],
  ['WebAssembly', () => new WasmQueue()],
  ['the one and the other', () => new AdaptiveQueue(20, 16)],
] as const

const cases = Object.keys(patterns).flatMap((pattern) =>
  queues.map(([host, create]) => [pattern, host, create] as const),
)

test.each(cases)('thousands of events, %s, in %s: ladder and heap agree', (name, _, create) => {
  const factor = many.includes(name) ? 8 : 1
  const delay = patterns[name]!
  const stream = createStream({ seed: name, replication: 0, purpose: 'test' })
  const ladder = create()
  const heap = new HeapQueue()
  const handles: [EventHandle, EventHandle][] = []
  const push = (label: number): void => {
    const time = ladder.time + delay(stream.uniform())
    const priority = priorities[stream.below(priorities.length)]!
    const one = ladder.push(time, priority, 1, label, 2, 3, 4)
    handles.push([one, heap.push(time, priority, 1, label, 2, 3, 4)])
  }
  const pop = (): boolean => {
    const popped = ladder.pop()
    same(popped, heap.pop())
    same(ladder.time, heap.time)
    same(ladder.target, heap.target)
    return popped
  }
  const cancel = (): void => {
    const [one, other] = handles[stream.below(handles.length)]!
    same(ladder.cancel(one), heap.cancel(other))
  }
  // Grows, stays, is cancelled for the most part, is emptied; twice.
  for (let round = 0; round < 2; round++) {
    for (let label = 0; label < 8_000 * factor; label++) push(label)
    for (let label = 0; label < 30_000 + 4_000 * factor; label++) {
      if (pop()) push(label)
      if (label % 4 === 0) cancel()
    }
    for (let count = 0; count < 20_000 * factor; count++) cancel()
    for (let label = 0; label < 5_000; label++) if (pop()) push(label)
    while (pop());
    same(ladder.size, heap.size)
  }
})
