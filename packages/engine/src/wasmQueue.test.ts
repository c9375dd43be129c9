import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileQueue } from '../bench/compileQueue.ts'
import { EventQueue } from './eventQueue.ts'
import type { CoreMemory } from './wasmCore.ts'
import { WasmQueue, word } from './wasmQueue.ts'

/** The first time, npm downloads the compiler. */
const patience = { timeout: 200_000 }

test('the module is what the compiler makes of the sources', patience, (context) => {
  const inCi = Boolean(process.env['CI'])
  const compiled = compileQueue(inCi ? 180_000 : 45_000)
  if ('reason' in compiled && !inCi) {
    return context.skip(`The compiler cannot be had from the npm registry: ${compiled.reason}`)
  }
  const found = readFileSync(new URL('wasmModule.ts', import.meta.url), 'utf8')
  expect(compiled).toEqual({ text: found })
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
    const opened = saved.open()
    expect(opened.size).toBe(263)
    expect(drained(opened)).toEqual(expected)
    expect(drained(saved.open())).toEqual(expected)
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

test('error: numbers are used up', () => {
  const queue = new WasmQueue()
  push(queue, 1, 1)
  const { words } = queue as unknown as { words: Int32Array }
  words[word.block] = 2 ** 24 - 1
  words[word.bit] = 65_535
  expect(push(queue, 2, 2)).toBe(2 ** 40 - 1)
  expect(() => push(queue, 3, 3)).toThrow('at most 2⁴⁰ events')
})

test('beyond 2 GB an address is still one', () => {
  const high = new WasmQueue(2_200_000_000)
  const { words } = high as unknown as { words: Int32Array }
  push(high, 1, -1)
  // Only addresses are used, and no memory: what is pushed from here on stands above.
  words[word.used] = 2_147_483_648 - 4 * 2_048
  const low = new EventQueue()
  low.push(1, 0, 1, -1, 2, 3, 4)
  for (let index = 0; index < 140_000; index++) {
    push(high, 5 + ((index * 7) % 997), index)
    low.push(5 + ((index * 7) % 997), 0, 1, index, 2, 3, 4)
  }
  expect(words[word.used]).toBeLessThan(0)
  expect(high.bytes).toBeGreaterThan(2_147_483_648)
  for (let count = 0; count < 70_000; count++) {
    high.pop()
    low.pop()
  }
  expect([high.peek(), high.digest()]).toEqual([low.peek(), low.digest()])
  const moved = new EventQueue().takeOver(high.handOver())
  for (const handle of [3, 70_000, 139_999]) expect(moved.cancel(handle)).toBe(low.cancel(handle))
  expect(drained(moved)).toEqual(drained(low))
})

test('a memory that was made too small grows', () => {
  const queue = new WasmQueue()
  const { memory } = queue as unknown as { memory: CoreMemory }
  const before = memory.buffer.byteLength
  const count = 2_100_000
  for (let index = 0; index < count; index++) push(queue, index % 1_000, index)
  expect(memory.buffer.byteLength).toBeGreaterThan(before)
  expect(queue.size).toBe(count)
  const times = []
  for (let index = 0; index < count; index++) {
    queue.pop()
    if (index % 100_000 === 0) times.push(queue.time, queue.target)
  }
  expect(times.slice(0, 6)).toEqual([0, 0, 47, 1_300_047, 95, 500_095])
  expect(queue.pop()).toBe(false)
})
