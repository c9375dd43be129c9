import type { Stream } from '@counterpoise/engine'
import type { NodeId } from '../places.ts'

/** The nodes that still take links, of which one is drawn at random. */
export type FreeSlots = {
  /** Takes one link of a node off; a node without any left is drawn no more. */
  take: (node: NodeId) => void
  /** A random node with free links that is allowed; `undefined` where there is none. */
  draw: (stream: Stream, isAllowed: (node: NodeId) => boolean) => NodeId | undefined
}

export function createFreeSlots(limits: Int32Array): FreeSlots {
  const left = limits.slice()
  const open = new Int32Array(limits.length)
  const places = new Int32Array(limits.length)
  let count = 0
  const insert = (node: NodeId): void => {
    open[count] = node
    places[node] = count++
  }
  limits.forEach((limit, node) => {
    if (limit > 0) insert(node)
  })
  return {
    take: (node) => {
      left[node] = left[node]! - 1
      if (left[node]! > 0) return
      const last = open[--count]!
      open[places[node]!] = last
      places[last] = places[node]!
    },
    draw: (stream, isAllowed) => {
      if (count === 0) return undefined
      for (let attempt = 0; attempt < 32; attempt++) {
        const node = open[stream.below(count)]!
        if (isAllowed(node)) return node
      }
      // Few are left: look at each, from a random one on.
      const start = stream.below(count)
      for (let step = 0; step < count; step++) {
        const node = open[(start + step) % count]!
        if (isAllowed(node)) return node
      }
      return undefined
    },
  }
}
