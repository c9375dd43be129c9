import { describe, expect, test } from 'vitest'
import { createRelayRun } from './testing.ts'

const megabyte = 1_000_000

describe('push to as many neighbours as the square root of their number (Ethereum)', () => {
  const ethereum = { mode: 'push', pushBy: 'squareRoot' } as const
  const sorted = (times: readonly number[]): number[] =>
    times.map((time) => time / 1_000).sort((a, b) => a - b)

  test('along a line: each pushes to the next one, before its check', () => {
    // 100 ms on the way, 1,000 up, 500 down; a check takes 5,000 and delays nothing here.
    const relay = createRelayRun({
      size: 3,
      edges: [
        [0, 1],
        [1, 2],
      ],
      parameters: { ...ethereum, checkMs: 5_000 },
      ...{ up: megabyte, down: 2 * megabyte },
    })
    relay.network.broadcast(0, 'block', megabyte)
    relay.simulation.run()
    expect(relay.arrived('block')).toEqual([0, 1_600_000, 3_200_000])
  })

  const star: [number, number][] = [1, 2, 3, 4, 5].map((node) => [0, node])
  const timesOf = (parameters: object): number[] => {
    const all = { ...ethereum, ...parameters }
    const relay = createRelayRun({ size: 6, edges: star, parameters: all })
    relay.network.broadcast(0, 'block', megabyte)
    relay.simulation.run()
    return sorted(relay.arrived('block')!)
  }

  test('two of five get it unasked, the others hear of it and ask', () => {
    expect(timesOf({})).toEqual([0, 100, 100, 300, 300, 300])
  })

  test('behavior: who has heard of it waits before asking', () => {
    expect(timesOf({ askAfterMs: 500 })).toEqual([0, 100, 100, 800, 800, 800])
  })

  test('behavior: the header is asked for first, then the block', () => {
    const parameters = { askAfterMs: 500, bodyAfterMs: 100 }
    expect(timesOf(parameters)).toEqual([0, 100, 100, 1_100, 1_100, 1_100])
  })

  test('behavior: what comes unasked meanwhile is not asked for', () => {
    // Node 0 pushes to one of the others, which pushes to the third, which pushes it back.
    const edges: [number, number][] = [
      [0, 1],
      [0, 2],
      [1, 2],
    ]
    const parameters = { ...ethereum, askAfterMs: 1_000 }
    const relay = createRelayRun({ size: 3, edges, parameters })
    relay.network.broadcast(0, 'block', megabyte)
    relay.simulation.run()
    expect(sorted(relay.arrived('block')!)).toEqual([0, 100, 200])
    const counters = relay.network.broadcastCounters()
    expect(counters).toMatchObject({ delivered: 2, duplicates: 1, controlBytes: 4 * 61 })
    expect(counters.bytes - counters.controlBytes).toBe(3 * megabyte)
  })

  test('behavior: the choice is another one for each block', () => {
    const relay = createRelayRun({ size: 6, edges: star, parameters: ethereum })
    const chosen = new Set<number>()
    for (let block = 0; block < 20; block++) {
      const start = relay.simulation.now()
      relay.network.broadcast(0, `block ${block}`, megabyte)
      relay.simulation.run()
      relay.arrived(`block ${block}`)!.forEach((time, node) => {
        if (time - start === 100_000) chosen.add(node)
      })
    }
    expect([...chosen].sort()).toEqual([1, 2, 3, 4, 5])
  })
})
