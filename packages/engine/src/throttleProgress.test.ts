import { expect, test } from 'vitest'
import { createSmallWorld } from '../bench/smallWorld.ts'
import { throttleProgress } from './throttleProgress.ts'

test('default: at most one call per span of wall time', () => {
  let clock = 1_000
  const seen: number[] = []
  const onProgress = throttleProgress({
    everyMs: 100,
    wallClock: () => clock,
    onProgress: (_now, events) => void seen.push(events),
  })
  for (let events = 0; events < 10; events++) {
    clock += 40
    onProgress(0, events)
  }
  expect(seen).toEqual([2, 5, 8])
})

test('behavior: digests are the same with and without, whatever the clock says', () => {
  const digestWith = (stepMs: number | undefined): [string, number] => {
    const world = createSmallWorld({ seed: 'progress' })
    let [clock, calls] = [0, 0]
    const wallClock = (): number => (clock += stepMs ?? 0)
    const onProgress = throttleProgress({ everyMs: 10, wallClock, onProgress: () => void calls++ })
    world.run({ eventsMax: 200_000, ...(stepMs !== undefined && { onProgress }) })
    return [world.digest(), calls]
  }
  const [digest] = digestWith(undefined)
  expect(digestWith(10)).toEqual([digest, 3])
  expect(digestWith(5)).toEqual([digest, 1])
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('error: every %d ms', (everyMs) => {
  const options = { everyMs, wallClock: () => 0, onProgress: () => {} }
  expect(() => throttleProgress(options)).toThrow('at least 0')
})
