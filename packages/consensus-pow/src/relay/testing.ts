import { createSimulation, type Simulation, type Time } from '@counterpoise/engine'
import {
  type BroadcastNetwork,
  constantLatency,
  edgeTopology,
  type Latency,
  type NetworkOptions,
  type NodeId,
  type Topology,
} from '@counterpoise/network'
import type { z } from 'zod'
import { blockRelay } from './blockRelay.ts'
import { relayParameters } from './parameters.ts'

/** Links of three nodes, each with both others. */
export const triangle: readonly (readonly [NodeId, NodeId])[] = [
  [0, 1],
  [0, 2],
  [1, 2],
]

export type RelayRunOptions = {
  size: number
  /** Links; or a topology. */
  edges?: readonly (readonly [NodeId, NodeId])[] | undefined
  topology?: Topology | undefined
  latency?: Latency | undefined
  parameters?: z.input<typeof relayParameters> | undefined
  miners?: readonly NodeId[] | undefined
  /** Bytes per second, of all nodes or each. */
  up?: number | readonly number[] | undefined
  down?: number | readonly number[] | undefined
  network?: Partial<NetworkOptions<string>> | undefined
}

export type RelayRun = {
  simulation: Simulation
  network: BroadcastNetwork<string>
  /** When a node was handed a content, µs. */
  handed: (content: string, node: NodeId) => Time | undefined
  /** When each node had it as a whole, µs, once it is over. */
  arrived: (content: string) => number[] | undefined
}

const rateOf = (rates: number | readonly number[] | undefined, node: NodeId): number | undefined =>
  typeof rates === 'number' ? rates : rates?.[node]

/** A relay with nothing around it. Links take 100 ms where nothing else is said. */
export function createRelayRun(options: RelayRunOptions): RelayRun {
  const { size, edges = [], latency = constantLatency(100_000), miners, up, down } = options
  const simulation = createSimulation({ seed: 'relay' })
  const handed = new Map<string, Time>()
  const over = new Map<string, number[]>()
  const protocol = blockRelay({ parameters: relayParameters.parse(options.parameters), miners })
  const network = protocol.open<string>(simulation, {
    name: 'relay',
    places: Array.from({ length: size }, (_, node) => ({
      name: `node ${node}`,
      attributes: { region: 'somewhere', operator: `operator ${node}` },
      uplinkBytesPerSecond: rateOf(up, node),
      downlinkBytesPerSecond: rateOf(down, node),
    })),
    latency,
    topology:
      options.topology ?? edgeTopology({ size, edges, mayBeDisconnected: true }),
    deliver: (to, _from, content) => {
      handed.set(`${content}/${to}`, simulation.now())
    },
    ...options.network,
  })
  network.onSpread!((content, _spread, arrivedAt) => over.set(content, [...arrivedAt]))
  return {
    simulation,
    network,
    handed: (content, node) => handed.get(`${content}/${node}`),
    arrived: (content) => over.get(content),
  }
}
