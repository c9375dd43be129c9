import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createSmallWorld } from '../bench/smallWorld.ts'
import { compileQueue } from '../bench/compileQueue.ts'
import { EventQueue } from './eventQueue.ts'
import { createQueue } from './queues.ts'
import type { SimulationOptions } from './simulation.ts'
import { ms } from './time.ts'
import { WasmQueue, word } from './wasmQueue.ts'

/** The first time, npm downloads the compiler. */
const patience = { timeout: 200_000 }

afterEach(() => vi.unstubAllGlobals())

test('the module is what the compiler makes of the sources', patience, (context) => {
  const inCi = Boolean(process.env['CI'])
  const compiled = compileQueue(inCi ? 180_000 : 45_000)
  if ('reason' in compiled && !inCi) {
    return context.skip(`The compiler cannot be had from the npm registry: ${compiled.reason}`)
  }
  const found = readFileSync(new URL('wasmModule.ts', import.meta.url), 'utf8')
  expect(compiled).toEqual({ text: found })
})

describe('which queue', () => {
  const run = (options: Partial<SimulationOptions>): string[] => {
    const world = createSmallWorld({ seed: 'queues', ...options })
    world.run({ until: ms(5_000) })
    return [world.digest(), String(world.events()), String(world.pending())]
  }

  test('behavior: events are the same with either', () => {
    expect(run({ queue: 'javascript' })).toEqual(run({ queue: 'wasm' }))
  })

  test('default: WebAssembly, where the host has it', () => {
    expect(createQueue({ seed: 'x' })).toBeInstanceOf(WasmQueue)
    expect(createQueue({ seed: 'x', queue: 'javascript' })).toBeInstanceOf(EventQueue)
    const before = run({})
    vi.stubGlobal('WebAssembly', undefined)
    expect(createQueue({ seed: 'x', queue: 'wasm' })).toBeInstanceOf(EventQueue)
    expect(run({})).toEqual(before)
  })

  test('error: a snapshot of a simulation with another queue', () => {
    const [one, other] = (['wasm', 'javascript'] as const).map((queue) =>
      createSmallWorld({ seed: 'queues', queue }),
    )
    expect(() => one!.restore(other!.snapshot())).toThrow('with another kind of queue')
    expect(() => other!.restore(one!.snapshot())).toThrow('with another kind of queue')
  })
})

const push = (queue: WasmQueue, time: number, target: number): number =>
  queue.push(time, 0, 1, target, 2, 3, 4)

/** The targets and the digest of all that is left. */
function drained(queue: Pick<WasmQueue, 'pop' | 'target' | 'digest'>): (number | string)[] {
  const targets: number[] = []
  while (queue.pop()) targets.push(queue.target)
  return [...targets, queue.digest()]
}

describe('saving', () => {
  test('what is saved is as it was, whatever happens to the queue, and can be had twice', () => {
    const queue = new WasmQueue()
    for (let index = 0; index < 300; index++) push(queue, (index * 37) % 101, index)
    queue.pushFanout(0, 2, 3, Float64Array.of(7, 9, 50), Int32Array.of(500, 501, 502), 1, 2, 3)
    for (let count = 0; count < 40; count++) queue.pop()
    const saved = queue.save()
    const expected = drained(queue)
    expect(expected).toHaveLength(264)
    push(queue, 1, 1)
    expect(drained(saved.open())).toEqual(expected)
    queue.restore(saved)
    expect(queue.size).toBe(263)
    expect(drained(queue)).toEqual(expected)
    expect(drained(saved.open())).toEqual(expected)
  })

  test('a small one in place of a large one, a large one in place of a small one', () => {
    const queue = new WasmQueue()
    const first = push(queue, 5, 1)
    const small = queue.save()
    const handles = Array.from({ length: 150_000 }, (_, index) => push(queue, 6 + index, index))
    const large = queue.save()
    queue.restore(small)
    // The numbers after are handed out anew, and none of them counts as done.
    const again = Array.from({ length: 150_000 }, (_, index) => push(queue, 6 + index, index))
    expect(again).toEqual(handles)
    expect(again.filter((handle) => !queue.cancel(handle))).toEqual([])
    expect([queue.size, queue.cancel(first), queue.size]).toEqual([1, true, 0])
    const other = new WasmQueue()
    other.restore(large)
    expect(other.size).toBe(150_001)
    expect(drained(other).slice(0, 3)).toEqual([1, 0, 1])
  })

  test('the last event is that of the moment', () => {
    const queue = new WasmQueue()
    push(queue, 5, 7)
    queue.pop()
    const saved = queue.save().open()
    const { time, kind, target, a, b, c } = saved
    expect([time, kind, target, a, b, c]).toEqual([5, 1, 7, 2, 3, 4])
  })
})

describe('memory', () => {
  /** Long, then short, with events cancelled, a fan-out on its way, and many numbers used. */
  function shrunk(whenFew: () => void): { found: unknown; expected: unknown; bytes: number } {
    const runs = [new WasmQueue(), new EventQueue()].map((queue) => {
      const count = 70_000
      const add = (time: number, target: number): number => queue.push(time, 0, 3, target, 1, 1, 1)
      const handles = Array.from({ length: count }, (_, index) => add(index, index))
      const late = [add(2 ** 40, -1), add(2 ** 40, -2), add(2 ** 39, -3)]
      const times = Float64Array.of(count, 2 ** 38, 2 ** 41)
      queue.pushFanout(0, 4, 3, times, Int32Array.of(10, 11, 12), 5, 6, 7)
      queue.cancel(late[1]!)
      while (queue.size > 9_000) queue.pop()
      whenFew()
      while (queue.size > 4) queue.pop()
      const found = [
        ...[queue.time, queue.kind, queue.target, queue.a, queue.peek(), queue.digest()],
        ...[handles[5], handles.at(-1), ...late].map((handle) => queue.cancel(handle!)),
        add(2 ** 39, -4),
        queue.size,
      ]
      const left = []
      while (queue.pop()) left.push(queue.time, queue.target)
      return { found: [found, left, queue.digest()], bytes: queue.bytes }
    })
    vi.unstubAllGlobals()
    const [{ found, bytes }, { found: expected }] = runs as [(typeof runs)[0], (typeof runs)[0]]
    return { found, expected, bytes }
  }

  test('a peak is given back, and nothing is lost on the way', () => {
    const { found, expected, bytes } = shrunk(() => {})
    expect(found).toEqual(expected)
    expect(bytes).toBeLessThan(256 * 1_024)
  })

  test('where no other memory is to be had, the old one goes on', () => {
    const { found, expected, bytes } = shrunk(() => {
      vi.stubGlobal('WebAssembly', undefined)
    })
    expect(found).toEqual(expected)
    expect(bytes).toBeGreaterThan(70_000 * 32)
  })

  test('error: numbers are used up', () => {
    const queue = new WasmQueue()
    push(queue, 1, 1)
    const { words } = queue as unknown as { words: Int32Array }
    words[word.block] = 2 ** 24 - 1
    words[word.bit] = 65_535
    expect(push(queue, 2, 2)).toBe(2 ** 40 - 1)
    expect(() => push(queue, 3, 3)).toThrow('at most 2⁴⁰ events')
  })
})
