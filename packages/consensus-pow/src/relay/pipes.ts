import type { Time } from '@counterpoise/engine'
import type { NodeId, Place } from '@counterpoise/network'
import type { RelayParameters } from './parameters.ts'

/**
 * What every node can send and receive, one block after the other in each direction: store and
 * forward, pipelined, or cut through at the slower of the two ends.
 */
export type Pipes = {
  /** When bytes that a node sends from a time on have left it. */
  leave: (from: NodeId, to: NodeId, bytes: number, now: Time) => Time
  /** A copy arrives at a time: a sender that waits for that begins the next one no earlier. */
  awaitArrival: (from: NodeId, at: Time) => void
  /** The same for what does not wait behind blocks: an overlay's lines are its own. */
  leaveBeside: (from: NodeId, bytes: number, now: Time) => Time
  /** How long before their end the beginning of bytes is under way. */
  lead: (from: NodeId, bytes: number) => Time
  /** Whether what arrives at a node takes time to come in. */
  isQueued: (to: NodeId) => boolean
  /** Whether what reaches a node first is in first, as far as it is queued. */
  isInOrder: (to: NodeId) => boolean
  /**
   * When bytes that reach a node at a time are in. `sent` are the bytes as their sender has to
   * send them: more of them on a throttled link.
   */
  enter: (to: NodeId, from: NodeId, bytes: number, sent: number, now: Time) => Time
  /** The node is down: what waited in its queues is lost. */
  clear: (node: NodeId, now: Time) => void
}

export function createPipes(places: readonly Place[], parameters: RelayParameters): Pipes {
  const isStopAndWait = parameters.transfer === 'stopAndWait'
  const isCutThrough = isStopAndWait || parameters.transfer === 'cutThrough'
  const isPipelined = parameters.transfer === 'pipelined'
  const extra = Math.round(parameters.sendMs * 1_000)
  const up = rates(places, 'uplinkBytesPerSecond')
  const down = rates(places, 'downlinkBytesPerSecond')
  const upFree = new Float64Array(places.length)
  const downFree = new Float64Array(places.length)
  const timeOf = (bytes: number, rate: number): Time =>
    rate === 0 ? 0 : Math.ceil((bytes * 1_000_000) / rate)

  return {
    leave: (from, to, bytes, now) => {
      let rate = up[from]!
      if (isCutThrough && down[to]! > 0 && (rate === 0 || down[to]! < rate)) rate = down[to]!
      if (rate === 0 && extra === 0) return now
      const start = upFree[from]! > now ? upFree[from]! : now
      const through = start + timeOf(bytes, rate) + extra
      upFree[from] = through
      return through
    },
    awaitArrival: (from, at) => {
      if (isStopAndWait && upFree[from]! < at) upFree[from] = at
    },
    leaveBeside: (from, bytes, now) => now + timeOf(bytes, up[from]!) + extra,
    lead: (from, bytes) => (isPipelined ? timeOf(bytes, up[from]!) : 0),
    isQueued: (to) => isPipelined || (!isCutThrough && down[to]! > 0),
    isInOrder: (to) => !isPipelined && !isCutThrough && down[to]! > 0,
    enter: (to, from, bytes, sent, now) => {
      const start = downFree[to]! > now ? downFree[to]! : now
      const through = start + timeOf(bytes, down[to]!)
      downFree[to] = through
      return isPipelined ? Math.max(through, start + timeOf(sent, up[from]!)) : through
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
