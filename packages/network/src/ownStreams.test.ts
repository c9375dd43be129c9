import { expect, test } from 'vitest'
import { distributedLatency } from './latency.ts'
import { ownStreamsMax } from './network.ts'
import { createTestNetwork, placesOf } from './testing/testNetwork.ts'

test('nodes have streams of their own up to a number, and by demand whatever their number', () => {
  const delaysOf = (size: number, streams?: 'per-node' | 'shared'): number[] => {
    const latency = distributedLatency({ kind: 'uniform', low: 0, high: 1_000 })
    const options = { places: placesOf(size), latency, streams }
    const { simulation, network, arrivals } = createTestNetwork(options)
    // With streams of their own, what node 0 sends does not shift what node 1 draws.
    network.send(1, 2, 1, 100)
    simulation.run()
    network.send(0, 2, 2, 100)
    network.send(1, 2, 3, 100)
    const at = simulation.now()
    simulation.run()
    const third = arrivals.find(({ message }) => message === 3)!
    return [arrivals[0]!.at, third.at - at]
  }
  const own = delaysOf(3, 'per-node')
  expect(delaysOf(ownStreamsMax)).toEqual(own)
  expect(delaysOf(ownStreamsMax + 1)).toEqual(delaysOf(3, 'shared'))
  expect(delaysOf(ownStreamsMax + 1, 'per-node')).toEqual(own)
  expect(delaysOf(3, 'shared')).not.toEqual(own)
})
