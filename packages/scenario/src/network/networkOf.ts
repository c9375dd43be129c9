import { ms, type Simulation } from '@counterpoise/engine'
import {
  announceFetch,
  type BroadcastProtocol,
  direct,
  erasureShards,
  flood,
  gossipMesh,
  moreLinks,
  type Place,
  type Topology,
} from '@counterpoise/network'
import type { ChainRailOptions } from '@counterpoise/rails'
import type { NetworkConfig } from '../schema/network.ts'
import { latencyOf } from './latencyOf.ts'
import { topologyOf } from './topologyOf.ts'

/** The chain whose network it is: its validators come first among the places, then observers. */
export type NetworkContext = {
  simulation: Simulation
  name: string
  validators: number
  observers: number
}

/** What lies between the places of a chain, as its rail takes it. */
export function networkOf(
  config: NetworkConfig,
  places: readonly Place[],
  context: NetworkContext,
): ChainRailOptions['network'] {
  const topology = linksOf(config, places, context)
  const { relayDelayMs, fifo, lossProbability, duplicates, streams, bandwidth } = config
  return {
    latency: latencyOf(config.latency, places),
    topology,
    broadcast: broadcastOf(config),
    relayDelay: relayDelayMs === 0 ? undefined : () => ms(relayDelayMs),
    bandwidth: bandwidth?.mode,
    ...{ fifo, lossProbability, duplicates, streams },
  }
}

/** Who is connected with whom, with what some have more than others. */
function linksOf(
  config: NetworkConfig,
  places: readonly Place[],
  { simulation, name, validators, observers }: NetworkContext,
): Topology | undefined {
  const stream = simulation.stream(`${name}/topology`)
  const base = topologyOf(config.topology, places, stream)
  if (base === undefined) return undefined
  const more = (topology: Topology, count: number, first: number, own: Connected): Topology => {
    if (own?.links === undefined) return topology
    const [low, high] = own.links
    return moreLinks({ topology, count, first, low, high, stream })
  }
  const linked = more(base, validators, 0, config.producers)
  return more(linked, observers, validators, config.observers)
}

type Connected = NetworkConfig['producers']

/**
 * The protocol that a scenario asks for; undefined where it leaves the choice to its model.
 *
 * @throws NetworkError where its parameters contradict each other.
 */
export function broadcastOf({ broadcast }: NetworkConfig): BroadcastProtocol | undefined {
  switch (broadcast?.kind) {
    case undefined:
      return undefined
    case 'direct':
      return direct
    case 'flood':
      return flood
    case 'announceFetch': {
      const { idBytes, requestTimeoutMs, requestsMax } = broadcast
      const requestTimeout = requestTimeoutMs === undefined ? undefined : ms(requestTimeoutMs)
      return announceFetch({ idBytes, requestTimeout, requestsMax })
    }
    case 'gossipMesh': {
      const { kind: _kind, heartbeatMs, ...parameters } = broadcast
      const heartbeat = heartbeatMs === undefined ? undefined : ms(heartbeatMs)
      return gossipMesh({ ...parameters, heartbeat })
    }
    case 'erasureShards': {
      const { rebuildShare, proofBytes } = broadcast
      return erasureShards({ rebuildShare, proofBytes })
    }
  }
}
