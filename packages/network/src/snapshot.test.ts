import { createStream, fork, ms, SnapshotError } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { gossipMesh } from './broadcast/gossipMesh.ts'
import { distributedLatency } from './latency.ts'
import type { NetworkOptions } from './network.ts'
import { createTestNetwork, placesOf } from './testing/testNetwork.ts'
import { randomTopology } from './topology.ts'

const size = 40
const stream = createStream({ seed: 'snapshot', replication: 0, purpose: 'links' })
const topology = randomTopology({ size, outgoing: 3, stream })
const latency = distributedLatency({ kind: 'exponential', mean: 20 })

/** A busy network; what its nodes have heard is kept too. */
const create = (options: Partial<NetworkOptions<number>> = {}) => () => {
  const world = createTestNetwork({ places: placesOf(size), latency, ...options }, 'snapshot')
  const { simulation, network } = world
  const act = simulation.define('act', (node, number) => {
    network.broadcast(node, number, 100)
    network.send(node, (node + 1) % size, number + 1, 10)
    if (number % 30 === 0) network.takeDown((node + 5) % size)
    if (number % 50 === 0) network.bringUp((node + 9) % size)
    if (number % 70 === 0) network.assignGroup(node, 1)
    if (number % 110 === 0) network.setLossProbability(0.2)
    if (number < 300) simulation.after(ms(7), act, (node * 7 + 3) % size, number + 10)
  })
  simulation.keep('log', {
    save: () => world.arrivals,
    restore: (saved) => world.arrivals.splice(0, Infinity, ...saved),
  })
  simulation.at(0, act, 0, 10)
  return world
}
const outcomeOf = ({ simulation, network, arrivals }: ReturnType<ReturnType<typeof create>>) => ({
  digest: simulation.digest(),
  counters: network.counters(),
  arrivals: [...arrivals],
})

describe.each<[string, Partial<NetworkOptions<number>>]>([
  ['direct', {}],
  ['flood', { topology, relayDelay: () => ms(2) }],
  ['flood, duplicates counted', { topology, duplicates: 'counted' }],
])('a snapshot with messages under way: %s', (_, options) => {
  test('default: the run, a fork of it and the run put back go on alike', () => {
    const make = create(options)
    const world = make()
    world.simulation.run({ until: ms(101) })
    const snapshot = world.simulation.snapshot()
    expect(snapshot.pending).toBeGreaterThan(10)
    const twin = fork(make, snapshot)
    world.simulation.run()
    const expected = outcomeOf(world)
    expect(expected.counters.dropped).toBeGreaterThan(0)
    // The twin has a fault of its own before it is put back once more.
    twin.network.addLinkFault({ from: [0], cut: 'hold' })
    twin.simulation.run({ until: ms(150) })
    twin.simulation.restore(snapshot)
    twin.simulation.run()
    expect(outcomeOf(twin)).toEqual(expected)
    world.simulation.restore(snapshot)
    world.simulation.run()
    expect(outcomeOf(world)).toEqual(expected)
  })
})

test('a fork has the groups, their mode, the loss and the nodes of the snapshot', () => {
  const make = () => createTestNetwork({}, 'groups')
  const { simulation, network } = make()
  network.assignGroup(1, 1)
  network.setPartitionMode({ slow: ms(30) })
  network.takeDown(3)
  const slow = simulation.snapshot()
  network.setPartitionMode('drop')
  network.setLossProbability(1)
  const lossy = simulation.snapshot()
  network.setLossProbability(0)
  const cut = simulation.snapshot()
  const goOn = (snapshot: typeof slow) => {
    const twin = fork(make, snapshot)
    for (const to of [1, 2, 3]) twin.network.send(0, to, to, 1)
    // Node 3 is up again when its message comes.
    expect(twin.network.isUp(3)).toBe(false)
    twin.network.bringUp(3)
    twin.simulation.run()
    return { log: twin.log(), dropped: twin.network.counters().dropped }
  }
  const free = [2, 3].map((to) => [to, to, ms(10)])
  expect(goOn(slow)).toEqual({ log: [...free, [1, 1, ms(40)]], dropped: 0 })
  expect(goOn(lossy)).toEqual({ log: [], dropped: 3 })
  expect(goOn(cut)).toEqual({ log: free, dropped: 1 })
})

test('what is put back knows nothing of what a cut had held later on', () => {
  const { simulation, network, log } = createTestNetwork()
  const snapshot = simulation.snapshot()
  const end = network.addLinkFault({ cut: 'hold' })
  network.send(0, 1, 1, 1)
  simulation.run({ until: ms(30) })
  end()
  simulation.restore(snapshot)
  network.send(0, 1, 2, 1)
  simulation.run()
  expect(log()).toEqual([[2, 1, ms(10)]])
})

test.each<[string, Partial<NetworkOptions<number>>, string]>([
  ['bandwidth', { places: placesOf(size, 1_000) }, 'it has limits of bandwidth'],
  ['order', { fifo: true }, 'it keeps the order of messages'],
])('error: what a snapshot cannot hold: %s', (_, options, reason) => {
  const { simulation } = create(options)()
  expect(() => simulation.snapshot()).toThrow(SnapshotError)
  expect(() => simulation.snapshot()).toThrow(reason)
  expect(() => simulation.snapshot()).toThrow('`replayTo(makeRun, events)`')
})

test('error: faults that are on, and what they hold', () => {
  const { simulation, network } = create()()
  const end = network.addLinkFault({ from: [0], cut: 'hold' })
  expect(() => simulation.snapshot()).toThrow('a fault of its links is on')
  network.send(0, 1, 1, 1)
  expect(() => simulation.snapshot()).toThrow('a cut holds messages')
  end()
  expect(() => simulation.snapshot()).toThrow('messages that a cut had held are under way')
  simulation.run({ until: ms(5_000) })
  expect(simulation.snapshot().now).toBe(ms(5_000))
})

test('error: what groups hold that met the cut on arrival', () => {
  const { simulation, network } = createTestNetwork({ partitionMode: 'hold' })
  network.send(0, 1, 1, 1)
  network.assignGroup(1, 1)
  expect(() => simulation.snapshot()).not.toThrow()
  simulation.run({ until: ms(15) })
  expect(() => simulation.snapshot()).toThrow('a cut holds messages')
  network.assignGroup(1, 0)
  simulation.run()
  expect(simulation.snapshot().events).toBe(2)
})

test('error: broadcasts of a protocol', () => {
  const { simulation } = createTestNetwork()
  gossipMesh().open<number>(simulation, {
    name: 'mesh',
    places: placesOf(3),
    latency,
    deliver: () => {},
  })
  expect(() => simulation.snapshot()).toThrow("cannot hold the network 'mesh'")
})
