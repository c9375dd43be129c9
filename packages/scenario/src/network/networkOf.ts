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
} from '@counterpoise/network'
import type { ChainRailOptions } from '@counterpoise/rails'
import type { NetworkConfig } from '../schema/network.ts'
import { latencyOf } from './latencyOf.ts'
import { topologyOf } from './topologyOf.ts'

/** What lies between the places of a chain, as its rail takes it. */
export function networkOf(
  config: NetworkConfig,
  places: readonly Place[],
  { simulation, name, validators }: { simulation: Simulation; name: string; validators: number },
): ChainRailOptions['network'] {
  const stream = simulation.stream(`${name}/topology`)
  const base = topologyOf(config.topology, places, stream)
  const [low, high] = config.producers?.links ?? [0, 0]
  const topology =
    base === undefined || high === 0
      ? base
      : moreLinks({ topology: base, count: validators, low, high, stream })
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

/** The protocol that a scenario asks for; undefined where it leaves the choice to its model. */
function broadcastOf({ broadcast }: NetworkConfig): BroadcastProtocol | undefined {
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
