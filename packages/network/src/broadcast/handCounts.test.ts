import { createSimulation, ms, seconds, type Time } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { constantLatency } from '../latency.ts'
import { placesOf } from '../testing/testNetwork.ts'
import type { Topology } from '../topology.ts'
import { erasureShards } from './erasureShards.ts'
import { gossipMesh } from './gossipMesh.ts'
import type { BroadcastNetwork, BroadcastProtocol } from './protocol.ts'

/** A graph as it is drawn: one list of neighbours per node. */
const graphOf = (...links: readonly number[][]): Topology => ({
  size: links.length,
  neighbours: (node) => Int32Array.from(links[node]!),
})

const path = graphOf([1], [0, 2], [1, 3], [2])
/** 0, 1 and 2 know each other; 3 hangs on 2. */
const triangleWithTail = graphOf([1, 2], [0, 2], [0, 1, 3], [2])
const star = graphOf([1, 2, 3], [0], [0], [0])
const triangle = graphOf([1, 2], [0, 2], [0, 1])

const bytes = 1_000
const idBytes = 20

type Setup = {
  size: number
  topology?: Topology
  latency?: Time
  seed?: string
  before?: (network: BroadcastNetwork<number>) => void
  /** Happens a second after the broadcast. */
  later?: () => void
}

/** What one broadcast of node 0 costs, from its beginning to its end. */
function costOf(protocol: BroadcastProtocol, setup: Setup) {
  const { size, topology, latency = ms(100), seed = 'drawn by hand', before, later } = setup
  const simulation = createSimulation({ seed })
  const network = protocol.open<number>(simulation, {
    name: 'b',
    places: placesOf(size),
    latency: constantLatency(latency),
    deliver: () => {},
    topology,
  })
  before?.(network)
  const spread = network.publish(0, 1, bytes)
  simulation.run({ until: seconds(1) })
  later?.()
  simulation.run()
  const { delivered, duplicates, controlBytes, bytes: all } = network.broadcastCounters()
  expect(network.counters().bytes).toBe(all)
  expect(delivered).toBe(spread.reached)
  return {
    reached: spread.reached,
    lastAt: spread.lastAt / 1_000,
    duplicates,
    contents: (all - controlBytes) / bytes,
    words: controlBytes / idBytes,
  }
}

describe('gossip mesh, eager push', () => {
  const eager = gossipMesh({ degree: 3, degreeMin: 1 })

  test('a path: each passes on to the next one, and there is nobody to tell', () => {
    expect(costOf(eager, { size: 4, topology: path })).toEqual({
      ...{ reached: 3, lastAt: 300, contents: 3, duplicates: 0, words: 0 },
    })
  })

  test('a triangle with a tail: its far side is passed in both directions', () => {
    // 0 to 1 and 2; 1 to 2 and 2 to 1 in vain; 2 to 3, which has nobody else.
    expect(costOf(eager, { size: 4, topology: triangleWithTail })).toEqual({
      ...{ reached: 3, lastAt: 200, contents: 5, duplicates: 2, words: 0 },
    })
  })

  test('a triangle with a slow side: who got it round about spares its origin', () => {
    const before: Setup['before'] = (network) => {
      network.addLinkFault({ from: [0], to: [2], delay: { kind: 'constant', value: 500 } })
    }
    // 0 to 1, 1 to 2, 2 to 3; 0 to 2 in vain.
    expect(costOf(eager, { size: 4, topology: triangleWithTail, before })).toEqual({
      ...{ reached: 3, lastAt: 300, contents: 4, duplicates: 1, words: 0 },
    })
  })

  test('a star: one copy for each point, and none comes back', () => {
    expect(costOf(eager, { size: 4, topology: star })).toEqual({
      ...{ reached: 3, lastAt: 100, contents: 3, duplicates: 0, words: 0 },
    })
  })
})

describe('gossip mesh, lazy push', () => {
  const lazy = { degree: 0, degreeMin: 0 }

  test('a star: both ends of a link announce three times; three ask and are answered', () => {
    const { lastAt, ...cost } = costOf(gossipMesh(lazy), { size: 4, topology: star })
    // IHAVE: 3 from the middle and 1 from each point, three times; IWANT: 3.
    expect(cost).toEqual({ reached: 3, contents: 3, duplicates: 0, words: 3 * (3 + 3) + 3 })
    // The first heartbeat of the middle, then announcement, request and answer.
    expect(lastAt).toBeGreaterThan(300)
    expect(lastAt).toBeLessThanOrEqual(700 + 300)
  })

  test('nobody tells a node that is down', () => {
    const before: Setup['before'] = (network) => network.takeDown(3)
    const cost = costOf(gossipMesh(lazy), { size: 4, topology: star, before })
    expect(cost).toMatchObject({ reached: 2, contents: 2, words: 3 * (2 + 2) + 2 })
  })

  test('heartbeats of different nodes come at any time, and all at the same distance', () => {
    const waits = Array.from({ length: 100 }, (_, run) => {
      const { lastAt } = costOf(gossipMesh(lazy), {
        ...{ size: 2, topology: graphOf([1], [0]), latency: 0, seed: `beat ${run}` },
      })
      return lastAt
    }).sort((one, other) => one - other)
    // Uniform up to 700 ms: 1.95 / √n is exceeded once in a thousand.
    waits.forEach((wait, index) => {
      expect(wait).toBeLessThanOrEqual(700)
      expect(Math.abs(wait / 700 - (index + 0.5) / 100)).toBeLessThan(0.195)
    })
  })

  test('announced at one heartbeat only', () => {
    const once = gossipMesh({ ...lazy, historyGossip: 1 })
    expect(costOf(once, { size: 4, topology: star })).toMatchObject({
      ...{ reached: 3, contents: 3, duplicates: 0, words: 3 + 3 + 3 },
    })
  })

  test('of two contents each is announced three times, whatever the other does', () => {
    const simulation = createSimulation({ seed: 'two' })
    const network = gossipMesh(lazy).open<number>(simulation, {
      name: 'b',
      places: placesOf(4),
      latency: constantLatency(ms(10)),
      topology: star,
      deliver: () => {},
    })
    network.publish(0, 1, bytes)
    simulation.run({ until: ms(1_500) })
    network.publish(0, 2, bytes)
    simulation.run()
    const { controlBytes, duplicates, delivered } = network.broadcastCounters()
    expect([delivered, duplicates, controlBytes / idBytes]).toEqual([6, 0, 2 * (3 * (3 + 3) + 3)])
  })

  test('to no more than so many at a heartbeat', () => {
    const one = gossipMesh({ ...lazy, lazyDegree: 1, gossipFactor: 0, historyGossip: 1 })
    // The middle tells one of three, who tells the middle.
    expect(costOf(one, { size: 4, topology: star })).toMatchObject({
      ...{ reached: 1, contents: 1, duplicates: 0, words: 1 + 1 + 1 },
    })
  })

  test('to a part of those outside the mesh, where that is more', () => {
    const points = Array.from({ length: 40 }, (_, point) => point + 1)
    const wide = graphOf(points, ...points.map(() => [0]))
    const part = { degree: 8, degreeMax: 8, lazyDegree: 3, gossipFactor: 0.25, historyGossip: 1 }
    // The middle pushes to 8 and tells a quarter of 32 others; all points know who has it.
    expect(costOf(gossipMesh(part), { size: 41, topology: wide })).toMatchObject({
      ...{ reached: 8 + 8, contents: 8 + 8, duplicates: 0 },
      // IHAVE of the middle, IWANT, and an IHAVE back of each who is no mesh neighbour.
      words: 8 + 8 + 8,
    })
  })

  test('to so many of all, where everybody is connected with everybody', () => {
    const two = gossipMesh({ ...lazy, lazyDegree: 2, historyGossip: 1 })
    const { reached, words, duplicates } = costOf(two, { size: 200, latency: 0 })
    expect(reached).toBeGreaterThan(100)
    // Each that has it tells two, once, and each that got it has asked.
    expect([words, duplicates]).toEqual([2 * (reached + 1) + reached, 0])
  })

  test('a request that is lost is made again at the next announcement', () => {
    let mend = (): void => {}
    const cost = costOf(gossipMesh(lazy), {
      size: 2,
      topology: graphOf([1], [0]),
      before: (network) => {
        mend = network.addLinkFault({ from: [1], to: [0], cut: 'drop' })
      },
      later: () => mend(),
    })
    // Three announcements each; node 0's first one or two are asked for in vain.
    expect([8, 9]).toContain(cost.words)
    expect(cost).toMatchObject({ reached: 1, contents: 1, duplicates: 0 })
  })

  test('who asks after the history is over gets nothing', () => {
    const slow = { size: 2, topology: graphOf([1], [0]), latency: ms(800) }
    const of = (historyLength: number) => costOf(gossipMesh({ ...lazy, historyLength }), slow)
    // A request comes 1.6 s after its announcement, more than two heartbeats: at the third to
    // fifth since the content came. All announcements have been made by the first answer: three, or
    // those of a shorter history.
    expect(of(1)).toMatchObject({ reached: 0, contents: 0, duplicates: 0, words: 1 + 1 })
    expect(of(2)).toMatchObject({ reached: 0, contents: 0, duplicates: 0, words: 2 + 2 })
    expect(of(3)).toMatchObject({ reached: 1, contents: 1, duplicates: 0, words: 3 + 3 + 3 })
    expect(of(5)).toMatchObject({ reached: 1, contents: 3, duplicates: 2, words: 3 + 3 + 3 })
  })
})

test('gossip mesh, both: who is outside the mesh is told at heartbeats', () => {
  // One link of the triangle is the mesh, of node 0 and another; the third node has none.
  const both = gossipMesh({ degree: 1, degreeMin: 0, degreeMax: 1 })
  const { lastAt, ...cost } = costOf(both, { size: 3, topology: triangle, latency: 0 })
  // Node 0 and its partner tell the third node, three times each; that one tells both of them.
  expect(cost).toEqual({ reached: 2, contents: 2, duplicates: 0, words: 3 + 3 + 6 + 1 })
  expect(lastAt).toBeLessThanOrEqual(700)
})

test('erasure-coded shards: a share that is rounded is no shard more', () => {
  // 0.28 of 25 are 7, and in floating point a hair more.
  expect(0.28 * 25).toBeGreaterThan(7)
  const { contents } = costOf(erasureShards({ rebuildShare: 0.28 }), { size: 26 })
  expect(contents).toBe(((25 + 25 * 24) * 143) / bytes)
})

describe('erasure-coded shards among four', () => {
  const of = (rebuildShare: number, down: readonly number[] = []) =>
    costOf(erasureShards({ rebuildShare, proofBytes: 32 }), {
      size: 4,
      before: (network) => down.forEach(network.takeDown),
    })
  /** So many shards, each a part of the content and its proof. */
  const shards = (count: number, part: number): number => (count * (part + 32)) / bytes

  // Node 0 sends 3 shards, and each of 3 owners passes its own on to 2.
  test.each([
    [1 / 3, { lastAt: 100, contents: shards(9, 1_000), duplicates: 6 }],
    [2 / 3, { lastAt: 200, contents: shards(9, 500), duplicates: 3 }],
    [1, { lastAt: 200, contents: shards(9, 334), duplicates: 0 }],
  ])('%d of them suffice', (share, expected) => {
    expect(of(share)).toEqual({ reached: 3, words: 0, ...expected })
  })

  test('without one owner two of three shards are left, without two only one', () => {
    // 3 from the origin, and 2 from each owner that is up, the copies for who is down included.
    expect(of(2 / 3, [3])).toEqual({
      ...{ reached: 2, words: 0, lastAt: 200, contents: shards(7, 500), duplicates: 0 },
    })
    expect(of(2 / 3, [2, 3])).toMatchObject({ reached: 0, contents: shards(5, 500) })
    expect(of(1 / 3, [2, 3])).toMatchObject({ reached: 1, contents: shards(5, 1_000) })
  })
})
