import { createSimulation, ms, seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { distributedLatency } from '../latency.ts'
import { placesOf } from '../testing/testNetwork.ts'
import type { Topology } from '../topology.ts'
import { announceFetch } from './announceFetch.ts'
import { erasureShards } from './erasureShards.ts'
import { gossipMesh } from './gossipMesh.ts'
import type { BroadcastProtocol } from './protocol.ts'

const size = 60
const nodes = Int32Array.from({ length: size }, (_, node) => node)
/** Twelve hubs know everybody, and the others know them: so all bounds of degrees are met. */
const topology: Topology = {
  size,
  neighbours: (node) => nodes.filter((other) => other !== node && Math.min(node, other) < 12),
}

/** What becomes of broadcasts on slow and lossy links, while some nodes are down for a while. */
function outcomeOf(protocol: BroadcastProtocol): string {
  const simulation = createSimulation({ seed: 'defaults' })
  const network = protocol.open<number>(simulation, {
    name: 'net',
    places: placesOf(size),
    latency: distributedLatency({ kind: 'exponential', mean: 900 }),
    topology,
    lossProbability: 0.4,
    deliver: () => {},
  })
  for (let content = 0; content < 4; content++) {
    for (let node = 0; node < 8; node++) network.takeDown((content * 8 + node) % size)
    network.publish(size - 1 - content, content, 1_000)
    simulation.run({ until: seconds(3 * (content + 1)) })
    for (let node = 0; node < 8; node++) network.bringUp((content * 8 + node) % size)
  }
  simulation.run()
  return JSON.stringify([network.broadcastCounters(), simulation.digest()])
}

/** Each number of a protocol with another that should make a difference. */
type Numbers<parameters> = { [key in keyof parameters]-?: [usual: number, other: number] }

function expectDefaults<parameters extends object>(
  make: (parameters?: parameters) => BroadcastProtocol,
  numbers: Numbers<parameters>,
): void {
  const entries = Object.entries(numbers) as [string, [number, number]][]
  const usual = Object.fromEntries(entries.map(([key, [value]]) => [key, value])) as parameters
  const expected = outcomeOf(make())
  expect(outcomeOf(make(usual))).toBe(expected)
  for (const [key, [, other]] of entries) {
    expect(outcomeOf(make({ ...usual, [key]: other })), key).not.toBe(expected)
  }
}

test('gossipMesh: the numbers of the consensus layer', () => {
  expectDefaults(gossipMesh, {
    degree: [8, 7],
    degreeMin: [6, 5],
    degreeMax: [12, 13],
    lazyDegree: [6, 13],
    gossipFactor: [0.25, 0.3],
    heartbeat: [ms(700), ms(701)],
    historyLength: [6, 5],
    historyGossip: [3, 4],
    idBytes: [20, 21],
  })
})

test('gossipMesh: bounds that follow the degree', () => {
  const outcomes = (degree: number, degreeMin: number, degreeMax: number): [string, string] => [
    outcomeOf(gossipMesh({ degree })),
    outcomeOf(gossipMesh({ degree, degreeMin, degreeMax })),
  ]
  for (const [degree, low, high] of [[4, 4, 12], [9, 6, 14]] as const) {
    const [one, other] = outcomes(degree, low, high)
    expect(one).toBe(other)
  }
})

test('announceFetch: the numbers of Bitcoin', () => {
  expectDefaults(announceFetch, {
    idBytes: [61, 36],
    requestTimeout: [seconds(60), seconds(59)],
    requestsMax: [10, 2],
  })
})

test('erasureShards: a third of the shards, without proofs', () => {
  expectDefaults(erasureShards, { rebuildShare: [1 / 3, 0.4], proofBytes: [0, 1] })
})
