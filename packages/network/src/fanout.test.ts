import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { constantLatency, distributedLatency } from './latency.ts'
import type { LinkFault } from './linkFaults.ts'
import type { Network, NetworkOptions } from './network.ts'
import type { NodeId } from './places.ts'
import { createTestNetwork, placesOf } from './testing/testNetwork.ts'

const kinds = [
  ...(['broadcast', 'broadcast', 'multicast', 'down', 'up', 'cut', 'heal'] as const),
  ...(['hold', 'drop', 'loss', 'fault', 'mended'] as const),
]

/** Faults of some links, by a node. */
const faultAt = (node: NodeId, size: number): LinkFault =>
  [
    { from: [node], delay: { kind: 'exponential', mean: 7 } } as const,
    { to: [node], bothWays: true, loss: 0.5 },
    { from: [node], to: [(node + 1) % size, (node + 9) % size], cut: 'drop' as const },
    { to: [node], cut: 'hold' as const },
    { between: [[node], [(node + 2) % size, (node + 3) % size]], cut: 'hold' as const, loss: 0.3 },
    { from: [node], throttle: 0.5 },
  ][node % 6]!

/** What happens to a network, and when, ms. */
type Action = {
  at: number
  kind: (typeof kinds)[number]
  node: NodeId
}

/** Carries copies one by one, as `send` does, or as the network does of itself. */
type Carry = (
  network: Network<number>,
  from: NodeId,
  to: readonly NodeId[] | 'all',
  message: number,
) => void

const together: Carry = (network, from, to, message) => {
  if (to === 'all') network.broadcast(from, message, 100)
  else network.multicast(from, to, message, 100)
}
const oneByOne: Carry = (network, from, to, message) => {
  const nodes = to === 'all' ? [...Array(network.size).keys()].filter((at) => at !== from) : to
  for (const node of nodes) network.send(from, node, message, 100)
}

function outcomeOf(
  actions: readonly Action[],
  carry: Carry,
  size: number,
  options: Partial<NetworkOptions<number>>,
): unknown {
  const heard: number[][] = []
  const { simulation, network } = createTestNetwork({
    places: placesOf(size),
    ...options,
    deliver: (to, from, message) => {
      heard.push([simulation.now(), to, from, message])
      // Some answer at once, with as much as they got.
      if (message < 100 && to % 40 === 3) carry(network, to, 'all', message + 100)
    },
  })
  const most = (node: NodeId): NodeId[] =>
    [...Array(size).keys()].map((at) => (at * 7 + node) % size).filter((at) => at !== node)
  const faults: (() => void)[] = []
  const act = simulation.define('act', (index) => {
    const { kind, node } = actions[index]!
    if (kind === 'broadcast') carry(network, node, 'all', index)
    else if (kind === 'multicast') carry(network, node, [...most(node), ...most(node)], index)
    else if (kind === 'down') network.takeDown(node)
    else if (kind === 'up') network.bringUp(node)
    else if (kind === 'loss') network.setLossProbability(node % 2 === 0 ? 0.3 : 0)
    else if (kind === 'fault') faults.push(network.addLinkFault(faultAt(node, size)))
    else if (kind === 'mended') faults.splice(node % (faults.length + 1), 1)[0]?.()
    else if (kind === 'hold' || kind === 'drop') network.setPartitionMode(kind)
    else for (let at = 0; at < node; at++) network.assignGroup(at, kind === 'cut' ? 1 : 0)
  })
  actions.forEach(({ at }, index) => simulation.at(at * 1_000, act, index))
  simulation.run()
  return { heard, counters: network.counters(), digest: simulation.digest() }
}

const action = (size: number): fc.Arbitrary<Action> =>
  fc.record({
    at: fc.nat(60),
    kind: fc.constantFrom(...kinds),
    node: fc.nat(size - 1),
  })

/** By what the delays are: all the same, few of them, or any. */
const latencies = {
  ties: constantLatency(10_000),
  few: {
    sample: (_from, _to, stream) => 10_000 * stream.below(3),
    typical: () => 10_000,
  },
  any: distributedLatency({ kind: 'exponential', mean: 20 }),
} satisfies Record<string, NetworkOptions<number>['latency']>

describe('a broadcast as one structure', () => {
  const cases = Object.entries(latencies)
  test.each(cases)('property: as copies one by one, latency %s', (_, latency) => {
    const sizes = fc.constantFrom(20, 33, 34, 70)
    const runs = sizes.chain((size) =>
      fc.record({
        size: fc.constant(size),
        actions: fc.array(action(size), { minLength: 1, maxLength: 18 }),
        lossProbability: fc.constantFrom(0, 0.2),
        streams: fc.constantFrom('shared' as const, 'per-node' as const),
        fifo: fc.boolean(),
      }),
    )
    fc.assert(
      fc.property(runs, ({ size, actions, ...options }) => {
        const ways = { ...options, latency }
        expect(outcomeOf(actions, together, size, ways)).toEqual(
          // The copies refer to slots of their own there, which the digest sees.
          { ...(outcomeOf(actions, oneByOne, size, ways) as object), digest: expect.anything() },
        )
      }),
      fuzzParameters(60),
    )
  })

  test('nodes and cuts that change while copies are under way', () => {
    const { simulation, network } = createTestNetwork({ places: placesOf(100) })
    network.setPartitionMode('hold')
    network.broadcast(0, 1, 10)
    network.takeDown(5)
    network.assignGroup(7, 1)
    simulation.run()
    expect(network.counters()).toMatchObject({ sent: 99, delivered: 97, dropped: 1, bytes: 990 })
    network.assignGroup(7, 0)
    simulation.run()
    expect(network.counters()).toMatchObject({ sent: 99, delivered: 98, dropped: 1 })
  })
})
