import { type EventHandle, seconds, type Simulation, type Time } from '@counterpoise/engine'
import type { NetworkOptions } from '../network.ts'
import { expectParameter } from '../networkChecks.ts'
import type { NodeId } from '../places.ts'
import { createItems, createTable, type Item, type Items } from './items.ts'
import type { BroadcastNetwork, BroadcastProtocol } from './protocol.ts'

export type AnnounceFetchParameters = {
  /**
   * Bytes of an announcement and of a request: an inventory vector with its headers.
   * Default 61: 36 and 1 of count, 24 of the message's header (Bitcoin protocol, `inv`).
   */
  idBytes?: number | undefined
  /** How long a node waits for what it asked for, µs. Default 60 s (Bitcoin Core, txrequest). */
  requestTimeout?: Time | undefined
  /** How often it asks, all neighbours together, before it gives up. Default 10. */
  requestsMax?: number | undefined
}

type Packet<content> = Fetched<content> | { kind: 'announce' | 'request'; item: Fetched<content> }
/** A node's way to an item: who has it, and whom it asks. */
type Request = { holders: NodeId[]; asked: number; timer: EventHandle | undefined; number: number }
type Fetched<content> = Item<content> & { requests?: Map<NodeId, Request> }

/**
 * A node that has something says so to its neighbours; who lacks it asks the first that said so,
 * and after a timeout the next one. The content crosses few links twice, for two more trips a hop.
 *
 * @throws NetworkError where a parameter is impossible.
 */
export const announceFetch = (parameters: AnnounceFetchParameters = {}): BroadcastProtocol => {
  const { idBytes = 61, requestTimeout = seconds(60), requestsMax = 10 } = parameters
  expectParameter('announceFetch', 'idBytes', idBytes, { from: 0 })
  expectParameter('announceFetch', 'requestTimeout', requestTimeout, { from: 1 })
  expectParameter('announceFetch', 'requestsMax', requestsMax, { from: 1 })
  const complete = { idBytes, requestTimeout, requestsMax }
  return {
    name: 'announceFetch',
    open: (simulation, options) => openAnnounceFetch(simulation, options, complete),
  }
}

function openAnnounceFetch<content>(
  simulation: Simulation,
  options: NetworkOptions<content>,
  parameters: Record<keyof AnnounceFetchParameters, number>,
): BroadcastNetwork<content> {
  const { idBytes, requestTimeout, requestsMax } = parameters
  const open = createTable<{ item: Fetched<content>; node: NodeId; request: Request }>()

  const timeoutKind = simulation.define(`${options.name}/request timeout`, (_node, number) => {
    const { item, node, request } = open.get(number)
    open.remove(number)
    request.timer = undefined
    if (network.isUp(node)) ask(node, item, request)
  })

  const ask = (node: NodeId, item: Fetched<content>, request: Request): void => {
    if (request.asked >= requestsMax) return
    const holder = request.holders[request.asked % request.holders.length]!
    request.asked++
    items.sendWord(node, [holder], { kind: 'request', item }, idBytes)
    request.number = open.add({ item, node, request })
    request.timer = simulation.after(requestTimeout, timeoutKind, node, request.number)
  }

  const announced = (node: NodeId, from: NodeId, item: Fetched<content>): void => {
    if (item.marks[node] !== 0) return
    const requests = (item.requests ??= new Map())
    const found = requests.get(node)
    if (found !== undefined) {
      found.holders.push(from)
      // It was down when its time ran out; now there is somebody new to ask.
      if (found.timer === undefined) ask(node, item, found)
      return
    }
    const request: Request = { holders: [from], asked: 0, timer: undefined, number: -1 }
    requests.set(node, request)
    ask(node, item, request)
  }

  const received = (node: NodeId, from: NodeId, item: Fetched<content>): void => {
    const request = item.requests?.get(node)
    if (request?.timer !== undefined) {
      simulation.cancel(request.timer)
      request.timer = undefined
      open.remove(request.number)
    }
    items.take(node, from, item)
  }

  const items: Items<content, Packet<content>> = createItems(simulation, options, {
    receive: (to, from, packet: Packet<content>) => {
      if (packet.kind === 'content') {
        received(to, from, packet)
        return
      }
      const { kind, item } = packet
      if (kind === 'announce') announced(to, from, item)
      else if (item.marks[to]! > 0) {
        items.sendContent(to, [from], item, item.bytes)
      }
    },
    pass: (node, from, item: Fetched<content>) => {
      const known = item.requests?.get(node)?.holders ?? []
      item.requests?.delete(node)
      const others = items.broadcastNetwork
        .neighbours(node)
        .filter((other) => other !== from && !known.includes(other))
      items.sendWord(node, others, { kind: 'announce', item }, idBytes)
    },
  })
  const { network } = items
  return items.broadcastNetwork
}
