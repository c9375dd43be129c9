import { fuzzParameters } from '@counterpoise/dev'
import { createStream, ms } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distributedLatency } from './latency.ts'
import type { NetworkOptions } from './network.ts'
import { createTestNetwork, placesOf } from './testing/testNetwork.ts'
import { completeTopology, randomTopology, type Topology } from './topology.ts'

/** A path 0 — 1 — 2 — 3. */
const path: Topology = {
  size: 4,
  neighbours: (node) => Int32Array.from([node - 1, node + 1].filter((at) => at >= 0 && at < 4)),
}

describe('a verdict', () => {
  const reached = (options: Partial<NetworkOptions<number>>): number[] => {
    const nodes: number[] = []
    const { simulation, network } = createTestNetwork({
      topology: path,
      deliver: (to) => {
        nodes.push(to)
        return to === 2 ? false : undefined
      },
      ...options,
    })
    network.broadcast(0, 1, 1)
    simulation.run()
    return nodes
  }

  test('default: a message is passed on before it is judged', () => {
    expect(reached({})).toEqual([1, 2, 3])
  })

  test('after-accept: what is refused goes no further, what is accepted does', () => {
    expect(reached({ relay: 'after-accept' })).toEqual([1, 2])
    const answered = (answer: unknown): number[] => {
      const nodes: number[] = []
      const deliver = (to: number): unknown => {
        nodes.push(to)
        return answer
      }
      reached({ relay: 'after-accept', deliver })
      return nodes
    }
    expect(answered('ignore')).toEqual([1])
    expect(answered(true)).toEqual([1, 2, 3])
    expect(answered(0)).toEqual([1, 2, 3])
  })

  test('after-accept: a node that refused refuses the copies of others, too', () => {
    const nodes: number[] = []
    reached({
      relay: 'after-accept',
      topology: completeTopology(4),
      deliver: (to) => {
        nodes.push(to)
        return to !== 2
      },
    })
    expect(nodes).toEqual([1, 2, 3])
  })

  test('after-accept: the time to check comes after the verdict', () => {
    const { simulation, network, log } = createTestNetwork({
      topology: path,
      relay: 'after-accept',
      relayDelay: () => ms(5),
    })
    network.broadcast(0, 1, 1)
    simulation.run()
    expect(log()).toEqual([
      [1, 1, ms(10)],
      [1, 2, ms(25)],
      [1, 3, ms(40)],
    ])
  })
})

describe('duplicates that are counted at once', () => {
  const latency = distributedLatency({ kind: 'exponential', mean: 100 })

  test('property: the same arrivals and counters, with fewer events', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 40 }), fc.string(), (size, seed) => {
        const stream = createStream({ seed, replication: 0, purpose: 'links' })
        const topology = randomTopology({ size, outgoing: 4, stream })
        for (const fifo of [false, true]) {
          const outcome = (duplicates: 'counted' | 'delivered' | undefined) => {
            const places = placesOf(size, 1_000_000)
            const { simulation, network, log } = createTestNetwork(
              { places, latency, topology, duplicates, fifo },
              seed,
            )
            for (let origin = 0; origin < 3; origin++) network.broadcast(origin, origin, 1_000)
            simulation.run()
            return { log: log(), counters: network.counters(), events: simulation.events() }
          }
          const { events: all, ...delivered } = outcome('delivered')
          expect(outcome(undefined)).toEqual({ ...delivered, events: all })
          const { events, ...counted } = outcome('counted')
          expect(counted).toEqual(delivered)
          expect(events).toBeLessThan(all)
        }
      }),
      fuzzParameters(40),
    )
  })

  test('where the receiver is limited or a link is faulty, they arrive', () => {
    const events = (isFaulty: boolean, down?: number): number => {
      const { simulation, network } = createTestNetwork({
        topology: completeTopology(4),
        duplicates: 'counted',
        places: placesOf(4, undefined, down),
      })
      if (isFaulty) network.addLinkFault({ delay: { kind: 'constant', value: 1 } })
      network.broadcast(0, 1, 1_000)
      simulation.run()
      expect(network.counters()).toMatchObject({ sent: 9, delivered: 3, duplicates: 6 })
      return simulation.events()
    }
    expect(events(true)).toBe(9)
    expect(events(false, 1_000_000)).toBe(18)
    expect(events(false)).toBeLessThan(9)
  })
})

test('a copy for a node that is down is dropped, although it has the message', () => {
  const { simulation, network } = createTestNetwork({
    topology: completeTopology(3),
    duplicates: 'counted',
    places: placesOf(3),
    relayDelay: () => ms(5),
  })
  network.broadcast(0, 1, 1)
  simulation.run({ until: ms(12) })
  network.takeDown(2)
  simulation.run()
  // Node 1 passes it on at 15 ms; node 2, which would have, is down.
  expect(network.counters()).toMatchObject({ sent: 3, delivered: 2, duplicates: 0, dropped: 1 })
})

test('neighbours: those of the topology, or everybody else', () => {
  expect([...createTestNetwork({ topology: path }).network.neighbours(1)]).toEqual([0, 2])
  expect([...createTestNetwork().network.neighbours(2)]).toEqual([0, 1, 3])
})

test('multicast goes to those it names, in their order', () => {
  const { simulation, network, log } = createTestNetwork({ places: placesOf(4, 1_000_000) })
  network.multicast(0, Int32Array.from([3, 1]), 7, 1_000)
  simulation.run()
  expect(log()).toEqual([
    [7, 3, ms(11)],
    [7, 1, ms(12)],
  ])
})
