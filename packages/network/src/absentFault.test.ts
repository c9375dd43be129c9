import { createStream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { distributedLatency } from './latency.ts'
import type { LinkFault } from './linkFaults.ts'
import type { Topology } from './topology.ts'
import { createTestNetwork, placesOf } from './testing/testNetwork.ts'
import { randomTopology } from './topology.ts'

const size = 50
const latency = distributedLatency({ kind: 'exponential', mean: 20 })
const stream = createStream({ seed: 'absent', replication: 0, purpose: 'links' })

describe.each<[string, Topology | undefined]>([
  ['direct', undefined],
  ['flood', randomTopology({ size, outgoing: 4, stream })],
])('%s', (_, topology) => {
  const digestOf = (fault?: LinkFault, endsAtOnce = true): string => {
    const { simulation, network } = createTestNetwork({
      places: placesOf(size),
      ...{ latency, topology },
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
  })

  test('a fault that is there changes the run', () => {
    const delay = { kind: 'constant', value: 5 } as const
    expect(digestOf({ from: [0], delay }, false)).not.toBe(digestOf())
  })
})
