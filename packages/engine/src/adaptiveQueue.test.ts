import { afterEach, describe, expect, test, vi } from 'vitest'
import { createPhold } from '../bench/phold.ts'
import { createSmallWorld } from '../bench/smallWorld.ts'
import { AdaptiveQueue } from './adaptiveQueue.ts'
import { EventQueue } from './eventQueue.ts'
import { createQueue } from './queues.ts'
import { createSimulation, type SimulationOptions } from './simulation.ts'
import { ms } from './time.ts'
import { fork } from './timeTravel.ts'

afterEach(() => vi.unstubAllGlobals())

const isInMemory = (queue: AdaptiveQueue): boolean =>
  (queue as unknown as { wasm: unknown }).wasm !== undefined

describe('which queue', () => {
  const digestOf = (queue?: SimulationOptions['queue']): string => {
    const phold = createPhold(20_000, queue)
    phold.run(60_000)
    return phold.digest()
  }

  test('default: adaptive, which gives the same events', () => {
    expect(createQueue({ seed: 'x' })).toBeInstanceOf(AdaptiveQueue)
    expect(createQueue({ seed: 'x', queue: 'javascript' })).not.toBeInstanceOf(AdaptiveQueue)
    expect(digestOf()).toBe(digestOf('javascript'))
  })

  test('without WebAssembly the same events as well', async () => {
    const before = digestOf()
    vi.resetModules()
    vi.stubGlobal('WebAssembly', undefined)
    const { createPhold: create } = await import('../bench/phold.ts')
    const phold = create(20_000)
    phold.run(60_000)
    expect(phold.digest()).toBe(before)
  })

  test('error: a snapshot of a simulation with another queue', () => {
    const [one, other] = (['adaptive', 'javascript'] as const).map((queue) =>
      createSmallWorld({ seed: 'queues', queue }),
    )
    expect(() => one!.restore(other!.snapshot())).toThrow('with another kind of queue')
    expect(() => other!.restore(one!.snapshot())).toThrow('with another kind of queue')
  })
})

/** Few, many, few: with events cancelled, a fan-out on its way, and many numbers used. */
function upAndDown(queue: EventQueue): { seen: unknown; wasInMemory: boolean; isNow: boolean } {
  const count = 70_000
  const add = (time: number, target: number): number => queue.push(time, -3, 3, target, 1, -1, 9)
  const handles = Array.from({ length: count }, (_, index) => add(index, index))
  const late = [add(2 ** 40, -1), add(2 ** 40, -2), add(2 ** 39, -3)]
  const times = Float64Array.of(count, 2 ** 38, 2 ** 41)
  queue.pushFanout(0, 4, 3, times, Int32Array.of(10, 11, 12), 5, 6, 7)
  queue.cancel(late[1]!)
  const last = (): unknown[] => {
    const { time, priority, kind, target, a, b, c } = queue
    return [time, priority, kind, target, a, b, c, queue.size, queue.peek(), queue.digest()]
  }
  const isInside = (): boolean => queue instanceof AdaptiveQueue && isInMemory(queue)
  const wasInMemory = isInside()
  const seen = [last()]
  while (queue.size > 4) queue.pop()
  seen.push(last())
  // So that it looks once more.
  const taken = Array.from({ length: 1_100 }, () => queue.cancel(handles[5]!))
  expect(taken).not.toContain(true)
  const isNow = isInside()
  seen.push(last())
  seen.push([handles.at(-1)!, ...late].map((handle) => queue.cancel(handle)))
  seen.push([add(2 ** 39, -4), queue.size])
  while (queue.pop()) seen.push(last())
  return { seen, wasInMemory, isNow }
}

describe('to and fro', () => {
  test('a crowd has a memory of its own, and nothing is lost on the way there and back', () => {
    const { seen, wasInMemory, isNow } = upAndDown(new AdaptiveQueue())
    expect([wasInMemory, isNow]).toEqual([true, false])
    expect(seen).toEqual(upAndDown(new EventQueue()).seen)
  })

  test('behavior: a host that refuses a memory is not asked again', async () => {
    vi.resetModules()
    const { AdaptiveQueue: Queue } = await import('./adaptiveQueue.ts')
    const crowded = (): boolean => {
      const queue = new Queue(100, 1)
      for (let count = 0; count < 200; count++) queue.push(7, 0, 1, 2, 3, 4, 5)
      expect(queue.size).toBe(200)
      return isInMemory(queue)
    }
    expect(crowded()).toBe(true)
    vi.stubGlobal('WebAssembly', undefined)
    expect(crowded()).toBe(false)
    vi.unstubAllGlobals()
    expect(crowded()).toBe(false)
  })

  test('error: a snapshot of a crowd, and no room for another memory', () => {
    const queue = new AdaptiveQueue(100, 1)
    for (let count = 0; count < 200; count++) queue.push(7, 0, 1, 2, 3, 4, 5)
    const saved = queue.save()
    vi.stubGlobal('WebAssembly', undefined)
    expect(() => saved.open()).toThrow('no room for another memory')
    expect(() => queue.restore(saved)).toThrow("with `queue: 'javascript'`")
    expect(queue.size).toBe(200)
  })

  test('behavior: where crowds come and go, their memory is kept longer and longer', () => {
    const queue = new AdaptiveQueue(100, 1)
    const kept = Array.from({ length: 4 }, (_, burst) => {
      for (let count = 0; count < 200; count++) queue.push(burst, 0, 1, 2, 3, 4, 5)
      while (queue.size > 0) queue.pop()
      return isInMemory(queue)
    })
    // Some 290 looks are in each; 64, 128, 256 and 512 have to be.
    expect(kept).toEqual([false, false, false, true])
  })

  test('behavior: deliveries that are walked as one make no crowd', () => {
    const queue = new AdaptiveQueue(100, 1)
    const count = 5_000
    queue.pushFanout(0, 1, count, new Float64Array(count), new Int32Array(count), 0, 0, 0)
    for (let call = 0; call < 10; call++) queue.cancel(-1)
    expect([queue.size, isInMemory(queue)]).toEqual([count, false])
  })

  test('the bounds: more than the crowd, and less than an eighth of it', () => {
    const queue = new AdaptiveQueue(80, 1)
    const found: boolean[] = []
    const note = (): void => void found.push(isInMemory(queue))
    // A look comes before what is called.
    for (let count = 0; count < 81; count++) queue.push(count, 0, 1, 2, 3, 4, 5)
    note()
    queue.cancel(-1)
    note()
    while (queue.size > 10) queue.pop()
    queue.cancel(-1)
    note()
    queue.pop()
    note()
    queue.cancel(-1)
    note()
    expect(found).toEqual([false, true, true, true, false])
  })
})

describe('snapshots', () => {
  const create = (pending: number) => {
    const simulation = createSimulation({ seed: 'snapshots' })
    const stream = simulation.stream('delays')
    const kind = simulation.define('hop', (target) => {
      simulation.after(stream.below(ms(100)), kind, target)
    })
    for (let target = 0; target < pending; target++) {
      simulation.at(stream.below(ms(100)), kind, target)
    }
    return simulation
  }

  test.each([
    ['of few', 100],
    ['of a crowd', 20_000],
  ])('%s: restored, and a fork, go on alike', (_, pending) => {
    const simulation = create(pending)
    simulation.run({ eventsMax: 5_000 })
    const snapshot = simulation.snapshot()
    const other = fork(() => create(pending), snapshot)
    simulation.run({ eventsMax: 50_000 })
    const expected = simulation.digest()
    other.run({ eventsMax: 50_000 })
    expect(other.digest()).toBe(expected)
    simulation.restore(snapshot)
    expect([simulation.events(), simulation.pending()]).toEqual([5_000, pending])
    simulation.run({ eventsMax: 50_000 })
    expect(simulation.digest()).toBe(expected)
  })

  test('of a crowd, restored where there are few, and of few where there is a crowd', () => {
    const simulation = createSimulation({ seed: 'snapshots' })
    const kind = simulation.define('wait', () => {})
    const add = (count: number): void => {
      for (let target = 0; target < count; target++) simulation.after(target % 977, kind, target)
    }
    add(30)
    const few = simulation.snapshot()
    add(20_000)
    const many = simulation.snapshot()
    simulation.run()
    const all = simulation.digest()
    simulation.restore(few)
    simulation.run()
    expect(simulation.events()).toBe(30)
    simulation.restore(many)
    simulation.run()
    expect([simulation.events(), simulation.digest()]).toEqual([20_030, all])
    simulation.restore(few)
    add(20_000)
    simulation.run()
    expect(simulation.digest()).toBe(all)
    // What was cancelled before counts no more.
    simulation.restore(few)
    simulation.cancel(simulation.after(5, kind))
    simulation.restore(many)
    simulation.run()
    for (let call = 0; call < 600_000; call++) simulation.cancel(-1)
    expect(simulation.pending()).toBe(0)
  })
})
