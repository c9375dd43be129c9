import { createSimulation, createStream, log, ms, seconds, type Time } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { constantLatency } from '../latency.ts'
import type { NetworkOptions } from '../network.ts'
import { placesOf } from '../testing/testNetwork.ts'
import { completeTopology, randomTopology, type Topology } from '../topology.ts'
import { announceFetch } from './announceFetch.ts'
import { erasureShards } from './erasureShards.ts'
import { direct, flood } from './flood.ts'
import { gossipMesh } from './gossipMesh.ts'
import type { BroadcastProtocol } from './protocol.ts'

const topologyOf = (size: number, outgoing: number): Topology => {
  const stream = createStream({ seed: 'links', replication: 0, purpose: 't' })
  return randomTopology({ size, outgoing, stream })
}

function createWorld(
  protocol: BroadcastProtocol,
  size: number,
  options: Partial<NetworkOptions<number>> = {},
) {
  const simulation = createSimulation({ seed: 'broadcast' })
  const times: Time[] = []
  const network = protocol.open<number>(simulation, {
    name: 'b',
    places: placesOf(size),
    latency: constantLatency(ms(100)),
    deliver: (to) => {
      times[to] = simulation.now()
    },
    ...options,
  })
  return { simulation, network, times }
}

describe('closed forms', () => {
  const size = 30
  const topology = topologyOf(size, 4)
  const ends = Array.from({ length: size }, (_, node) => topology.neighbours(node).length)
  const degreeSum = ends.reduce((sum, count) => sum + count, 0)
  const cost = (protocol: BroadcastProtocol) => {
    const { simulation, network } = createWorld(protocol, size, { topology })
    network.publish(0, 1, 2_900)
    simulation.run()
    return network.broadcastCounters()
  }

  test('direct: a copy for each', () => {
    expect(cost(direct)).toMatchObject({ bytes: 29 * 2_900, duplicates: 0, controlBytes: 0 })
  })

  test('flood: over every link, twice but for those it first came by', () => {
    const copies = degreeSum - (size - 1)
    const expected = { bytes: copies * 2_900, duplicates: copies - 29, controlBytes: 0 }
    expect(cost(flood)).toMatchObject(expected)
  })

  test('announceFetch: one copy for each, words over the links', () => {
    const { bytes, controlBytes, duplicates } = cost(announceFetch({ idBytes: 10 }))
    expect(duplicates).toBe(0)
    expect(bytes - controlBytes).toBe(29 * 2_900)
    // A request for each, and at least one announcement over each link.
    expect(controlBytes).toBeGreaterThanOrEqual(10 * (29 + degreeSum / 2))
    expect(controlBytes).toBeLessThanOrEqual(10 * (29 + degreeSum))
  })

  test('erasureShards: 29 shards, 10 of them suffice, each to everybody', () => {
    const { bytes, duplicates } = cost(erasureShards({ proofBytes: 10 }))
    expect(bytes).toBe((29 + 29 * 28) * (290 + 10))
    expect(duplicates).toBe(29 * 29 - 29 * 10)
  })

  test('gossipMesh: at most a degree of copies for each', () => {
    const { bytes, controlBytes } = cost(gossipMesh())
    const perNode = (bytes - controlBytes) / 2_900 / size
    expect(perNode).toBeGreaterThan(5)
    expect(perNode).toBeLessThan(8)
    expect(controlBytes).toBeGreaterThan(0)
  })
})

test('the origin of a large content is done earlier with shards than alone', () => {
  const size = 31
  const places = placesOf(size, 1_000_000)
  const last = (protocol: BroadcastProtocol): Time => {
    const { simulation, network } = createWorld(protocol, size, { places })
    const spread = network.publish(0, 1, 300_000)
    simulation.run()
    return spread.lastAt
  }
  expect(last(direct)).toBe(30 * ms(300) + ms(100))
  // 30 shards of 30 kB leave the origin, then 29 of each owner: 0.9 s and 0.87 s, with the trips.
  expect(last(erasureShards())).toBeLessThan(ms(900 + 870 + 200))
})

describe('announceFetch', () => {
  test('a hop takes three trips', () => {
    const topology: Topology = {
      size: 3,
      neighbours: (node) => Int32Array.from(node === 1 ? [0, 2] : [1]),
    }
    const { simulation, network, times } = createWorld(announceFetch(), 3, { topology })
    network.publish(0, 1, 100)
    simulation.run()
    expect(times.slice(1)).toEqual([ms(300), ms(600)])
  })

  test('who is not answered asks the next one after the timeout', () => {
    const protocol = announceFetch({ requestTimeout: seconds(2) })
    const { simulation, network, times } = createWorld(protocol, 3)
    network.addLinkFault({ from: [2], to: [0], cut: 'drop' })
    network.publish(0, 1, 100)
    simulation.run()
    // Node 2 asked node 0 at 100 ms in vain, and heard of node 1 meanwhile.
    expect(times.slice(1)).toEqual([ms(300), ms(2_300)])
  })

  test('who was down when the time ran out asks whoever speaks up next', () => {
    const protocol = announceFetch({ requestTimeout: seconds(2) })
    const { simulation, network, times } = createWorld(protocol, 3)
    network.addLinkFault({ from: [2], to: [0], cut: 'drop' })
    network.addLinkFault({ from: [0], to: [1], delay: { kind: 'constant', value: 1_000 } })
    network.publish(0, 1, 100)
    simulation.run({ until: seconds(2) })
    network.takeDown(2)
    simulation.run({ until: ms(2_200) })
    network.bringUp(2)
    simulation.run()
    // Node 1 has it at 2.3 s, after three trips of which two are slow.
    expect(times.slice(1)).toEqual([ms(2_300), ms(2_600)])
  })

  test('nobody tells those who told him', () => {
    const links = [[1, 2], [0, 3], [0, 3], [1, 2]]
    const topology = { size: 4, neighbours: (node: number) => Int32Array.from(links[node]!) }
    const { simulation, network } = createWorld(announceFetch({ idBytes: 1 }), 4, { topology })
    network.publish(0, 1, 100)
    simulation.run()
    // Announcements over the four links, and three requests.
    expect(network.broadcastCounters().controlBytes).toBe(4 + 3)
  })

  test('who has refused something asks nobody for it again', () => {
    const { simulation, network } = createWorld(announceFetch({ idBytes: 1 }), 3, {
      topology: completeTopology(3),
      relay: 'after-accept',
      deliver: (to) => to === 1,
    })
    network.publish(0, 1, 100)
    simulation.run()
    // Node 0 tells both and both ask; node 1 tells node 2, which has seen enough.
    const expected = { bytes: 2 * 100 + 5, controlBytes: 5, duplicates: 0, delivered: 2 }
    expect(network.broadcastCounters()).toMatchObject(expected)
  })

  test('it gives up in the end', () => {
    const protocol = announceFetch({ requestsMax: 3 })
    const { simulation, network } = createWorld(protocol, 2)
    network.addLinkFault({ from: [1], cut: 'drop' })
    const spread = network.publish(0, 1, 100)
    simulation.run()
    expect(spread.reached).toBe(0)
    expect(network.broadcastCounters().controlBytes).toBe(61 * (1 + 3))
  })
})

describe('gossipMesh', () => {
  test('lazy push alone reaches everybody, at the pace of the heartbeats', () => {
    const lazy = gossipMesh({ degree: 0, degreeMin: 0 })
    const { simulation, network, times } = createWorld(lazy, 50, { topology: topologyOf(50, 6) })
    const spread = network.publish(0, 1, 1_000)
    simulation.run()
    expect(spread.reached).toBe(49)
    expect(Math.min(...times.slice(1))).toBeGreaterThanOrEqual(ms(300))
    const { bytes, controlBytes, duplicates } = network.broadcastCounters()
    expect(bytes - controlBytes).toBe((49 + duplicates) * 1_000)
  })

  test('a node that comes back has its place in the mesh again', () => {
    const { simulation, network, times } = createWorld(gossipMesh(), 40)
    network.takeDown(7)
    network.publish(0, 1, 1_000)
    simulation.run()
    expect(times[7]).toBeUndefined()
    network.bringUp(7)
    simulation.run({ until: simulation.now() + seconds(1) })
    const at = simulation.now()
    network.publish(0, 2, 1_000)
    simulation.run()
    // By eager push, before a heartbeat of others could tell it.
    expect(times[7]! - at).toBeLessThanOrEqual(ms(400))
  })

  test('who is gone has no links, once those it had have noticed', () => {
    const { simulation, network } = createWorld(gossipMesh(), 30)
    for (let gone = 1; gone < 16; gone++) {
      network.publish(0, gone, 1_000)
      // It has heard of that by then, mostly, and meant to tell others.
      simulation.run({ until: simulation.now() + ms(350) })
      network.takeDown(gone)
      simulation.run()
    }
    const { dropped } = network.counters()
    network.publish(0, 99, 1_000)
    simulation.run()
    expect(network.counters().dropped).toBe(dropped)
  })

  test('links to those who are gone are made good', () => {
    const eager = gossipMesh({ degree: 4, degreeMin: 4, lazyDegree: 0, gossipFactor: 0 })
    const { simulation, network } = createWorld(eager, 60)
    for (let node = 30; node < 60; node++) network.takeDown(node)
    simulation.run({ until: seconds(2) })
    const spread = network.publish(0, 1, 1_000)
    simulation.run()
    expect(spread.reached).toBe(29)
  })

  test('what was refused is not announced with what was accepted', () => {
    const topology = topologyOf(60, 10)
    const { simulation, network } = createWorld(gossipMesh(), 60, {
      topology,
      relay: 'after-accept',
      deliver: (_to, _from, content) => content === 1,
    })
    const [good, bad] = [network.publish(0, 1, 100), network.publish(0, 2, 100)]
    simulation.run()
    expect(good.reached).toBe(59)
    expect(bad.reached).toBeLessThanOrEqual(topology.neighbours(0).length)
  })

  test('who has refused something does not ask for it again', () => {
    const lazy = gossipMesh({ degree: 0, idBytes: 1 })
    const { simulation, network } = createWorld(lazy, 3, {
      topology: completeTopology(3),
      latency: constantLatency(0),
      relay: 'after-accept',
      deliver: (to) => to === 1,
    })
    const count = 40
    for (let content = 0; content < count; content++) network.publish(0, content, 100)
    simulation.run()
    // Nodes 0 and 1 tell both others, three times; nodes 1 and 2 ask once.
    const controlBytes = count * (2 * 2 * 3 + 2)
    const expected = { bytes: count * 2 * 100 + controlBytes, controlBytes, duplicates: 0 }
    expect(network.broadcastCounters()).toMatchObject(expected)
  })

  test('announcements end after three heartbeats, and with them the run', () => {
    const topology = completeTopology(20)
    const { simulation, network } = createWorld(gossipMesh(), 20, { topology })
    network.publish(0, 1, 1_000)
    simulation.run()
    expect(simulation.now()).toBeLessThan(ms(300 + 4 * 700 + 300))
    expect(simulation.pending()).toBe(0)
  })
})

test('the logarithmic law: a mesh of degree D is about ln N / ln(D − 1) hops wide', () => {
  const eager = gossipMesh({ lazyDegree: 0, gossipFactor: 0 })
  const hops = (size: number): number => {
    const options = { topology: topologyOf(size, 20) }
    const { simulation, network, times } = createWorld(eager, size, options)
    let sum = 0
    for (const origin of [0, 1, 2]) {
      const at = simulation.now()
      network.publish(origin, origin, 1_000)
      simulation.run()
      times.forEach((time, node) => {
        if (node !== origin) sum += (time - at) / ms(100)
      })
    }
    return sum / 3 / (size - 1)
  }
  const sizes = [250, 1_000, 4_000]
  const found = sizes.map(hops)
  found.forEach((mean, index) => {
    expect(Math.abs(mean - log(sizes[index]!) / log(7))).toBeLessThan(0.3)
  })
  // Sixteen times the nodes cost ln 16 / ln 7 hops more, whatever the constant.
  expect(Math.abs((found[2]! - found[0]!) / (log(16) / log(7)) - 1)).toBeLessThan(0.07)
})
