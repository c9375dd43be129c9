import type { Latency } from '@counterpoise/network'
import { expect, test } from 'vitest'
import { createRelayRun, triangle } from './testing.ts'

const megabyte = 1_000_000
const parameters = { mode: 'inv', requestTimeoutMs: 5_000 } as const

test('behavior: who finds nobody to ask after a timeout hears of the block again', () => {
  // Node 0 takes ten seconds to receive it.
  const relay = createRelayRun({ size: 3, edges: triangle, down: [megabyte / 10], parameters })
  relay.network.broadcast(2, 'block', megabyte)
  relay.simulation.run({ until: 150_000 })
  // Node 1 has asked node 2, and the two do not hear each other from now on.
  relay.network.addLinkFault({ from: [2], to: [1], cut: 'drop' })
  relay.network.addLinkFault({ from: [1], to: [2], cut: 'drop' })
  relay.simulation.run()
  // Announced, asked, sent, ten seconds in; then announced to node 1, asked for, sent.
  expect(relay.arrived('block')).toEqual([10_300_000, 10_600_000, 0])
})

test('behavior: what is coming in is not asked for elsewhere, however long it takes', () => {
  const relay = createRelayRun({ size: 3, edges: triangle, down: [megabyte / 20], parameters })
  relay.network.broadcast(2, 'block', megabyte)
  relay.simulation.run()
  expect(relay.arrived('block')).toEqual([20_300_000, 300_000, 0])
  const { bytes, controlBytes } = relay.network.broadcastCounters()
  expect(bytes - controlBytes).toBe(2 * megabyte)
})

test('behavior: an announcement that is cut off makes room for one that was too late', () => {
  const ways: Record<string, number> = { '2→1': 10_000, '1→2': 10_000, '2→0': 200_000 }
  const latency: Latency = {
    sample: (from, to) => ways[`${from}→${to}`] ?? 300_000,
    typical: () => 300_000,
  }
  const relay = createRelayRun({ size: 3, edges: triangle, latency, parameters })
  relay.network.broadcast(2, 'block', megabyte)
  // Node 1 has it after 30 ms, and would tell node 0 at 330 ms of what it is to hear at 200 ms.
  relay.simulation.run({ until: 100_000 })
  relay.network.addLinkFault({ from: [2], to: [0], cut: 'drop' })
  relay.simulation.run()
  expect(relay.arrived('block')).toEqual([1_100_000, 30_000, 0])
})

test('behavior: a whole block that comes unasked and too late is in the way of the next', () => {
  const relay = createRelayRun({
    ...{ size: 3, edges: triangle, down: [megabyte], up: [1e12, megabyte / 2, 1e12] },
    parameters: { mode: 'push', pushBy: 'everybody' },
  })
  const { network, simulation } = relay
  network.broadcast(2, 'first', megabyte)
  // Node 1 has it at 100 ms and needs two seconds to send it on.
  simulation.run({ until: 2_300_000 })
  network.broadcast(2, 'second', megabyte)
  simulation.run()
  const at = (block: string): number => Math.floor(relay.arrived(block)![0]! / 1_000)
  expect([at('first'), at('second')]).toEqual([1_100, 4_200])
})

test('behavior: of two copies that come while nobody has checked one, one is checked', () => {
  const overlay = { latencyFactor: 10, bytesFixed: 1_000, bytesPerTransaction: 0 }
  const relay = createRelayRun({
    ...{ size: 2, edges: [[0, 1]], miners: [0, 1] },
    parameters: { mode: 'inv', checkMs: 1_000, overlay },
  })
  const { network, simulation, handed } = relay
  // Asked for and there at 300 ms; the overlay's copy comes at 1,000 ms, while it is checked.
  network.broadcast(0, 'first', megabyte)
  simulation.run({ until: 800_000 })
  network.broadcast(0, 'second', megabyte)
  simulation.run()
  expect([handed('first', 1), handed('second', 1)]).toEqual([1_300_000, 2_300_000])
})

test('behavior: who waits in a long queue asks somebody who has the block by now', () => {
  const up = [1e12, 1e12, megabyte / 20]
  const relay = createRelayRun({ size: 3, edges: triangle, up, parameters })
  relay.network.broadcast(2, 'block', megabyte)
  relay.simulation.run()
  // The first copy is sent for twenty seconds. At 25.1 s, after five timeouts, the second one
  // is asked for anew: a request, and the copy of a quick sender, a microsecond.
  expect(relay.arrived('block')).toEqual([20_300_000, 25_300_001, 0])
})

test('behavior: after a timeout a peer is asked whose answer can come, not the first one', () => {
  const edges: [number, number][] = [
    [3, 0],
    [3, 1],
    [3, 2],
    [2, 0],
    [2, 1],
  ]
  // Node 2 asks node 3, which goes down. Node 1 has had the block longer than node 0 has.
  const relay = createRelayRun({ size: 4, edges, down: [megabyte], parameters })
  const { network, simulation } = relay
  network.broadcast(3, 'block', megabyte)
  simulation.run({ until: 150_000 })
  network.addLinkFault({ from: [2], to: [3], cut: 'drop' })
  network.addLinkFault({ from: [3], to: [2], cut: 'drop' })
  network.addLinkFault({ from: [1], to: [2], cut: 'drop' })
  simulation.run()
  expect(relay.arrived('block')).toEqual([1_300_000, 300_000, 5_300_000, 0])
})

test.each([
  [1, 5_205_000],
  [2, 5_065_000],
])('behavior: of several peers the one that got it first is asked (%i)', (early, at) => {
  const ways: Record<string, number> = { 13: 100_000, 23: 30_000, 12: 300_000, '03': 5_000 }
  const latency: Latency = {
    sample: (from, to) => {
      const way = ways[`${Math.min(from, to)}${Math.max(from, to)}`]
      return way ?? (from + to === early ? 10_000 : 50_000)
    },
    typical: () => 100_000,
  }
  const edges: [number, number][] = [
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 3],
    [2, 3],
  ]
  const relay = createRelayRun({ size: 4, edges, latency, parameters })
  const { network, simulation } = relay
  network.broadcast(0, 'block', megabyte)
  // Node 3 has heard of it at 5 ms and has asked; from now on it does not get through.
  simulation.run({ until: 6_000 })
  network.addLinkFault({ from: [3], to: [0], cut: 'drop' })
  simulation.run()
  expect(relay.arrived('block')![3]).toBe(at)
})
