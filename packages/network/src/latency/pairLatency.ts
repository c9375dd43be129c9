import { LatencyError } from '../errors.ts'
import type { Latency } from '../latency.ts'
import type { NodeId, Place } from '../places.ts'

/** One directed link with a latency of its own. */
export type PairOverride = {
  /** Name of the sender's place. */
  from: string
  /** Name of the receiver's place. */
  to: string
  latency: Latency
}

export type PairLatencyOptions = {
  /** What holds for every other link. */
  base: Latency
  places: readonly Place[]
  /** The exceptions, each in one direction; the last one of a pair counts. */
  pairs: readonly PairOverride[]
}

/**
 * A latency with exceptions: a leased line, a distant pair, a measured link.
 *
 * @throws LatencyError where a pair names a place that does not exist.
 */
export function pairLatency(options: PairLatencyOptions): Latency {
  const { base, places, pairs } = options
  const size = places.length
  const numbers = new Map(places.map(({ name }, number) => [name, number]))
  const numberOf = (name: string, end: string, pair: number): NodeId => {
    const number = numbers.get(name)
    if (number !== undefined) return number
    throw new LatencyError(`Pair ${pair + 1} has no place '${name}' to go ${end}.`, {
      metaMessages: ['Expected: the name of one of the places, spelt as there.'],
    })
  }
  const byLink = new Map<number, Latency>()
  /** Most nodes have no exception, and then nothing is looked up. */
  const hasPairs = new Uint8Array(size)
  pairs.forEach(({ from, to, latency }, pair) => {
    const sender = numberOf(from, 'from', pair)
    byLink.set(sender * size + numberOf(to, 'to', pair), latency)
    hasPairs[sender] = 1
  })
  const of = (from: NodeId, to: NodeId): Latency =>
    (hasPairs[from] === 1 ? byLink.get(from * size + to) : undefined) ?? base
  return {
    sample: (from, to, stream) => of(from, to).sample(from, to, stream),
    typical: (from, to) => of(from, to).typical(from, to),
  }
}
