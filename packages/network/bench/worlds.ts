import { createSimulation, createStream, ms } from '@counterpoise/engine'
import {
  type BroadcastNetwork,
  type BroadcastProtocol,
  createNetwork,
  distributedLatency,
  type Network,
  type NetworkOptions,
  type Place,
  randomTopology,
  type Topology,
} from '../src/index.ts'

const placesOf = (size: number): Place[] =>
  Array.from({ length: size }, (_, node) => ({
    name: `${node}`,
    attributes: { region: 'somewhere', operator: 'o' },
  }))

const latency = distributedLatency({ kind: 'uniform', low: 10, high: 100 })
const stream = createStream({ seed: 'bench', replication: 0, purpose: 'links' })

/** Broadcasts from changing origins; each call carries one to its end. */
export type Broadcasts = {
  network: Network<number>
  run: () => void
}

/** About 50 connections for each node. */
export const linksOf = (size: number): Topology => randomTopology({ size, outgoing: 25, stream })

/** Straight to all receivers; with a fault on a link that is not theirs, or one that is over. */
export function createDirect(receivers: number, fault?: 'elsewhere' | 'over'): Broadcasts {
  const simulation = createSimulation({ seed: 'bench' })
  const places = placesOf(receivers + 1)
  const network = createNetwork<number>(simulation, {
    name: 'net',
    places,
    latency,
    deliver: () => {},
  })
  if (fault !== undefined) {
    const end = network.addLinkFault({ from: [0], to: [0], cut: 'drop' })
    if (fault === 'over') end()
  }
  let round = 0
  return {
    network,
    run: () => {
      network.broadcast(round++ % places.length, round, 100)
      simulation.run()
    },
  }
}

/**
 * Flooding over random links of mean degree 10: each node opens four at random and one to the node
 * before it.
 */
export function createFlood(size: number, options: Partial<NetworkOptions<number>>): Broadcasts {
  const simulation = createSimulation({ seed: 'bench' })
  const network = createNetwork<number>(simulation, {
    name: 'net',
    places: placesOf(size),
    latency,
    topology: randomTopology({ size, outgoing: 4, stream }),
    deliver: () => {},
    ...options,
  })
  let round = 0
  return {
    network,
    run: () => {
      network.broadcast(round++ % size, round, 100)
      simulation.run()
    },
  }
}

/** A protocol among nodes with about 50 connections each, ten messages, one each 100 ms. */
export function createMeshed(
  size: number,
  protocol: BroadcastProtocol,
  options: Partial<NetworkOptions<number>> = {},
): Broadcasts {
  const simulation = createSimulation({ seed: 'bench' })
  const network: BroadcastNetwork<number> = protocol.open(simulation, {
    name: 'net',
    places: placesOf(size),
    latency,
    topology: options.topology ?? linksOf(size),
    deliver: () => {},
    ...options,
  })
  let round = 0
  return {
    network,
    run: () => {
      for (let index = 0; index < 10; index++) {
        network.broadcast(round++ % size, round, 100)
        simulation.run({ until: simulation.now() + ms(100) })
      }
      simulation.run()
    },
  }
}
