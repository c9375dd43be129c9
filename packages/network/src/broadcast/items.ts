import type { Simulation } from '@counterpoise/engine'
import { createProtocolNetwork, type Network, type NetworkOptions } from '../network.ts'
import type { NodeId } from '../places.ts'
import type { BroadcastCounters, BroadcastNetwork, Spread } from './protocol.ts'

/** A content under way: one object, to which packets refer. */
export type Item<content> = Spread & {
  /** It is its own packet. */
  kind: 'content'
  content: content
  /** Where its copies under way are kept. */
  slot: number
  /** What a protocol numbers it with; −1 before. */
  number: number
  /** By node: 0 where it is unknown, `refused`, or else the protocol's mark of when it came. */
  marks: Int32Array
}

/** The mark of an item that a node has seen and neither passes on nor hands out. */
export const refused = -1

/** What travels besides the protocol's own packets. */
export type Direct<content> = { kind: 'direct'; content: content }
export const isDirect = <content>(packet: { kind: string }): packet is Direct<content> =>
  packet.kind === 'direct'

/** Things that events refer to by number. */
export type Table<thing> = {
  add: (thing: thing) => number
  get: (number: number) => thing
  remove: (number: number) => void
}

export function createTable<thing>(): Table<thing> {
  const things: (thing | undefined)[] = []
  const free: number[] = []
  return {
    add: (thing) => {
      const number = free.pop() ?? things.length
      things[number] = thing
      return number
    },
    get: (number) => things[number]!,
    remove: (number) => {
      things[number] = undefined
      free.push(number)
    },
  }
}

/** What a protocol says about itself. */
export type ItemsOptions<content, packet extends { kind: string }> = {
  receive: (to: NodeId, from: NodeId, packet: packet) => void
  /** A node has the item, and may pass it on; `from` is −1 at its origin. */
  pass: (node: NodeId, from: NodeId, item: Item<content>) => void
  /** The mark of an item that comes to a node now, above 0; 1 where left out. */
  mark?: ((node: NodeId) => number) | undefined
  /**
   * Whether a packet is a content that its receiver has already and will only count. Asked when a
   * copy is sent, where duplicates are counted at once.
   */
  isKnown?: ((to: NodeId, packet: packet) => boolean) | undefined
  onChange?: ((node: NodeId, up: boolean) => void) | undefined
}

/** What protocols have in common: packets, first receptions, counters. */
export type Items<content, packet> = {
  network: Network<packet | Direct<content>>
  /** Sends a content, or a part of it. */
  sendContent: (from: NodeId, to: ArrayLike<NodeId>, packet: packet, bytes: number) => void
  /** Sends an item as a whole, as its own packet; its copies under way are kept once. */
  sendItem: (from: NodeId, to: ArrayLike<NodeId>, item: Item<content>) => void
  /** Sends a word about contents. */
  sendWord: (from: NodeId, to: ArrayLike<NodeId>, packet: packet, bytes: number) => void
  /** Takes a whole content in; false where the node had it already. */
  take: (node: NodeId, from: NodeId, item: Item<content>) => boolean
  counters: BroadcastCounters
  /** What users of the protocol see. */
  broadcastNetwork: BroadcastNetwork<content>
}

export function createItems<content, packet extends { kind: string }>(
  simulation: Simulation,
  options: NetworkOptions<content>,
  protocol: ItemsOptions<content, packet>,
): Items<content, packet> {
  const { name, deliver, relayDelay, relay = 'at-once', onChange, ...rest } = options
  const { receive, pass, isKnown, mark = () => 1 } = protocol
  const counters = { published: 0, delivered: 0, duplicates: 0, bytes: 0, controlBytes: 0 }
  type Pending = { from: NodeId; item: Item<content> }
  const pending = createTable<Pending>()

  const { network, resend } = createProtocolNetwork<packet | Direct<content>>(simulation, {
    ...rest,
    name,
    topology: undefined,
    unsaved: 'what its protocol knows of broadcasts is not saved',
    countAtOnce: isKnown && ((to, packet) => {
      if (isDirect<content>(packet) || !isKnown(to, packet as packet)) return false
      counters.duplicates++
      return true
    }),
    deliver: (to, from, packet) => {
      if (isDirect<content>(packet)) deliver(to, from, packet.content)
      else receive(to, from, packet as packet)
    },
    onChange: (node, up) => {
      protocol.onChange?.(node, up)
      onChange?.(node, up)
    },
  })

  const passKind = simulation.define(`${name}/pass`, (node, number) => {
    const { from, item } = pending.get(number)
    pending.remove(number)
    if (network.isUp(node)) pass(node, from, item)
  })
  const passLater = (node: NodeId, from: NodeId, item: Item<content>): void => {
    const delay = relayDelay?.(item.content) ?? 0
    if (delay === 0) pass(node, from, item)
    else simulation.after(delay, passKind, node, pending.add({ from, item }))
  }

  const publish = (origin: NodeId, content: content, bytes: number): Spread => {
    const at = simulation.now()
    const marks = new Int32Array(network.size)
    const item: Item<content> = {
      kind: 'content',
      content,
      origin,
      at,
      bytes,
      reached: 0,
      lastAt: at,
      marks,
      slot: -1,
      number: -1,
    }
    counters.published++
    if (!network.isUp(origin)) return item
    marks[origin] = mark(origin)
    pass(origin, -1, item)
    return item
  }

  const send = (from: NodeId, to: ArrayLike<NodeId>, packet: packet, bytes: number): void => {
    if (network.isUp(from)) counters.bytes += bytes * to.length
    network.multicast(from, to, packet, bytes)
  }

  return {
    network,
    counters,
    sendContent: send,
    sendItem: (from, to, item) => {
      const { bytes } = item
      if (network.isUp(from)) counters.bytes += bytes * to.length
      item.slot = resend(from, to, item as unknown as packet, bytes, item.slot)
    },
    sendWord: (from, to, packet, bytes) => {
      if (network.isUp(from)) counters.controlBytes += bytes * to.length
      send(from, to, packet, bytes)
    },
    take: (node, from, item) => {
      if (item.marks[node] !== 0) {
        counters.duplicates++
        return false
      }
      item.marks[node] = mark(node)
      item.reached++
      item.lastAt = simulation.now()
      counters.delivered++
      if (relay === 'at-once') passLater(node, from, item)
      const verdict = deliver(node, from, item.content)
      if (relay === 'after-accept') {
        if (verdict === false || verdict === 'ignore') item.marks[node] = refused
        else passLater(node, from, item)
      }
      return true
    },
    broadcastNetwork: {
      ...network,
      send: (from, to, content, bytes) =>
        network.send(from, to, { kind: 'direct', content }, bytes),
      multicast: (from, to, content, bytes) =>
        network.multicast(from, to, { kind: 'direct', content }, bytes),
      broadcast: (from, content, bytes) => {
        publish(from, content, bytes)
      },
      neighbours: options.topology?.neighbours ?? network.neighbours,
      publish,
      broadcastCounters: () => ({ ...counters }),
    },
  }
}
