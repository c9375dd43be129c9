import { fuzzParameters } from '@counterpoise/dev'
import { createSimulation, createStream, ms } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { constantLatency, distributedLatency } from '../latency.ts'
import type { NetworkOptions } from '../network.ts'
import { placesOf } from '../testing/testNetwork.ts'
import { randomTopology, type Topology } from '../topology.ts'
import { announceFetch } from './announceFetch.ts'
import { erasureShards } from './erasureShards.ts'
import { direct, flood } from './flood.ts'
import { gossipMesh } from './gossipMesh.ts'
import { type BroadcastProtocol, coverageOf } from './protocol.ts'

const protocols: [string, BroadcastProtocol][] = [
  ['direct', direct],
  ['flood', flood],
  ['gossipMesh', gossipMesh()],
  ['announceFetch', announceFetch()],
  ['erasureShards', erasureShards()],
]

const topologyOf = (size: number, outgoing: number, seed: string): Topology =>
  randomTopology({ size, outgoing, stream: createStream({ seed, replication: 0, purpose: 't' }) })

type Taken = { to: number; from: number; content: number; at: number }

function createWorld(
  protocol: BroadcastProtocol,
  size: number,
  options: Partial<NetworkOptions<number>> = {},
  seed = 'broadcast',
) {
  const simulation = createSimulation({ seed })
  const taken: Taken[] = []
  const network = protocol.open<number>(simulation, {
    name: 'b',
    places: placesOf(size),
    latency: constantLatency(ms(10)),
    deliver: (to, from, content) => {
      taken.push({ to, from, content, at: simulation.now() })
    },
    ...options,
  })
  return { simulation, network, taken }
}

/** How often each node got a content. */
const receptions = (taken: readonly Taken[], content: number, size: number): number[] => {
  const counts = Array.from({ length: size }, () => 0)
  for (const { to, content: found } of taken) if (found === content) counts[to] = counts[to]! + 1
  return counts
}

describe.each(protocols)('%s', (_, protocol) => {
  test('property: everyone who is up and connected gets it exactly once', () => {
    const latency = distributedLatency({ kind: 'exponential', mean: 100 })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(5),
        fc.boolean(),
        fc.string(),
        (size, links, isLimited, seed) => {
          const topology = topologyOf(size, Math.min(links, size - 1), seed)
          const places = placesOf(size, isLimited ? 100_000 : undefined)
          const options = { latency, topology, places, relayDelay: () => ms(links) }
          const { simulation, network, taken } = createWorld(protocol, size, options, seed)
          const spreads = [0, size - 1, size >> 1].map((origin, content) => {
            simulation.run({ until: simulation.now() + ms(50) })
            return network.publish(origin, content, 1_000)
          })
          simulation.run()
          expect(simulation.pending()).toBe(0)
          spreads.forEach((spread, content) => {
            const expected = Array.from({ length: size }, () => 1)
            expected[spread.origin] = 0
            expect(receptions(taken, content, size)).toEqual(expected)
            expect(spread).toMatchObject({ reached: size - 1, bytes: 1_000 })
            expect(coverageOf(spread, size)).toBe(1)
            const last = taken.filter((found) => found.content === content).at(-1)
            expect(spread.lastAt).toBe(last?.at ?? spread.at)
          })
          const counters = network.broadcastCounters()
          expect(counters).toMatchObject({ published: 3, delivered: 3 * (size - 1) })
          expect(counters.bytes).toBe(network.counters().bytes)
          expect(counters.bytes).toBeGreaterThanOrEqual(3 * 1_000 * (size - 1))
        },
      ),
      fuzzParameters(40),
    )
  })

  test('what is down gets nothing and publishes nothing', () => {
    const { simulation, network, taken } = createWorld(protocol, 20)
    network.takeDown(3)
    const spread = network.publish(0, 1, 100)
    const none = network.publish(3, 2, 100)
    simulation.run()
    expect(receptions(taken, 1, 20).map((count, node) => (count === 0 ? node : -1))).toEqual(
      Array.from({ length: 20 }, (__, node) => (node === 0 || node === 3 ? node : -1)),
    )
    expect(spread.reached).toBe(18)
    expect(none.reached).toBe(0)
  })

  test('what a node would have said while it was down is not said later', () => {
    const { simulation, network, taken } = createWorld(protocol, 20)
    network.takeDown(3)
    const { reached } = network.publish(3, 1, 100)
    network.bringUp(3)
    simulation.run()
    expect([reached, taken]).toEqual([0, []])
    expect(network.broadcastCounters()).toMatchObject({ published: 1, bytes: 0 })
  })

  test('sending straight goes beside it', () => {
    const { simulation, network, taken } = createWorld(protocol, 5)
    network.send(0, 1, 7, 10)
    network.multicast(2, [3, 4], 8, 10)
    network.takeDown(4)
    network.send(4, 0, 9, 10)
    network.bringUp(4)
    simulation.run()
    expect(taken.map(({ to, from, content }) => [from, to, content])).toEqual([
      [0, 1, 7],
      [2, 3, 8],
      [2, 4, 8],
    ])
    const none = { published: 0, delivered: 0, duplicates: 0, bytes: 0, controlBytes: 0 }
    expect(network.broadcastCounters()).toEqual(none)
  })

  test('the same seed gives the same run', () => {
    const digest = (seed: string): string => {
      const latency = distributedLatency({ kind: 'exponential', mean: 100 })
      const options = { latency, lossProbability: 0.1, topology: topologyOf(30, 4, 'same') }
      const { simulation, network } = createWorld(protocol, 30, options, seed)
      for (let node = 0; node < 5; node++) network.broadcast(node, node, 1_000)
      simulation.run()
      return simulation.digest()
    }
    expect(digest('a')).toBe(digest('a'))
    expect(digest('a')).not.toBe(digest('b'))
  })
})

describe('loss', () => {
  const reached = (protocol: BroadcastProtocol, lossProbability: number): number[] => {
    const options = { lossProbability, topology: topologyOf(100, 8, 'loss') }
    const { simulation, network, taken } = createWorld(protocol, 100, options)
    const spreads = [0, 1, 2, 3, 4].map((origin) => network.publish(origin, origin, 1_000))
    simulation.run()
    for (const content of [0, 1, 2, 3, 4]) {
      expect(Math.max(...receptions(taken, content, 100))).toBe(1)
    }
    return spreads.map((spread) => spread.reached)
  }

  test.each([
    ['flood', flood, 0.2],
    ['gossipMesh', gossipMesh(), 0.2],
    ['announceFetch', announceFetch(), 0.2],
    ['erasureShards', erasureShards(), 0.2],
  ])('%s makes it good', (_, protocol, loss) => {
    expect(reached(protocol, loss)).toEqual([99, 99, 99, 99, 99])
  })

  test('direct does not', () => {
    const sum = reached(direct, 0.2).reduce((total, count) => total + count, 0)
    expect(Math.abs(sum / 495 - 0.8)).toBeLessThan(3.29 * Math.sqrt((0.2 * 0.8) / 495))
  })
})

test.each([
  ['flood', flood],
  ['gossipMesh', gossipMesh()],
  ['announceFetch', announceFetch()],
])('%s checks a content before each hop but the first', (_, protocol) => {
  const links = [[1], [0, 2], [1, 3], [2]]
  const topology = { size: 4, neighbours: (node: number) => Int32Array.from(links[node]!) }
  const times = [0, 30].map((delay) => {
    const { simulation, network, taken } = createWorld(protocol, 4, {
      topology,
      relayDelay: (content) => ms(delay) * content,
    })
    network.publish(0, 1, 100)
    simulation.run()
    return taken.map(({ at }) => at)
  })
  expect(times[0]).toHaveLength(3)
  expect(times[1]).toEqual(times[0]!.map((time, hop) => time + hop * ms(30)))
})

test.each([
  ['flood', flood],
  ['gossipMesh', gossipMesh()],
])('%s passes a content on before it is judged, or after', (_, protocol) => {
  const links = [[1], [0, 2], [1]]
  const topology = { size: 3, neighbours: (node: number) => Int32Array.from(links[node]!) }
  for (const [relay, order] of [['at-once', [1, 7]], ['after-accept', [7, 1]]] as const) {
    const places = placesOf(3, 1_000_000)
    const heard: number[] = []
    const { simulation, network } = createWorld(protocol, 3, {
      ...{ topology, places, relay },
      deliver: (to, __, content) => {
        if (to === 2) heard.push(content)
        // Its own word takes its turn on the uplink.
        else network.send(1, 2, 7, 1_000)
      },
    })
    network.publish(0, 1, 1_000)
    simulation.run()
    expect(heard).toEqual(order)
  }
})

describe('verdicts', () => {
  test.each([
    ['flood', flood],
    ['gossipMesh', gossipMesh()],
    ['announceFetch', announceFetch()],
  ])('%s passes on only what is accepted, where told so', (_, protocol) => {
    const cases = [['at-once', false], ['after-accept', false], ['after-accept', 'ignore']] as const
    for (const [relay, verdict] of cases) {
      let count = 0
      const { simulation, network } = createWorld(protocol, 60, {
        topology: topologyOf(60, 3, 'verdict'),
        relay,
        deliver: () => {
          count++
          return verdict
        },
      })
      network.publish(0, 1, 100)
      simulation.run()
      if (relay === 'at-once') expect(count).toBe(59)
      // The origin itself still tells its neighbours, and nobody else does.
      else expect(count).toBeLessThanOrEqual(network.neighbours(0).length)
    }
  })
})
