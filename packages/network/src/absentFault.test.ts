import { createSimulation, createStream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { distributedLatency } from './latency.ts'
import type { LinkFault } from './linkFaults.ts'
import { createNetwork, type NetworkOptions } from './network.ts'
import { createTestNetwork, placesOf } from './testing/testNetwork.ts'
import { randomTopology } from './topology.ts'

const size = 50
const latency = distributedLatency({ kind: 'exponential', mean: 20 })
const stream = createStream({ seed: 'absent', replication: 0, purpose: 'links' })

const topology = randomTopology({ size, outgoing: 4, stream })

describe.each<[string, Partial<NetworkOptions<number>>]>([
  ['direct', {}],
  ['flood', { topology }],
  ['flood, duplicates counted', { topology, duplicates: 'counted' }],
])('%s', (_, options) => {
  const digestOf = (fault?: LinkFault, endsAtOnce = true): string => {
    const { simulation, network } = createTestNetwork({
      places: placesOf(size),
      ...{ latency, ...options },
    })
    if (fault !== undefined) {
      const end = network.addLinkFault(fault)
      if (endsAtOnce) end()
    }
    for (let round = 0; round < 5; round++) {
      network.broadcast(round, round, 100)
      simulation.run()
    }
    return String(simulation.digest())
  }

  test('a fault that is over, or on links that nobody uses, leaves no trace', () => {
    const absent = digestOf()
    expect(digestOf({ cut: 'hold', delay: { kind: 'constant', value: 5 } })).toBe(absent)
    expect(digestOf({ from: [0], to: [0], cut: 'drop', loss: 0.5 }, false)).toBe(absent)
    expect(digestOf({ between: [[9], []], cut: 'hold', loss: 0.5 }, false)).toBe(absent)
  })

  test('a fault that is there changes the run', () => {
    const delay = { kind: 'constant', value: 5 } as const
    expect(digestOf({ from: [0], delay }, false)).not.toBe(digestOf())
  })
})

describe('what a broadcast costs while a fault is on', () => {
  /** How often the network called on the event queue to broadcast, and how many events were due. */
  function costOf(from: number, fault: LinkFault, options: Partial<NetworkOptions<number>> = {}) {
    const simulation = createSimulation({ seed: 'cost' })
    const calls = { single: 0, together: 0, deliveries: 0 }
    const counting: typeof simulation = {
      ...simulation,
      at: (...event) => {
        calls.single++
        return simulation.at(...event)
      },
      fanout: (...events) => {
        calls.together++
        simulation.fanout(...events)
      },
    }
    const network = createNetwork<number>(counting, {
      name: 'net',
      places: placesOf(size),
      latency,
      deliver: () => calls.deliveries++,
      ...options,
    })
    network.addLinkFault(fault)
    network.broadcast(from, 1, 100)
    simulation.run()
    return calls
  }

  test('nothing more where its links are free, and where some are faulty', () => {
    const delay = { kind: 'constant', value: 5 } as const
    const whole = { single: 0, together: 1, deliveries: size - 1 }
    expect(costOf(0, { from: [1], to: [2], cut: 'drop' })).toEqual(whole)
    expect(costOf(1, { from: [1], to: [2], delay })).toEqual(whole)
    expect(costOf(1, { from: [1], to: [2], delay }, { fifo: true })).toEqual(whole)
    expect(costOf(1, { between: [[1, 3], [2]], cut: 'drop' })).toEqual({
      ...whole,
      deliveries: size - 2,
    })
  })

  test('the one link of a flood that is faulty is the only one that is not counted at once', () => {
    const options = { topology, duplicates: 'counted' as const }
    const far: LinkFault = { from: [3], to: [topology.neighbours(3)[0]!], loss: 1e-9 }
    const [free, faulty] = [
      costOf(0, { from: [0], to: [0], loss: 1 }, options),
      costOf(0, far, options),
    ]
    expect(faulty.single).toBeGreaterThanOrEqual(free.single)
    expect(faulty.single).toBeLessThanOrEqual(free.single + 1)
  })
})

test('the order that a cut restored lasts until the copies that it held are there', () => {
  const at: number[] = []
  const delays = [30_000, 10_000, 10_000]
  const { simulation, network } = createTestNetwork({
    latency: { sample: () => delays.shift()!, typical: () => 0 },
    deliver: () => at.push(simulation.now()),
  })
  const heal = network.addLinkFault({ from: [0], cut: 'hold' })
  network.send(0, 1, 1, 100)
  heal()
  network.send(0, 1, 2, 100)
  simulation.run({ until: 30_000 })
  network.send(0, 1, 3, 100)
  simulation.run()
  expect(at).toEqual([30_000, 30_000, 40_000])
})

test('a lost copy is not held', () => {
  const { simulation, network, arrivals } = createTestNetwork({})
  const ends = [
    network.addLinkFault({ from: [0], cut: 'hold' }),
    network.addLinkFault({ to: [1], loss: 1 }),
  ]
  network.send(0, 1, 1, 100)
  network.send(0, 2, 2, 100)
  for (const end of ends) end()
  simulation.run()
  expect(arrivals.map(({ message }) => message)).toEqual([2])
  expect(network.counters()).toMatchObject({ sent: 2, delivered: 1, dropped: 1 })
})
