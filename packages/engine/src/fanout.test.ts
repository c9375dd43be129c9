import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EventPayloadError, EventTimeError } from './errors.ts'
import { EventQueue } from './eventQueue.ts'
import { createSimulation, type Simulation } from './simulation.ts'
import { delivery, sortDeliveries } from './sortDeliveries.ts'
import { createStream } from './streams.ts'

type Spread = 'ties' | 'even' | 'crowded' | 'sorted'

/** Offsets of a fan-out's deliveries. */
function offsets(spread: Spread, count: number, seed: number): Float64Array {
  const stream = createStream({ seed: `fanout ${seed}`, replication: 0, purpose: spread })
  const of: Record<Spread, () => number> = {
    ties: () => stream.below(4),
    even: () => stream.below(5_000),
    crowded: () => Math.floor(2 ** (stream.uniform() * 45)),
    sorted: () => stream.below(1_000),
  }
  const times = Float64Array.from({ length: count }, of[spread])
  return spread === 'sorted' ? times.sort() : times
}

type Action = { spread: Spread; count: number; priority: number; seed: number; gap: number }

/**
 * A run in which broadcasts and single events, of two priorities, start at once and from within
 * each other. Returns all that happened in order, and the digest.
 */
function runWith(
  actions: readonly Action[],
  ties: 'fifo' | 'shuffle',
  fanout: (simulation: Simulation) => Simulation['fanout'],
): unknown[] {
  const simulation = createSimulation({ seed: 'fanout', ties })
  const send = fanout(simulation)
  const seen: unknown[] = []
  const note = (target: number, a: number): void => void seen.push([simulation.now(), target, a])
  const kinds = [0, 20].map((priority) => simulation.define(`note ${priority}`, note, priority))
  const start = simulation.define('start', (index) => {
    const { spread, count, priority, seed } = actions[index]!
    const times = offsets(spread, count, seed).map((offset) => simulation.now() + offset)
    const targets = Int32Array.from({ length: count }, (_, target) => target * 3)
    const cancelled = simulation.after(1, kinds[0]!, -1, index)
    simulation.after(2, kinds[priority]!, -2, index)
    send(kinds[priority]!, count, times, targets, index, 5, -6)
    simulation.after(2, kinds[priority]!, -3, index)
    simulation.cancel(cancelled)
    seen.push([simulation.pending()])
  })
  let time = 0
  actions.forEach(({ gap }, index) => simulation.at((time += gap), start, index))
  simulation.run({ until: 500 })
  simulation.run({ eventsMax: 20 })
  simulation.run()
  return [...seen, simulation.digest(), simulation.events(), simulation.pending()]
}

const together = (simulation: Simulation): Simulation['fanout'] => simulation.fanout
const oneByOne =
  (simulation: Simulation): Simulation['fanout'] =>
  (kind, count, times, targets, a, b, c) => {
    for (let index = 0; index < count; index++) {
      simulation.at(times[index]!, kind, targets[index]!, a, b, c)
    }
  }

const action = fc.record({
  spread: fc.constantFrom<Spread>('ties', 'even', 'crowded', 'sorted'),
  count: fc.oneof(fc.nat(5), fc.nat(300)),
  priority: fc.nat(1),
  seed: fc.nat(9),
  gap: fc.constantFrom(0, 0, 1, 2, 100),
})

describe('fan-out', () => {
  test.each(['fifo', 'shuffle'] as const)('equals as many single events, ties %s', (ties) => {
    const property = fc.property(fc.array(action, { maxLength: 12 }), (actions) => {
      expect(runWith(actions, ties, together)).toEqual(runWith(actions, ties, oneByOne))
    })
    fc.assert(property, fuzzParameters(60))
  })

  test('a run that is restored in the middle of a fan-out goes on as it did', () => {
    const simulation = createSimulation({ seed: 'restore' })
    const kind = simulation.define('note', () => {})
    for (const seed of [1, 2, 3]) {
      const times = offsets('even', 500, seed)
      simulation.fanout(kind, 500, times, new Int32Array(500).fill(seed))
    }
    simulation.run({ eventsMax: 700 })
    const snapshot = simulation.snapshot()
    simulation.run()
    const digest = simulation.digest()
    simulation.restore(snapshot)
    expect(simulation.pending()).toBe(800)
    simulation.run()
    expect([simulation.digest(), simulation.events()]).toEqual([digest, 1_500])
  })

  test('what cannot be scheduled leaves nothing behind', () => {
    const simulation = createSimulation({ seed: 'bad' })
    const kind = simulation.define('note', () => {})
    simulation.run({ until: 10 })
    const targets = new Int32Array(2)
    const send = (...times: number[]): void =>
      simulation.fanout(kind, 2, Float64Array.from(times), targets)
    expect(() => send(11, 9)).toThrow(EventTimeError)
    expect(() => send(11, 12.5)).toThrow(EventTimeError)
    expect(() => send(11)).toThrow('Found: 2 events, 1 times, 2 targets')
    const times = Float64Array.of(11, 12)
    expect(() => simulation.fanout(kind, 2, times, targets, 0.5)).toThrow(EventPayloadError)
    expect(() => simulation.fanout(7, 2, times, targets)).toThrow('No kind')
    expect(() => simulation.fanout(kind, -1, times, targets)).toThrow('a time and a target')
    const plain = [11, 12]
    for (const [when, whom] of [
      [plain, targets],
      [times, plain],
    ]) {
      const wrong = (): void => simulation.fanout(kind, 2, when as never, whom as never)
      expect(wrong).toThrow('times as Float64Array, its targets as Int32Array')
    }
    expect(() => simulation.fanout(kind, 0.5, times, targets)).toThrow('a time and a target')
    simulation.fanout(kind, 0, times, targets)
    expect(simulation.pending()).toBe(0)
  })
})

test('deliveries are sorted stably, whatever their times', () => {
  const property = fc.property(
    fc.constantFrom<Spread>('ties', 'even', 'crowded', 'sorted'),
    fc.integer({ min: 1, max: 3_000 }),
    fc.nat(),
    (spread, count, seed) => {
      const times = offsets(spread, count, seed)
      const targets = times.map((_, index) => index * 3)
      const store = new Float64Array((count + 5) * 2)
      const words = new Int32Array(store.buffer)
      sortDeliveries({ times: store, words }, 2, times, Int32Array.from(targets), count)
      const indices = Array.from(times.keys())
      const expected = indices.sort((one, two) => times[one]! - times[two]! || one - two)
      const found = expected.map((_, index) => (index + 2) * delivery.words)
      expect(found.map((at) => words[at + delivery.rank])).toEqual(expected)
      const foundTargets = found.map((at) => words[at + delivery.target])
      expect(foundTargets).toEqual(expected.map((one) => one * 3))
      expect(found.map((at) => store[at / 2])).toEqual(expected.map((one) => times[one]))
      const around = [...store.subarray(0, 4), ...store.subarray((count + 2) * 2)]
      expect(around).toEqual(Array(10).fill(0))
    },
  )
  fc.assert(property, fuzzParameters(100))
})

test('behavior: many on their way, then few, equal as many single events', () => {
  const run = (send: (simulation: Simulation) => Simulation['fanout']): unknown[] => {
    const simulation = createSimulation({ seed: 'crowd' })
    const fanout = send(simulation)
    const stream = simulation.stream('latency')
    const seen: number[] = []
    const kinds = [0, 20].map((priority) =>
      simulation.define(`hear ${priority}`, (target, a) => void seen.push(target, a), priority),
    )
    const targets = Int32Array.from([5, 6, 7, 8, 9])
    const start = simulation.define('start', (index) => {
      const times = Float64Array.from(targets, () => simulation.now() + stream.below(400))
      simulation.after(stream.below(400), kinds[index & 1]!, -1, index)
      fanout(kinds[(index >> 1) & 1]!, targets.length, times, targets, index)
      // Some 40 at a time, then hardly one, then 40 again.
      const gap = index > 2_000 && index < 4_000 ? 300 : 8
      if (index < 6_000) simulation.after(gap, start, index + 1)
    })
    simulation.at(0, start)
    simulation.run({ eventsMax: 7_000 })
    const snapshot = simulation.snapshot()
    simulation.run()
    const digest = simulation.digest()
    simulation.restore(snapshot)
    simulation.run()
    expect(simulation.digest()).toBe(digest)
    return [...seen, digest, simulation.pending()]
  }
  expect(run(together)).toEqual(run(oneByOne))
})

test('behavior: handles around fan-outs of any length stay their own', () => {
  const queue = new EventQueue()
  const handles: number[] = []
  // Lengths around a word of marks and a block of them, from places that are odd.
  for (const count of [1, 31, 32, 33, 63, 100, 65_536, 140_001, 7, 65_504]) {
    handles.push(queue.push(9, 0, 0, handles.length, 0, 0, 0))
    queue.pushFanout(0, 1, count, new Float64Array(count), new Int32Array(count), 0, 0, 0)
  }
  handles.push(queue.push(9, 0, 0, handles.length, 0, 0, 0))
  for (const [index, handle] of handles.entries()) {
    const next = handles[index + 1] ?? handle + 1
    // What lies between belongs to a fan-out, which cannot be cancelled.
    for (let other = handle + 1; other < next; other += 13) {
      if (queue.cancel(other)) expect(other).toBe(handle)
    }
    if (next > handle + 1) expect(queue.cancel(next - 1)).toBe(false)
    if (index % 2 === 0) expect([queue.cancel(handle), queue.cancel(handle)]).toEqual([true, false])
  }
  const left: number[] = []
  while (queue.pop()) if (queue.kind === 0) left.push(queue.target)
  expect(left).toEqual([1, 3, 5, 7, 9])
  expect(handles.some((handle) => queue.cancel(handle))).toBe(false)
})
