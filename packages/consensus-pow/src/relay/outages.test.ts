import { createStream, seconds } from '@counterpoise/engine'
import { type Latency, randomTopology } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { createRelayRun, triangle } from './testing.ts'

const megabyte = 1_000_000
const line: [number, number][] = [
  [0, 1],
  [1, 2],
]

describe('what is wrong with the network', () => {
  const timeout = { mode: 'inv' as const, requestTimeoutMs: 5_000 }
  const square: [number, number][] = [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
  ]

  test('outage: who was asked goes down, and after the timeout another is asked', () => {
    const latency: Latency = {
      sample: (from, to) => (from + to === 4 ? 100_000 : 110_000),
      typical: () => 100_000,
    }
    const relay = createRelayRun({ size: 4, edges: square, latency, parameters: timeout })
    relay.network.broadcast(0, 'block', megabyte)
    // Nodes 1 and 2 have it at 330 ms; 3 hears of it from 1 at 430 ms, and asks.
    relay.simulation.run({ until: 431_000 })
    relay.network.takeDown(1)
    relay.simulation.run()
    expect(relay.arrived('block')![3]).toBe(5_430_000 + 220_000)
  })

  test('outage: what has not left a node that goes down is asked for elsewhere', () => {
    const relay = createRelayRun({
      size: 4,
      edges: square,
      parameters: timeout,
      up: [1e9, megabyte, 1e9, 1e9],
    })
    relay.network.broadcast(0, 'block', megabyte)
    relay.simulation.run({ until: seconds(1) })
    relay.network.takeDown(1)
    relay.simulation.run()
    const heard = 401_000
    expect(relay.arrived('block')![3]).toBe(heard + 5_000_000 + 201_000)
  })

  test('outage: what has left a node that goes down arrives', () => {
    const relay = createRelayRun({ size: 2, edges: [[0, 1]], parameters: timeout, up: megabyte })
    relay.network.broadcast(0, 'block', megabyte)
    // It leaves from 200 ms on, for a second, and is on its way for 100 ms.
    relay.simulation.run({ until: 1_250_000 })
    relay.network.takeDown(0)
    relay.simulation.run()
    expect(relay.arrived('block')![1]).toBe(1_300_000)
  })

  test('outage: a node that is down gets nothing, and is offered what comes later', () => {
    const relay = createRelayRun({ size: 3, edges: line, parameters: timeout })
    relay.network.takeDown(1)
    relay.network.broadcast(0, 'block', megabyte)
    relay.simulation.run()
    relay.network.bringUp(1)
    expect(relay.handed('block', 2)).toBeUndefined()
    relay.network.broadcast(0, 'next', megabyte)
    relay.simulation.run()
    expect(relay.handed('next', 2)).toBeDefined()
  })

  test('outage: what a node was checking when it went down does not keep it busy', () => {
    const parameters = { ...timeout, checkMs: 10_000 }
    const relay = createRelayRun({ size: 2, edges: [[0, 1]], parameters })
    relay.network.broadcast(0, 'block', megabyte)
    relay.simulation.run({ until: seconds(1) })
    relay.network.takeDown(1)
    relay.simulation.run({ until: seconds(2) })
    relay.network.bringUp(1)
    relay.simulation.run({ until: seconds(3) })
    relay.network.broadcast(0, 'next', megabyte)
    relay.simulation.run()
    expect(relay.handed('block', 1)).toBeUndefined()
    expect(relay.handed('next', 1)).toBe(seconds(3) + 300_000 + seconds(10))
  })

  test('outage: what a node had not checked is lost, and it is told of it again', () => {
    const parameters = { ...timeout, checkMs: 10_000 }
    const relay = createRelayRun({ size: 3, edges: triangle, parameters })
    relay.network.broadcast(0, 'block', megabyte)
    relay.simulation.run({ until: seconds(1) })
    relay.network.takeDown(1)
    relay.simulation.run({ until: seconds(2) })
    relay.network.bringUp(1)
    relay.simulation.run()
    // Node 2 has checked it at 10.3 s; node 1 hears of it, asks for it, and checks it anew.
    expect(relay.handed('block', 2)).toBe(10_300_000)
    expect(relay.handed('block', 1)).toBe(10_300_000 + 300_000 + 10_000_000)
  })

  test('partition: nothing crosses it; held, it comes when it is over', () => {
    for (const mode of ['drop', 'hold'] as const) {
      const relay = createRelayRun({ size: 3, edges: line, parameters: timeout })
      relay.network.setPartitionMode(mode)
      relay.network.assignGroup(2, 1)
      relay.network.broadcast(0, 'block', megabyte)
      relay.simulation.run({ until: seconds(100) })
      expect(relay.handed('block', 1)).toBe(300_000)
      expect(relay.handed('block', 2)).toBeUndefined()
      relay.network.assignGroup(2, 0)
      relay.simulation.run()
      const at = relay.handed('block', 2)
      expect(at).toBe(mode === 'drop' ? undefined : seconds(100) + 200_000)
    }
  })

  test('loss: with every fifth message lost, timeouts bring a block to nearly everybody', () => {
    const stream = createStream({ seed: 'loss', replication: 0, purpose: 'links' })
    const size = 200
    const relay = createRelayRun({
      size,
      topology: randomTopology({ size, outgoing: 8, stream }),
      parameters: { mode: 'inv', requestTimeoutMs: 2_000 },
      network: { lossProbability: 0.2 },
    })
    relay.network.broadcast(0, 'block', megabyte)
    relay.simulation.run()
    const reached = relay.arrived('block')!.filter((time) => time < Infinity)
    expect(reached.length).toBe(size)
    // Somebody had to wait for a timeout.
    expect(Math.max(...reached)).toBeGreaterThan(seconds(2))
  })

  test('throttle: a link leaves its sender only a part of the bandwidth', () => {
    const arrival = (throttle: number): number => {
      const relay = createRelayRun({ size: 2, edges: [[0, 1]], parameters: timeout, up: megabyte })
      const end = relay.network.addLinkFault({ from: [0], to: [1], throttle })
      relay.network.broadcast(0, 'block', megabyte)
      relay.simulation.run({ until: seconds(20) })
      end()
      return relay.arrived('block')![1]!
    }
    // An announcement and a request of 100 ms each, the block, and its way.
    expect(arrival(1)).toBe(200_000 + 1_000_000 + 100_000)
    expect(arrival(0.25)).toBe(200_000 + 4_000_000 + 100_000)
  })
})
