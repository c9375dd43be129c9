import { createSimulation, ms, type Simulation } from '@counterpoise/engine'
import { constantLatency } from '../latency.ts'
import { createNetwork, type Network, type NetworkOptions } from '../network.ts'
import type { Place } from '../places.ts'

export type Arrival = { at: number; to: number; from: number; message: number }

export type TestNetwork = {
  simulation: Simulation
  network: Network<number>
  arrivals: Arrival[]
  /** What has arrived, as message, receiver and time. */
  log: () => [message: number, to: number, at: number][]
}

/** Places alike, with limits in bytes per second where given. */
export const placesOf = (count: number, up?: number, down?: number): Place[] =>
  Array.from({ length: count }, (_, node) => ({
    name: `node ${node}`,
    attributes: { region: 'somewhere', operator: 'o' },
    uplinkBytesPerSecond: up,
    downlinkBytesPerSecond: down,
  }))

/** A network that writes down what arrives. Links take 10 ms unless told otherwise. */
export function createTestNetwork(
  options: Partial<NetworkOptions<number>> = {},
  seed = 'network',
): TestNetwork {
  const simulation = createSimulation({ seed })
  const arrivals: Arrival[] = []
  const network = createNetwork<number>(simulation, {
    name: 'net',
    places: placesOf(4),
    latency: constantLatency(ms(10)),
    deliver: (to, from, message) => {
      arrivals.push({ at: simulation.now(), to, from, message })
    },
    ...options,
  })
  const log: TestNetwork['log'] = () => arrivals.map(({ message, to, at }) => [message, to, at])
  return { simulation, network, arrivals, log }
}
