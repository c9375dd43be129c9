import { ms } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { announceFetch } from './broadcast/announceFetch.ts'
import { erasureShards } from './broadcast/erasureShards.ts'
import { gossipMesh } from './broadcast/gossipMesh.ts'
import { LatencyError, LinkFaultError, NetworkError } from './errors.ts'
import { constantLatency } from './latency.ts'
import type { Network } from './network.ts'
import { createTestNetwork, placesOf } from './testing/testNetwork.ts'
import { completeTopology } from './topology.ts'

test.each<[object, string]>([
  [{ latency: undefined }, 'such as `constantLatency(ms(50))`'],
  [{ latency: 50 }, "cannot have this 'latency'"],
  [{ deliver: undefined }, 'a function (to, from, message)'],
  [{ places: undefined }, "cannot have these 'places'"],
  [{ lossProbability: 2 }, 'a probability from 0 to 1'],
  [{ lossProbability: Number.NaN }, 'Found:    NaN'],
  [{ bandwidth: 'fairly' }, "'queue' or 'fair'"],
  [{ streams: 'own' }, "'per-node' or 'shared'"],
  [{ duplicates: 'count' }, "Found:    'count'"],
  [{ relay: 'later' }, "cannot have this 'relay'"],
  [{ topology: completeTopology(7) }, 'as many nodes as there are places, 4'],
  [{ places: placesOf(2, 0) }, "'node 0' cannot have this 'uplinkBytesPerSecond'"],
  [{ places: placesOf(2, 5, -1) }, "this 'downlinkBytesPerSecond'"],
  [{ places: placesOf(2, Number.NaN) }, 'above 0, or nothing for no limit'],
])('error: a network of %o', (options, message) => {
  expect(() => createTestNetwork(options)).toThrow(NetworkError)
  expect(() => createTestNetwork(options)).toThrow(message)
})

test.each<[string, (network: Network<number>) => unknown, string]>([
  ['a receiver', (network) => network.send(0, 4, 1, 1), 'Expected: 0 to 3'],
  ['a sender', (network) => network.send(-1, 0, 1, 1), 'Found:    -1'],
  ['half a node', (network) => network.send(0.5, 0, 1, 1), 'no such node'],
  ['one of many', (network) => network.multicast(0, [1, 2, Number.NaN], 1, 1), 'no such node'],
  ['an origin', (network) => network.broadcast(9, 1, 1), 'no such node'],
  ['who goes down', (network) => network.takeDown(4), 'no such node'],
  ['who comes up', (network) => network.bringUp(4), 'no such node'],
  ['fewer than no bytes', (network) => network.send(0, 1, 1, -5), 'bytes of at least 0'],
  ['bytes that are no number', (network) => network.broadcast(0, 1, Number.NaN), 'Found:    NaN'],
  ['half a byte', (network) => network.multicast(0, [1], 1, 0.5), 'Found:    0.5'],
  ['a loss', (network) => network.setLossProbability(-0.1), 'a probability from 0 to 1'],
])('error: %s that cannot be', (_, act, message) => {
  const { simulation, network } = createTestNetwork()
  expect(() => act(network)).toThrow(NetworkError)
  expect(() => act(network)).toThrow(message)
  expect(simulation.pending()).toBe(0)
  expect(network.counters()).toMatchObject({ sent: 0, bytes: 0 })
})

test('error: groups and cuts that cannot be', () => {
  const { network } = createTestNetwork()
  for (const act of [
    () => network.assignGroup(4, 1),
    () => network.assignGroup(0, Number.NaN),
    () => network.setPartitionMode('held' as never),
    () => network.addLinkFault({ cut: 'held' as never }),
  ]) {
    expect(act).toThrow(LinkFaultError)
  }
  expect(() => createTestNetwork({ partitionMode: 'held' as never })).toThrow("'drop' or 'hold'")
})

test.each([-1, 1.5, Number.NaN])('error: a constant latency of %d', (delay) => {
  expect(() => constantLatency(delay)).toThrow(LatencyError)
  expect(() => constantLatency(delay)).toThrow('a whole number of µs of at least 0')
})

describe('protocols', () => {
  test.each<[() => unknown, string]>([
    [() => gossipMesh({ degree: -1 }), "'gossipMesh' cannot work with this 'degree'"],
    [() => gossipMesh({ degree: 2.5 }), 'a whole number from 0 to 255'],
    [() => gossipMesh({ degreeMax: 4 }), 'a whole number from 8 to 255'],
    [() => gossipMesh({ degreeMin: 9 }), 'a whole number from 0 to 8'],
    [() => gossipMesh({ heartbeat: 0 }), "this 'heartbeat'"],
    [() => gossipMesh({ gossipFactor: 1.1 }), 'a number from 0 to 1'],
    [() => gossipMesh({ historyGossip: -1 }), 'a whole number from 0 to 6'],
    [() => gossipMesh({ historyGossip: 5, historyLength: 4 }), 'a whole number from 0 to 4'],
    [() => announceFetch({ requestTimeout: Number.NaN }), "this 'requestTimeout'"],
    [() => announceFetch({ requestsMax: 0 }), 'of at least 1'],
    [() => announceFetch({ idBytes: -1 }), "this 'idBytes'"],
    [() => erasureShards({ rebuildShare: 0 }), "this 'rebuildShare'"],
    [() => erasureShards({ rebuildShare: 2 }), 'Found:    2'],
    [() => erasureShards({ proofBytes: 0.5 }), "this 'proofBytes'"],
  ])('error: %s', (make, message) => {
    expect(make).toThrow(NetworkError)
    expect(make).toThrow(message)
  })

  test('default: bounds of the degree follow it', () => {
    for (const degree of [0, 3, 20]) {
      const { simulation } = createTestNetwork()
      const network = gossipMesh({ degree }).open<number>(simulation, {
        name: 'mesh',
        places: placesOf(60),
        latency: constantLatency(ms(1)),
        deliver: () => {},
      })
      const spread = network.publish(0, 1, 100)
      simulation.run()
      expect(spread.reached).toBe(59)
    }
  })
})
