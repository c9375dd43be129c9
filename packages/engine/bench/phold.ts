import {
  createSimulation,
  exponential,
  type SimulationOptions,
  type Stream,
} from '../src/index.ts'
import type { PendingEvents } from '../src/pendingEvents.ts'
import { HeapQueue } from './heapQueue.ts'

/** Runs some events of a model. */
export type Load = { run: (events: number) => void }

const kinds = 4
const targets = 1_024
const meanDelay = 1_000_000

/** `Math.round` takes longer than the draw itself; for what is not negative this is the same. */
const wholeDelay = (stream: Stream): number => Math.floor(exponential(stream, meanDelay) + 0.5)

/**
 * PHOLD, the usual load for event queues, through the public API: every event schedules one of
 * another kind for a random target after an exponential delay, so that as many stay pending.
 */
export function createPhold(
  pending: number,
  queue?: SimulationOptions['queue'],
): Load & { digest: () => string } {
  const simulation = createSimulation({ seed: `phold ${pending}`, queue })
  const state = new Int32Array(targets)
  const schedule = (stream: Stream, count: number): void => {
    const delay = wholeDelay(stream)
    simulation.after(delay, count & (kinds - 1), stream.below(targets), count)
  }
  for (let kind = 0; kind < kinds; kind++) {
    const stream = simulation.stream('phold', kind)
    simulation.define(`hop ${kind}`, (target, count) => {
      state[target] = (state[target]! ^ (count + kind)) | 0
      schedule(stream, count + 1)
    })
  }
  const first = simulation.stream('phold/start')
  for (let index = 0; index < pending; index++) schedule(first, index)
  return {
    run: (events) => void simulation.run({ eventsMax: events }),
    digest: simulation.digest,
  }
}

/** The same load on a bare heap in typed columns: no digest, no checks, no errors. */
export function createHeapPhold(pending: number): Load {
  const queue = new HeapQueue()
  const state = new Int32Array(targets)
  const streams = streamsOf(pending)
  const schedule = (stream: Stream, count: number): void => {
    const delay = wholeDelay(stream)
    const kind = count & (kinds - 1)
    queue.push(queue.time + delay, 0, kind, stream.below(targets), count, 0, 0)
  }
  const handlers = streams.slice(1).map((stream, kind) => (target: number, count: number): void => {
    state[target] = (state[target]! ^ (count + kind)) | 0
    schedule(stream, count + 1)
  })
  for (let index = 0; index < pending; index++) schedule(streams[0]!, index)
  return {
    run: (events) => {
      for (let index = 0; index < events; index++) {
        queue.pop()
        handlers[queue.kind]!(queue.target, queue.a)
      }
    },
  }
}

type Entry = { time: number; sequence: number; action: () => void }

/** The same load on what one writes first: objects, closures and a binary heap. */
export function createClosurePhold(pending: number): Load {
  const streams = streamsOf(pending)
  const state = new Int32Array(targets)
  const heap: Entry[] = []
  let now = 0
  let sequence = 0

  const before = (one: Entry, other: Entry): boolean =>
    one.time < other.time || (one.time === other.time && one.sequence < other.sequence)

  const push = (entry: Entry): void => {
    let index = heap.push(entry) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (before(heap[parent]!, entry)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = entry
  }

  const pop = (): Entry => {
    const first = heap[0]!
    const last = heap.pop()!
    let index = 0
    for (let child = 1; child < heap.length; child = index * 2 + 1) {
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (before(last, heap[child]!)) break
      heap[index] = heap[child]!
      index = child
    }
    if (heap.length > 0) heap[index] = last
    return first
  }

  const schedule = (stream: Stream, count: number): void => {
    const time = now + wholeDelay(stream)
    const target = stream.below(targets)
    const kind = count & (kinds - 1)
    const action = (): void => {
      state[target] = (state[target]! ^ (count + kind)) | 0
      schedule(streams[kind + 1]!, count + 1)
    }
    push({ time, sequence: sequence++, action })
  }
  for (let index = 0; index < pending; index++) schedule(streams[0]!, index)
  return {
    run: (events) => {
      for (let index = 0; index < events; index++) {
        const entry = pop()
        now = entry.time
        entry.action()
      }
    },
  }
}

function streamsOf(pending: number): Stream[] {
  const simulation = createSimulation({ seed: `phold ${pending}` })
  const own = Array.from({ length: kinds }, (_, kind) => simulation.stream('phold', kind))
  return [simulation.stream('phold/start'), ...own]
}

/** Hold: takes an event and pushes one after the next delay of a table; nothing but the queue. */
export function createHold(
  queue: Pick<PendingEvents, 'push' | 'pop' | 'time' | 'target'>,
  pending: number,
  delays: Float64Array,
): Load {
  const mask = delays.length - 1
  let next = 0
  for (let index = 0; index < pending; index++) {
    queue.push(delays[next++ & mask]!, 0, 0, index, 0, 0, 0)
  }
  // Each queue gets code of its own: a call of both would be slower for both.
  const run = new Function(
    ...['queue', 'delays', 'from', 'events'],
    `for (let index = from; index < from + events; index++) {
      queue.pop()
      queue.push(queue.time + delays[index & ${mask}], 0, 0, queue.target, 0, 0, 0)
    }`,
  ) as (of: typeof queue, delays: Float64Array, from: number, events: number) => void
  return {
    run: (events) => {
      run(queue, delays, next, events)
      next = (next + events) & mask
    },
  }
}
