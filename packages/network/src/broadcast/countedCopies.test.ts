import { createSimulation, createStream, ms } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { distributedLatency } from '../latency.ts'
import { placesOf } from '../testing/testNetwork.ts'
import { randomTopology } from '../topology.ts'
import { gossipMesh } from './gossipMesh.ts'

const size = 120

/** Broadcasts over a mesh, with what was heard and counted. */
function outcomeOf(duplicates: 'counted' | 'delivered', uplink?: number) {
  const stream = createStream({ seed: 'counted', replication: 0, purpose: 'links' })
  const simulation = createSimulation({ seed: 'counted' })
  const heard: number[][] = []
  const network = gossipMesh().open<number>(simulation, {
    name: 'net',
    places: placesOf(size, uplink),
    latency: distributedLatency({ kind: 'uniform', low: 10, high: 100 }),
    topology: randomTopology({ size, outgoing: 10, stream }),
    duplicates,
    deliver: (to, from, content) => heard.push([simulation.now(), to, from, content]),
  })
  for (let content = 0; content < 6; content++) {
    network.broadcast(content * 7, content, 500)
    simulation.run({ until: simulation.now() + ms(120) })
  }
  simulation.run()
  const counters = [network.counters(), network.broadcastCounters()]
  return { outcome: { heard, counters }, events: simulation.events() }
}

test.each([undefined, 1_000_000])('duplicates of a mesh counted at once, uplink %s', (uplink) => {
  const delivered = outcomeOf('delivered', uplink)
  const counted = outcomeOf('counted', uplink)
  expect(delivered.outcome.heard).toHaveLength(6 * (size - 1))
  expect(counted.outcome).toEqual(delivered.outcome)
  expect(counted.events).toBeLessThan(delivered.events * 0.9)
})
