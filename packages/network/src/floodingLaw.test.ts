import { createSimulation, createStream, log } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { distributedLatency } from './latency.ts'
import { createNetwork } from './network.ts'
import { placesOf } from './testing/testNetwork.ts'
import { regularTopology } from './topology/regular.ts'

const degree = 8
const mean = 100
const latency = distributedLatency({ kind: 'exponential', mean })

/** The mean time to a node, and the time to the last one, over many floods; in mean delays. */
function times(size: number, floods: number): { mean: number; last: number } {
  const stream = createStream({ seed: 'law', replication: 0, purpose: 'links', entity: size })
  const simulation = createSimulation({ seed: 'law' })
  let [sum, last, start] = [0, 0, 0]
  const network = createNetwork<number>(simulation, {
    name: 'net',
    places: placesOf(size),
    latency,
    topology: regularTopology({ size, degree, stream }),
    streams: 'shared',
    duplicates: 'counted',
    deliver: () => {
      sum += simulation.now() - start
      arrival = simulation.now() - start
    },
  })
  let arrival = 0
  for (let flood = 0; flood < floods; flood++) {
    start = simulation.now()
    network.broadcast((flood * 37) % size, flood, 100)
    simulation.run()
    last += arrival
  }
  const unit = mean * 1_000 * floods
  return { mean: sum / (size - 1) / unit, last: last / unit }
}

/**
 * First passage over a random regular graph of degree d with exponential delays of mean 1: a node
 * is reached after ln n / (d − 2), and the last one after ln n · (1 / (d − 2) + 1 / d), but for
 * what does not grow with n. Sources: Bhamidi, van der Hofstad, Hooghiemstra (2010); Ding, Kim,
 * Lubetzky, Peres (2010), for the flooding time.
 */
test('the time of a flood grows with the logarithm of the nodes, at the published pace', () => {
  const [small, large] = [times(250, 120), times(8_000, 40)]
  const growth = log(8_000 / 250)
  const toOne = (large.mean - small.mean) / growth
  const toLast = (large.last - small.last) / growth
  expect(Math.abs(toOne * (degree - 2) - 1)).toBeLessThan(0.12)
  expect(Math.abs(toLast / (1 / (degree - 2) + 1 / degree) - 1)).toBeLessThan(0.15)
})
