import type { Latency } from '@counterpoise/network'
import { expect, test } from 'vitest'
import { createRelayRun, triangle } from './testing.ts'

const megabyte = 1_000_000
const parameters = { mode: 'inv', requestTimeoutMs: 5_000 } as const

test('behavior: of two announcements under way the earlier one counts', () => {
  const ways: Record<string, number> = { '2→1': 10_000, '1→2': 10_000, '2→0': 200_000 }
  const latency: Latency = {
    sample: (from, to) => ways[`${from}→${to}`] ?? 300_000,
    typical: () => 300_000,
  }
  const relay = createRelayRun({ size: 3, edges: triangle, latency, parameters })
  relay.network.broadcast(2, 'block', megabyte)
  relay.simulation.run()
  // Node 0 hears of it from node 2 at 200 ms, from node 1 it would at 330 ms.
  expect(relay.arrived('block')![0]).toBe(200_000 + 300_000 + 200_000)
})

test('behavior: of two peers that have had a block as long, the first is asked', () => {
  const edges: [number, number][] = [
    [3, 0],
    [3, 1],
    [3, 2],
    [2, 0],
    [2, 1],
  ]
  const up = [megabyte]
  const relay = createRelayRun({ size: 4, edges, up, parameters })
  relay.network.broadcast(3, 'block', megabyte)
  relay.simulation.run({ until: 150_000 })
  relay.network.addLinkFault({ from: [2], to: [3], cut: 'drop' })
  relay.network.addLinkFault({ from: [3], to: [2], cut: 'drop' })
  relay.simulation.run()
  const [first, second, late] = relay.arrived('block')!
  expect([first, second]).toEqual([300_000, 300_000])
  // Node 0 needs a second to send it; node 1 would not.
  expect(late).toBe(6_300_000)
})

test('behavior: who went down in between does not get what was asked for before', () => {
  const relay = createRelayRun({ size: 2, edges: [[0, 1]], parameters })
  const { network, simulation } = relay
  network.broadcast(0, 'block', megabyte)
  simulation.run({ until: 150_000 })
  network.takeDown(1)
  network.bringUp(1)
  simulation.run()
  expect(relay.arrived('block')![1]).toBe(Number.POSITIVE_INFINITY)
})

test('behavior: a cut that holds keeps a block before the downlink, and lets it in after', () => {
  const relay = createRelayRun({ size: 2, edges: [[0, 1]], down: megabyte, parameters })
  const { network, simulation } = relay
  network.setPartitionMode('hold')
  network.broadcast(0, 'block', megabyte)
  simulation.run({ until: 250_000 })
  network.assignGroup(1, 1)
  simulation.run({ until: 4_000_000 })
  network.assignGroup(1, 0)
  simulation.run()
  expect(relay.arrived('block')![1]).toBe(5_000_000)
})

test.each([
  ['hold', 250, 300],
  ['drop', 250, 300],
  // The request is still on its way: it waits at the cut, or is made again after the timeout.
  ['hold', 150, 4_100],
  ['drop', 150, 5_300],
] as const)('without a downlink limit, a cut (%s) after %i ms', (mode, after, expected) => {
  const relay = createRelayRun({ size: 2, edges: [[0, 1]], parameters })
  const { network, simulation } = relay
  network.setPartitionMode(mode)
  // Announced until 100 ms, asked for until 200 ms; what was sent before the cut arrives.
  network.broadcast(0, 'block', megabyte)
  simulation.run({ until: after * 1_000 })
  network.assignGroup(1, 1)
  simulation.run({ until: 4_000_000 })
  network.assignGroup(1, 0)
  simulation.run()
  expect(relay.arrived('block')![1]).toBe(expected * 1_000)
})

test('behavior: a lost question for missing transactions is asked again after the timeout', () => {
  const relay = createRelayRun({
    ...{ size: 2, edges: [[0, 1]], down: megabyte },
    parameters: {
      ...{ mode: 'compact', requestTimeoutMs: 5_000 },
      compact: { bytes: 1_000, reconstruction: 0, missingShare: [[0, 0.5]] },
    },
  })
  const { network, simulation } = relay
  network.broadcast(0, 'first', megabyte)
  simulation.run()
  const start = simulation.now()
  network.broadcast(0, 'second', megabyte)
  simulation.run({ until: start + 50_000 })
  network.setLossProbability(1)
  // The compact block is at the downlink; it is in, and lacks transactions, 1 ms later.
  simulation.run({ until: start + 100_500 })
  network.setLossProbability(0)
  simulation.run()
  const after = (relay.arrived('second')![1]! - start) / 1_000_000
  // Five seconds later it is asked for, and for the rest, which takes half a second to come in.
  expect(after).toBeGreaterThan(5.5)
  expect(after).toBeLessThan(6.2)
})
