import { fuzzParameters } from '@counterpoise/dev'
import { ms } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { constantLatency, distributedLatency } from './latency.ts'
import type { NetworkOptions } from './network.ts'
import { createTestNetwork, placesOf } from './testing/testNetwork.ts'

/**
 * Node 0 sends 1 before a split from node 1 that lasts from 5 ms to 30 ms, 2 and 3 during it, 4
 * during it but so late that it arrives after it, and 5 afterwards.
 */
function acrossSplit(options: Partial<NetworkOptions<number>>) {
  const world = createTestNetwork(options)
  const { simulation, network } = world
  network.send(0, 1, 1, 100)
  simulation.run({ until: ms(5) })
  network.assignGroup(0, 1)
  network.assignGroup(2, 1)
  for (const [message, at] of [
    [2, 6],
    [3, 7],
    [4, 25],
  ] as const) {
    simulation.run({ until: ms(at) })
    network.send(0, 1, message, 100)
    network.send(0, 2, message, 100)
  }
  simulation.run({ until: ms(30) })
  network.assignGroup(0, 0)
  network.assignGroup(2, 0)
  network.send(0, 1, 5, 100)
  simulation.run()
  const log = world.log().flatMap(([message, to, at]) => (to === 1 ? [[message, at / 1_000]] : []))
  const within = world.log().flatMap(([message, to]) => (to === 2 ? [message] : []))
  expect(within).toEqual([2, 3, 4])
  return { ...world, log, counters: network.counters() }
}

describe('what meets a split', () => {
  test('is dropped, when it is sent as well as when it arrives', () => {
    const { log, counters } = acrossSplit({})
    expect(log).toEqual([[5, 40]])
    expect(counters).toMatchObject({ sent: 8, delivered: 4, dropped: 4 })
  })

  test('is held and delivered in order when the split is over', () => {
    const { log, counters } = acrossSplit({ partitionMode: 'hold' })
    // 1 had arrived at the cut; the others set out when it is over.
    expect(log).toEqual([
      [1, 30],
      [2, 40],
      [3, 40],
      [4, 40],
      [5, 40],
    ])
    expect(counters).toMatchObject({ sent: 8, delivered: 8, dropped: 0 })
  })

  test('is slow', () => {
    const { log } = acrossSplit({ partitionMode: { slow: ms(40) } })
    expect(log).toEqual([
      [1, 10],
      [5, 40],
      [2, 56],
      [3, 57],
      [4, 75],
    ])
  })

  test('what was held takes its turn on the uplink', () => {
    const { log } = acrossSplit({ partitionMode: 'hold', places: placesOf(3, 100_000) })
    expect(log.map(([message, at]) => [message, Number(at) - 40])).toEqual([
      [1, -10],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
    ])
  })

  test.each(['queue', 'fair'] as const)('property: held messages keep their order: %s', (how) => {
    const latency = distributedLatency({ kind: 'exponential', mean: 20 })
    const steps = fc.array(fc.tuple(fc.nat(3_000), fc.nat(20_000)), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(steps, fc.boolean(), (sends, isLimited) => {
        const { simulation, network, arrivals } = createTestNetwork({
          latency,
          bandwidth: how,
          places: placesOf(3, isLimited ? 1_000_000 : undefined),
        })
        const heal = network.addLinkFault({ between: [[0], [1, 2]], cut: 'hold' })
        sends.forEach(([bytes, wait], message) => {
          network.send(0, 1 + (message % 2), message, bytes)
          simulation.run({ until: simulation.now() + wait })
        })
        simulation.run()
        expect(arrivals).toEqual([])
        heal()
        simulation.run()
        for (const to of [1, 2]) {
          const order = arrivals.flatMap((arrival) => (arrival.to === to ? [arrival.message] : []))
          const expected = sends.map((_, message) => message)
          expect(order).toEqual(expected.filter((message) => 1 + (message % 2) === to))
        }
      }),
      fuzzParameters(50),
    )
  })
})

describe('faults of single links', () => {
  test('a cut in one direction leaves the other', () => {
    const { simulation, network, log } = createTestNetwork()
    const mend = network.addLinkFault({ from: [0], to: [1, 2], cut: 'drop' })
    network.broadcast(0, 1, 1)
    network.send(1, 0, 2, 1)
    simulation.run()
    expect(log().map(([message, to]) => [message, to])).toEqual([
      [1, 3],
      [2, 0],
    ])
    mend()
    mend()
    network.send(0, 1, 3, 1)
    simulation.run()
    expect(log().at(-1)).toEqual([3, 1, ms(20)])
  })

  test('a delay is added to the latency, and several add up', () => {
    const { simulation, network, log } = createTestNetwork()
    const delay = { kind: 'constant', value: 5 } as const
    const ends = [
      network.addLinkFault({ from: [0], delay }),
      network.addLinkFault({ from: [1], to: [0], bothWays: true, delay }),
    ]
    network.broadcast(0, 1, 1)
    network.send(1, 0, 2, 1)
    network.send(2, 1, 3, 1)
    for (const end of ends) end()
    network.send(0, 1, 4, 1)
    simulation.run()
    expect(log()).toEqual([
      [3, 1, ms(10)],
      [4, 1, ms(10)],
      [1, 2, ms(15)],
      [1, 3, ms(15)],
      [2, 0, ms(15)],
      [1, 1, ms(20)],
    ])
  })

  test('losses of several faults are independent of each other', () => {
    const { simulation, network, arrivals } = createTestNetwork({ lossProbability: 0.1 })
    network.addLinkFault({ to: [1], loss: 0.2 })
    network.addLinkFault({ from: [0], loss: 0.5 })
    const count = 10_000
    for (let index = 0; index < count; index++) network.send(0, 1, index, 1)
    simulation.run()
    const expected = 0.9 * 0.8 * 0.5
    const deviation = Math.sqrt((expected * (1 - expected)) / count)
    expect(Math.abs(arrivals.length / count - expected)).toBeLessThan(3.29 * deviation)
    expect(network.counters()).toMatchObject({ dropped: count - arrivals.length })
  })

  test('a throttled link takes longer to send over, and what is behind it waits', () => {
    const { simulation, network, log } = createTestNetwork({ places: placesOf(3, 1_000_000) })
    network.addLinkFault({ from: [0], to: [1], throttle: 0.25 })
    network.broadcast(0, 1, 1_000)
    simulation.run()
    expect(log()).toEqual([
      [1, 1, ms(14)],
      [1, 2, ms(15)],
    ])
  })

  test.each([
    // 100 bytes take 1 ms of the uplink, also where they come to nothing.
    ['drop', { cut: 'drop' } as const, [[2, 2, ms(12)]]],
    ['lose', { loss: 1 }, [[2, 2, ms(12)]]],
    // What is held takes its time when it sets out, and only then.
    ['hold', { cut: 'hold' } as const, [[2, 2, ms(11)], [1, 1, ms(41)]]],
  ])('the uplink is used by what links %s', (_, fault, expected) => {
    const { simulation, network, log } = createTestNetwork({ places: placesOf(3, 100_000) })
    const end = network.addLinkFault({ from: [0], to: [1], ...fault })
    network.send(0, 1, 1, 100)
    network.send(0, 2, 2, 100)
    simulation.run({ until: ms(30) })
    end()
    simulation.run()
    expect(log()).toEqual(expected)
  })

  test.each([4, 60])('what takes no time arrives at once, among %d', (size) => {
    const latency = constantLatency(0)
    const { simulation, network } = createTestNetwork({ latency, places: placesOf(size) })
    network.addLinkFault({ delay: { kind: 'constant', value: 0 } })
    network.broadcast(0, 1, 1)
    network.send(0, 1, 2, 1)
    simulation.run()
    expect(simulation.now()).toBe(0)
    expect(network.counters()).toMatchObject({ sent: size, delivered: size, dropped: 0 })
  })

  test('nodes on no side of a partition talk to everybody', () => {
    const { simulation, network, log } = createTestNetwork()
    network.addLinkFault({ between: [[0], [1]], cut: 'drop' })
    for (const from of [0, 1, 2]) network.broadcast(from, from, 1)
    simulation.run()
    expect(log().map(([from, to]) => `${from}${to}`)).toEqual([
      ...['02', '03', '12', '13', '20', '21', '23'],
    ])
  })

  test('what one fault drops, another does not hold', () => {
    const { simulation, network, arrivals } = createTestNetwork()
    const ends = [
      network.addLinkFault({ cut: 'drop' }),
      network.addLinkFault({ between: [[0], [1]], cut: 'hold' }),
    ]
    network.send(0, 1, 1, 1)
    for (const end of ends) end()
    simulation.run()
    expect(arrivals).toEqual([])
  })

  test.each([
    [{ loss: 1.5 }, 'loss from 0 to 1'],
    [{ loss: Number.NaN }, 'loss from 0 to 1'],
    [{ throttle: 0 }, 'throttle above 0'],
    [{ from: [4] }, 'nodes from 0 to 3'],
    [{ between: [[0], [-1]] }, 'nodes from 0 to 3'],
    [{ delay: { kind: 'uniform', low: 2, high: 1 } as const }, 'uniform'],
  ])('error: %j', (fault, message) => {
    expect(() => createTestNetwork().network.addLinkFault(fault)).toThrow(message)
  })

  test('error: a partition that is slow by no time', () => {
    const { network } = createTestNetwork()
    expect(() => network.setPartitionMode({ slow: -1 })).toThrow('whole µs')
  })
})
