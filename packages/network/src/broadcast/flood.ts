import type { Simulation } from '@counterpoise/engine'
import { createNetwork, type NetworkOptions } from '../network.ts'
import type { NodeId } from '../places.ts'
import type { Topology } from '../topology.ts'
import type { BroadcastNetwork, BroadcastProtocol, Spread } from './protocol.ts'

/** The origin sends to every other node itself. Nothing makes good what is lost. */
export const direct: BroadcastProtocol = {
  name: 'direct',
  open: (simulation, options) => openPlain(simulation, options, undefined),
}

/**
 * Each node sends what is new to it to all its neighbours but the one it came from. What is lost on
 * one way comes by another. Without a topology it is the same as `direct`.
 */
export const flood: BroadcastProtocol = {
  name: 'flood',
  open: (simulation, options) => openPlain(simulation, options, options.topology),
}

type Plain<content> = Spread & { content: content; isBroadcast: boolean }

/** By what a network does of itself. */
function openPlain<content>(
  simulation: Simulation,
  options: NetworkOptions<content>,
  topology: Topology | undefined,
): BroadcastNetwork<content> {
  const { countAtOnce, deliver, relayDelay } = options
  let published = 0
  let delivered = 0
  let sentBytes = 0

  const wrapped = (origin: NodeId, content: content, bytes: number): Plain<content> => {
    const at = simulation.now()
    return { origin, at, bytes, reached: 0, lastAt: at, content, isBroadcast: false }
  }
  const network = createNetwork<Plain<content>>(simulation, {
    ...options,
    topology,
    relayDelay: relayDelay && (({ content }) => relayDelay(content)),
    countAtOnce: countAtOnce && ((to, { content }) => countAtOnce(to, content)),
    deliver: (to, from, plain) => {
      if (plain.isBroadcast) {
        plain.reached++
        plain.lastAt = simulation.now()
        delivered++
      }
      return deliver(to, from, plain.content)
    },
  })

  const publish = (from: NodeId, content: content, bytes: number): Spread => {
    const plain = wrapped(from, content, bytes)
    plain.isBroadcast = true
    published++
    if (network.isUp(from)) network.broadcast(from, plain, bytes)
    return plain
  }
  const straight = (from: NodeId, to: ArrayLike<NodeId>, content: content, bytes: number): void => {
    if (network.isUp(from)) sentBytes += bytes * to.length
    network.multicast(from, to, wrapped(from, content, bytes), bytes)
  }

  return {
    ...network,
    send: (from, to, content, bytes) => straight(from, [to], content, bytes),
    multicast: straight,
    broadcast: (from, content, bytes) => {
      publish(from, content, bytes)
    },
    publish,
    broadcastCounters: () => {
      const { duplicates, bytes } = network.counters()
      return { published, delivered, duplicates, bytes: bytes - sentBytes, controlBytes: 0 }
    },
  }
}
