import type { Time } from '@counterpoise/engine'
import type { NodeId, Place } from '@counterpoise/network'
import type { RelayParameters } from './parameters.ts'

/**
 * What every node can send and receive: store and forward, one block after the other in each
 * direction, or cut through at the slower of the two ends.
 */
export type Pipes = {
  /** When bytes that a node sends from a time on have left it; more of them on a throttled link. */
  leave: (from: NodeId, to: NodeId, bytes: number, now: Time) => Time
  /** Whether what arrives at a node takes time to come in. */
  isQueued: (to: NodeId) => boolean
  /** When bytes that reach a node at a time are in. */
  enter: (to: NodeId, bytes: number, now: Time) => Time
  /** The node is down: what waited in its queues is lost. */
  clear: (node: NodeId, now: Time) => void
}

export function createPipes(places: readonly Place[], parameters: RelayParameters): Pipes {
  const isCutThrough = parameters.transfer === 'cutThrough'
  const extra = Math.round(parameters.sendMs * 1_000)
  const up = rates(places, 'uplinkBytesPerSecond')
  const down = rates(places, 'downlinkBytesPerSecond')
  const upFree = new Float64Array(places.length)
  const downFree = new Float64Array(places.length)

  return {
    leave: (from, to, bytes, now) => {
      let rate = up[from]!
      if (isCutThrough && down[to]! > 0 && (rate === 0 || down[to]! < rate)) rate = down[to]!
      if (rate === 0 && extra === 0) return now
      const start = upFree[from]! > now ? upFree[from]! : now
      const taken = rate === 0 ? 0 : Math.ceil((bytes * 1_000_000) / rate)
      const through = start + taken + extra
      upFree[from] = through
      return through
    },
    isQueued: (to) => !isCutThrough && down[to]! > 0,
    enter: (to, bytes, now) => {
      const start = downFree[to]! > now ? downFree[to]! : now
      const through = start + Math.ceil((bytes * 1_000_000) / down[to]!)
      downFree[to] = through
      return through
    },
    clear: (node, now) => {
      upFree[node] = now
      downFree[node] = now
    },
  }
}

function rates(
  places: readonly Place[],
  direction: 'uplinkBytesPerSecond' | 'downlinkBytesPerSecond',
): Float64Array {
  return Float64Array.from(places, (place) => place[direction] ?? 0)
}
