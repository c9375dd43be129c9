import {
  createSampler,
  type Distribution,
  meanOf,
  normalQuantile,
  type Stream,
  type Time,
} from '@counterpoise/engine'
import { UnknownRegionError } from './errors.ts'
import type { NodeId, Place } from './places.ts'

/** How long a message is on its way from one node to another, in µs of at least 0. */
export type Latency = {
  sample: (from: NodeId, to: NodeId, stream: Stream) => Time
  /** The mean without jitter, for quotes and closed forms. */
  typical: (from: NodeId, to: NodeId) => Time
}

/** One-way delays between regions; row = from, column = to. */
export type LatencyMatrix = {
  regions: readonly string[]
  /** Mean one-way delay, ms: half of the median round trip. */
  oneWayMs: readonly (readonly number[])[]
  /** Standard deviation of the one-way delay, ms: half of (p90 − p50) of the round trip. */
  deviationMs: readonly (readonly number[])[]
  source: string
}

/** The same delay on every link. */
export function constantLatency(delay: Time): Latency {
  return { sample: () => delay, typical: () => delay }
}

/** One distribution in ms for every message on every link, cut off at 0. */
export function distributedLatency(distribution: Distribution): Latency {
  const sampler = createSampler(distribution)
  const draw = (stream: Stream): Time => Math.max(0, Math.round(sampler(stream) * 1_000))
  const typical = Math.max(0, Math.round(meanOf(distribution) * 1_000))
  return { sample: (_from, _to, stream) => draw(stream), typical: () => typical }
}

export type MatrixLatencyOptions = {
  places: readonly Place[]
  matrix: LatencyMatrix
  /** `normal`: Normal(one-way, deviation) cut off at 0, as measured; `none`: the mean always. */
  jitter?: 'normal' | 'none' | undefined
}

/**
 * Delays by the regions of sender and receiver.
 *
 * @throws UnknownRegionError where a place stands in a region without a row.
 */
export function matrixLatency(options: MatrixLatencyOptions): Latency {
  const { places, matrix, jitter = 'normal' } = options
  const count = matrix.regions.length
  const means = Float64Array.from(matrix.oneWayMs.flat(), (value) => value * 1_000)
  const deviations = Float64Array.from(matrix.deviationMs.flat(), (value) => value * 1_000)
  const regionOf = Int32Array.from(places, ({ attributes }) => {
    const index = matrix.regions.indexOf(attributes.region)
    if (index < 0) throw new UnknownRegionError(attributes.region, matrix.regions)
    return index
  })
  const typical = (from: NodeId, to: NodeId): Time =>
    Math.round(means[regionOf[from]! * count + regionOf[to]!]!)
  if (jitter === 'none') return { sample: typical, typical }
  return {
    sample: (from, to, stream) => {
      const cell = regionOf[from]! * count + regionOf[to]!
      const delay = Math.round(means[cell]! + deviations[cell]! * normalQuantile(stream.uniform()))
      return delay > 0 ? delay : 0
    },
    typical,
  }
}
