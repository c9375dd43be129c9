import type { Stream } from '@counterpoise/engine'
import type { Topology } from '@counterpoise/network'

/** The connections of a network, each from both of its ends, in compressed sparse rows. */
export type RelayLinks = {
  size: number
  /** The ends of a node are those from `offsets[node]` up to but without the next one's. */
  offsets: Int32Array
  /** By end: whose it is, and who is at the other one. */
  owners: Int32Array
  peers: Int32Array
  /** 1 where the owner of the end has opened the connection. */
  opened: Uint8Array
  /** The other end of the same connection. */
  opposite: Int32Array
}

/** Reads a topology; who opened a connection is drawn, as a topology does not say. */
export function relayLinksOf(topology: Topology, stream: Stream): RelayLinks {
  const { size } = topology
  const offsets = new Int32Array(size + 1)
  for (let node = 0; node < size; node++) {
    offsets[node + 1] = offsets[node]! + topology.neighbours(node).length
  }
  const count = offsets[size]!
  const owners = new Int32Array(count)
  const peers = new Int32Array(count)
  const opened = new Uint8Array(count)
  const opposite = new Int32Array(count)
  const next = offsets.slice()
  for (let node = 0; node < size; node++) {
    for (const peer of topology.neighbours(node)) {
      if (peer < node) continue
      const [end, other] = [next[node]!, next[peer]!]
      next[node] = end + 1
      next[peer] = other + 1
      owners[end] = node
      owners[other] = peer
      peers[end] = peer
      peers[other] = node
      opposite[end] = other
      opposite[other] = end
      const isOpener = stream.chance(0.5)
      opened[end] = isOpener ? 1 : 0
      opened[other] = isOpener ? 0 : 1
    }
  }
  return { size, offsets, owners, peers, opened, opposite }
}

/** One bit for each of many transactions. */
export type BitSet = {
  has: (id: number) => boolean
  add: (id: number) => void
  delete: (id: number) => void
}

/** Makes an empty set of small integers. */
export function createBitSet(): BitSet {
  let words = new Int32Array(32)
  return {
    has: (id) => id >> 5 < words.length && (words[id >> 5]! & (1 << (id & 31))) !== 0,
    add: (id) => {
      while (id >> 5 >= words.length) {
        const wider = new Int32Array(words.length * 2)
        wider.set(words)
        words = wider
      }
      words[id >> 5] = words[id >> 5]! | (1 << (id & 31))
    },
    delete: (id) => {
      if (id >> 5 < words.length) words[id >> 5] = words[id >> 5]! & ~(1 << (id & 31))
    },
  }
}

/** What a node has to announce, oldest first, with absolute numbers. */
export type Log = {
  push: (id: number) => void
  end: () => number
  at: (index: number) => number
  /** Nobody will ask for what is below an index. */
  trim: (below: number) => void
}

/** Makes an empty log. */
export function createLog(): Log {
  let items: number[] = []
  let start = 0
  return {
    push: (id) => void items.push(id),
    end: () => start + items.length,
    at: (index) => items[index - start]!,
    trim: (below) => {
      if (below - start < 1024) return
      items = items.slice(below - start)
      start = below
    },
  }
}
