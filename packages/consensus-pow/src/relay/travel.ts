import { exponential, type Simulation, type Stream, type Time } from '@counterpoise/engine'
import {
  createLinkFaults,
  type Latency,
  type LinkFaults,
  type NetworkOptions,
  type NodeId,
} from '@counterpoise/network'
import type { RelayParameters } from './parameters.ts'

/** The ways between nodes, with what is wrong with them. */
export type Travel = {
  /** Draws how long a message is under way, µs; −1 where it never arrives. */
  draw: (from: NodeId, to: NodeId) => Time
  /** Less than this a message never takes, µs. */
  least: (from: NodeId, to: NodeId) => Time
  links: LinkFaults
  setLossProbability: (probability: number) => void
}

export type TravelOptions = {
  simulation: Simulation
  network: NetworkOptions<never>
  parameters: RelayParameters
  /** The nodes that are never behind Tor. */
  miners: readonly NodeId[]
  /** After each change of what is cut. */
  onChange: () => void
}

export function createTravel(options: TravelOptions): Travel {
  const { simulation, network, parameters, miners, onChange } = options
  const { name, latency, places } = network
  const jitter = simulation.stream(`${name}/relay latency`)
  const lossStream = simulation.stream(`${name}/relay loss`)
  const links = createLinkFaults(places.length, onChange)
  let loss = network.lossProbability ?? 0
  const draw = drawOf(simulation, options, latency, jitter)

  return {
    draw: (from, to) => {
      const delay = draw(from, to)
      if (loss > 0 && lossStream.chance(loss)) return -1
      if (!links.isActive) return delay
      if (links.isLost(from, to, () => lossStream) || links.cut(from, to) === 'drop') return -1
      return delay + links.delay(from, to, () => jitter)
    },
    least: latency.least ?? (() => 0),
    links,
    setLossProbability: (probability) => {
      loss = probability
    },
  }

  function drawOf(
    simulation: Simulation,
    options: TravelOptions,
    latency: Latency,
    jitter: Stream,
  ): (from: NodeId, to: NodeId) => Time {
    const { tor } = parameters
    if (tor === undefined) return (from, to) => latency.sample(from, to, jitter)
    const choice = simulation.stream(`${options.network.name}/tor nodes`)
    const stream = simulation.stream(`${options.network.name}/tor latency`)
    const isBehind = new Uint8Array(places.length)
    for (let node = 0; node < isBehind.length; node++) {
      isBehind[node] = choice.chance(tor.share) ? 1 : 0
    }
    for (const miner of miners) isBehind[miner] = 0
    const mean = tor.extraMs * 1_000
    return (from, to) => {
      const delay = latency.sample(from, to, jitter)
      const isSlow = isBehind[from] === 1 || isBehind[to] === 1
      return isSlow && mean > 0 ? delay + Math.round(exponential(stream, mean)) : delay
    }
  }
}
