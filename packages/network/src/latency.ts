import {
  createSampler,
  type Distribution,
  meanOf,
  type Stream,
  type Time,
} from '@counterpoise/engine'
import { LatencyError, UnknownRegionError } from './errors.ts'
import { createJitter, type Jitter, leastOf } from './latency/jitter.ts'
import { checkMatrix, type LatencyMatrix } from './latency/latencyMatrix.ts'
import type { NodeId, Place } from './places.ts'

/** How long a message is on its way from one node to another, in µs of at least 0. */
export type Latency = {
  sample: (from: NodeId, to: NodeId, stream: Stream) => Time
  /** The mean without jitter, for quotes and closed forms. */
  typical: (from: NodeId, to: NodeId) => Time
  /** What no message stays below, µs; 0 where nothing is said. */
  least?: ((from: NodeId, to: NodeId) => Time) | undefined
}

/**
 * The same delay on every link, in whole µs.
 *
 * @throws LatencyError where it is negative or a fraction.
 */
export function constantLatency(delay: Time): Latency {
  if (!(delay >= 0 && Number.isSafeInteger(delay))) {
    throw new LatencyError('A constant latency is a whole number of µs of at least 0.', {
      metaMessages: [`Found: ${delay}`, 'Write `ms(1.5)` for what is no whole number of ms.'],
    })
  }
  return { sample: () => delay, typical: () => delay, least: () => delay }
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
  /** How delays spread around the matrix's values: `normal` if nothing is said. */
  jitter?: Jitter | undefined
}

/**
 * Delays by the regions of sender and receiver. `typical` is the matrix's value: the mean with
 * jitter of the kinds `normal` and `pareto`, the median with `normal` and `lognormal`.
 *
 * @throws LatencyMatrixError where the matrix has a hole, is not square or has a negative value.
 * @throws UnknownRegionError where a place stands in a region without a row.
 * @throws LatencyError where the jitter's parameters are impossible for this matrix.
 */
export function matrixLatency(options: MatrixLatencyOptions): Latency {
  const { places, matrix, jitter = 'normal' } = options
  checkMatrix(matrix)
  const count = matrix.regions.length
  const inMicroseconds = (rows: readonly (readonly number[])[]): Float64Array =>
    Float64Array.from(rows.flat(), (value) => value * 1_000)
  const means = inMicroseconds(matrix.oneWayMs)
  const deviations = matrix.deviationMs && inMicroseconds(matrix.deviationMs)
  const rows = new Map(matrix.regions.map((region, row) => [region, row]))
  const regionOf = Int32Array.from(places, ({ attributes }) => {
    const row = rows.get(attributes.region)
    if (row === undefined) throw new UnknownRegionError(attributes.region, matrix.regions)
    return row
  })
  const draw = createJitter(jitter, means, deviations)
  const floors = leastOf(jitter, means)
  return {
    sample: (from, to, stream) => {
      const delay = Math.round(draw(regionOf[from]! * count + regionOf[to]!, stream))
      return delay > 0 ? delay : 0
    },
    typical: (from, to) => Math.round(means[regionOf[from]! * count + regionOf[to]!]!),
    least: (from, to) => floors[regionOf[from]! * count + regionOf[to]!]!,
  }
}
