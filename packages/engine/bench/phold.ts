import { createSimulation, exponential } from '../src/index.ts'

/** Runs some events of a model. */
export type Phold = { run: (events: number) => void }

/**
 * PHOLD, the usual load for event queues: every event schedules one event for a random target
 * after an exponential delay, so that the number of pending events stays the same.
 */
export function createPhold(pending: number, targets = 1_024): Phold {
  const simulation = createSimulation({ seed: `phold ${pending}` })
  const stream = simulation.stream('phold')
  const state = new Int32Array(targets)
  const hop = simulation.define('hop', (target, count) => {
    state[target] = (state[target]! ^ (count + 1)) | 0
    schedule(count + 1)
  })
  const schedule = (count: number): void => {
    const delay = Math.round(exponential(stream, 1_000_000))
    simulation.after(delay, hop, stream.below(targets), count)
  }
  for (let index = 0; index < pending; index++) schedule(0)
  return { run: (events) => void simulation.run({ eventsMax: events }) }
}

type Entry = { time: number; sequence: number; action: () => void }

/** The same load on what one writes first: objects, closures and a binary heap. */
export function createBaseline(pending: number, targets = 1_024): Phold {
  const stream = createSimulation({ seed: `phold ${pending}` }).stream('phold')
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

  const schedule = (count: number): void => {
    const time = now + Math.round(exponential(stream, 1_000_000))
    const target = stream.below(targets)
    const action = (): void => {
      state[target] = (state[target]! ^ (count + 1)) | 0
      schedule(count + 1)
    }
    push({ time, sequence: sequence++, action })
  }
  for (let index = 0; index < pending; index++) schedule(0)
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
