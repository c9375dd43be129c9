import type { Simulation } from '@counterpoise/engine'
import type { Messages } from './messages.ts'
import type { NetworkOptions } from './network.ts'
import type { NodeId } from './places.ts'

/** How a node hands over a flooded message that is new to it, and passes it on. */
export type Flooding = {
  handOver: (node: NodeId, from: NodeId, slot: number) => void
  /** Sends to all neighbours but one. */
  pass: (node: NodeId, except: NodeId, slot: number) => void
}

export function createFlooding<message>(
  simulation: Simulation,
  options: NetworkOptions<message>,
  messages: Messages<message>,
  transmit: (from: NodeId, to: NodeId, slot: number) => void,
): Flooding {
  const { name, topology, relayDelay, deliver, relay: when = 'at-once' } = options

  const relayKind = simulation.define(`${name}/relay`, (node, except, slot) => {
    pass(node, except, slot)
    messages.release(slot)
  })

  const pass = (node: NodeId, except: NodeId, slot: number): void => {
    const neighbours = topology!.neighbours(node)
    for (let index = 0; index < neighbours.length; index++) {
      const to = neighbours[index]!
      if (to !== except) transmit(node, to, slot)
    }
  }

  const relay = (node: NodeId, except: NodeId, slot: number): void => {
    const delay = relayDelay?.(messages.get(slot)) ?? 0
    if (delay === 0) pass(node, except, slot)
    else {
      messages.retain(slot)
      simulation.after(delay, relayKind, node, except, slot)
    }
  }

  return {
    pass,
    handOver: (node, from, slot) => {
      if (when === 'at-once') {
        relay(node, from, slot)
        deliver(node, from, messages.get(slot))
      } else {
        const verdict = deliver(node, from, messages.get(slot))
        if (verdict !== false && verdict !== 'ignore') relay(node, from, slot)
      }
    },
  }
}
