import { fuzzParameters } from '@counterpoise/dev'
import { createSimulation, createStream, ms, type Simulation } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { constantLatency, distributedLatency } from './latency.ts'
import { createNetwork, type Network, type NetworkOptions } from './network.ts'
import { completeTopology, randomTopology, type Topology } from './topology.ts'

type Arrival = { at: number; to: number; from: number; message: number }
type Flood = { simulation: Simulation; network: Network<number>; arrivals: Arrival[] }

function createFlood(
  topology: Topology,
  options: Partial<NetworkOptions<number>> = {},
  seed = 'flood',
): Flood {
  const simulation = createSimulation({ seed })
  const arrivals: Arrival[] = []
  const network = createNetwork<number>(simulation, {
    name: 'flood',
    places: Array.from({ length: topology.size }, (_, node) => ({
      name: `node ${node}`,
      attributes: { region: 'somewhere', operator: 'o' },
    })),
    latency: constantLatency(ms(10)),
    topology,
    deliver: (to, from, message) => arrivals.push({ at: simulation.now(), to, from, message }),
    ...options,
  })
  return { simulation, network, arrivals }
}

/** A path 0 — 1 — 2 — … */
const pathOf = (size: number): Topology => ({
  size,
  neighbours: (node) =>
    Int32Array.from([node - 1, node + 1].filter((other) => other >= 0 && other < size)),
})

/** Steps over the links from node 0 to each node. */
function hopsFrom({ size, neighbours }: Topology): number[] {
  const hops = Array.from({ length: size }, () => -1)
  hops[0] = 0
  const queue = [0]
  for (let next = 0; next < queue.length; next++) {
    for (const other of neighbours(queue[next]!)) {
      if (hops[other] !== -1) continue
      hops[other] = hops[queue[next]!]! + 1
      queue.push(other)
    }
  }
  return hops
}

test('property: it reaches everyone exactly once; the other copies are duplicates', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), fc.string(), (size, links, seed) => {
      const stream = createStream({ seed, replication: 0, purpose: 'links' })
      const topology = randomTopology({ size, outgoing: links % Math.min(size, 6), stream })
      const latency = distributedLatency({ kind: 'exponential', mean: 100 })
      const { simulation, network, arrivals } = createFlood(topology, { latency }, seed)
      network.broadcast(0, 7, 100)
      simulation.run()
      const reached = arrivals.map(({ to }) => to).sort((one, other) => one - other)
      expect(reached).toEqual(Array.from({ length: size - 1 }, (_, index) => index + 1))
      for (const { to, from } of arrivals) expect(topology.neighbours(from)).toContain(to)
      let ends = 0
      for (let node = 0; node < size; node++) ends += topology.neighbours(node).length
      // The origin sends over all its links, everyone else over all but the one it came by.
      const sent = ends - (size - 1)
      expect(network.counters()).toEqual({
        sent,
        delivered: size - 1,
        dropped: 0,
        duplicates: sent - (size - 1),
        bytes: 100 * sent,
      })
    }),
    fuzzParameters(100),
  )
})

test('each hop costs the latency and the time to check', () => {
  const stream = createStream({ seed: 'hops', replication: 0, purpose: 'links' })
  const topology = randomTopology({ size: 50, outgoing: 1, stream })
  const { simulation, network, arrivals } = createFlood(topology, { relayDelay: () => ms(3) })
  network.broadcast(0, 7, 1)
  simulation.run()
  const hops = hopsFrom(topology)
  for (const { to, at } of arrivals) expect(at).toBe(hops[to]! * ms(10) + (hops[to]! - 1) * ms(3))
})

test('relayDelay sees the message', () => {
  const { simulation, network, arrivals } = createFlood(pathOf(3), { relayDelay: (cost) => cost })
  network.broadcast(0, ms(100), 1)
  network.broadcast(0, 0, 1)
  simulation.run()
  const last = arrivals.filter(({ to }) => to === 2)
  expect(last.map(({ message, at }) => [message, at])).toEqual([
    [0, ms(20)],
    [ms(100), ms(120)],
  ])
})

describe('nodes that are down, groups, loss', () => {
  test('a flood goes round a node that is down, or ends there', () => {
    const { simulation, network, arrivals } = createFlood(pathOf(4))
    network.takeDown(2)
    network.broadcast(0, 7, 1)
    simulation.run()
    expect(arrivals.map(({ to }) => to)).toEqual([1])
    const complete = createFlood(completeTopology(4))
    complete.network.takeDown(2)
    complete.network.broadcast(0, 7, 1)
    complete.simulation.run()
    expect(complete.arrivals.map(({ to }) => to)).toEqual([1, 3])
  })

  test('a node that goes down while it checks passes nothing on', () => {
    const { simulation, network, arrivals } = createFlood(pathOf(3), { relayDelay: () => ms(5) })
    network.broadcast(0, 7, 1)
    simulation.run({ until: ms(12) })
    network.takeDown(1)
    simulation.run()
    expect(arrivals.map(({ to }) => to)).toEqual([1])
  })

  test('a flood stays within its group', () => {
    const { simulation, network, arrivals } = createFlood(completeTopology(5))
    network.assignGroup(3, 1)
    network.assignGroup(4, 1)
    network.broadcast(0, 7, 1)
    simulation.run()
    expect(arrivals.map(({ to }) => to)).toEqual([1, 2])
  })

  test('a copy that was lost is made good by another neighbour', () => {
    const { simulation, network, arrivals } = createFlood(completeTopology(12))
    network.setLossProbability(0.4)
    network.broadcast(0, 7, 1)
    simulation.run()
    expect(arrivals).toHaveLength(11)
    expect(network.counters().dropped).toBeGreaterThan(20)
  })
})

test('behavior: a long run uses few slots again and again', () => {
  const slots = new Set<number>()
  const { simulation, network, arrivals } = createFlood(completeTopology(6), {
    relayDelay: () => ms(1),
    lossProbability: 0.1,
  })
  // The fourth integer of a delivery is the slot.
  simulation.tap((_time, _kind, _target, _from, slot) => slots.add(slot))
  for (let round = 0; round < 500; round++) {
    if (round % 50 === 0) network.takeDown(round % 6)
    if (round % 50 === 25) network.bringUp((round - 25) % 6)
    network.broadcast(round % 6, round, 1)
    network.send(round % 6, (round + 1) % 6, round, 1)
    simulation.run({ until: ms(20 * (round + 1)) })
  }
  simulation.run()
  expect(arrivals.length).toBeGreaterThan(2_000)
  // A round's two messages are gone before the next but one.
  expect(slots.size).toBeLessThanOrEqual(6)
})
