import { createSampler, type Distribution, type Stream, type Time } from '@counterpoise/engine'
import { angleOf, earthRadiusKm, isOnGlobe, square, unitVector } from '../coordinates.ts'
import { CoordinatesError, LatencyError } from '../errors.ts'
import type { Latency } from '../latency.ts'
import type { NodeId, Place } from '../places.ts'

/**
 * Speed of light in fibre, km/s: 299,792.458 / 1.468, the group index of standard single-mode
 * fibre (ITU-T G.652) at 1,550 nm.
 */
export const fibreKmPerSecond = 204_218.3

/**
 * How much longer the way is than the great circle, and what comes on top at both ends. Over the
 * 1,056 pairs of regions of `awsLatency` and `awsCoordinates`, the median of (one-way delay −
 * 1.66 ms) over the time of light in fibre is 1.76; 1.66 ms is the median delay within a region.
 * Between ordinary hosts the way is longer: Bozkurt et al., "Dissecting Latency in the Internet's
 * Fiber Infrastructure" (2018), give 2.1 as the rule of thumb, and 1.3 as what conduits allow.
 */
export const cloudRoute = { routeFactor: 1.76, constantMs: 1.66 } as const

export type DistanceLatencyOptions = {
  /** Each with coordinates. */
  places: readonly Place[]
  /** Length of the way over the length of the great circle, at least 1; 1.76 by default. */
  routeFactor?: number | undefined
  /** Added to every message, ms; 1.66 by default. */
  constantMs?: number | undefined
  /** Speed of the signal, km/s; that of light in fibre by default. */
  kmPerSecond?: number | undefined
  /** Drawn for every message and added, ms; a delay below 0 becomes 0. */
  jitter?: Distribution | undefined
}

/**
 * Delays by the great-circle distance of sender and receiver.
 *
 * @throws CoordinatesError where a place has no coordinates or wrong ones.
 * @throws LatencyError where a parameter is impossible.
 */
export function distanceLatency(options: DistanceLatencyOptions): Latency {
  const { places, jitter } = options
  const { routeFactor = cloudRoute.routeFactor, constantMs = cloudRoute.constantMs } = options
  const { kmPerSecond = fibreKmPerSecond } = options
  check('routeFactor', routeFactor, 1)
  check('constantMs', constantMs, 0)
  check('kmPerSecond', kmPerSecond, 1)
  const points = Float64Array.from(
    places.flatMap(({ name, coordinates }) => {
      if (coordinates === undefined || !isOnGlobe(coordinates)) {
        throw new CoordinatesError(name, coordinates)
      }
      return unitVector(coordinates)
    }),
  )
  const constant = constantMs * 1_000
  const perRadian = (earthRadiusKm * routeFactor * 1_000_000) / kmPerSecond
  const delayOf = (from: NodeId, to: NodeId): number => {
    const [a, b] = [from * 3, to * 3]
    const [ax, ay, az] = [points[a]!, points[a + 1]!, points[a + 2]!]
    const [bx, by, bz] = [points[b]!, points[b + 1]!, points[b + 2]!]
    const difference = square(ax - bx, ay - by, az - bz)
    return constant + perRadian * angleOf(difference, square(ax + bx, ay + by, az + bz))
  }
  const typical = (from: NodeId, to: NodeId): Time => Math.round(delayOf(from, to))
  if (jitter === undefined) return { sample: typical, typical }
  const sampler = createSampler(jitter)
  const sample = (from: NodeId, to: NodeId, stream: Stream): Time =>
    Math.max(0, Math.round(delayOf(from, to) + sampler(stream) * 1_000))
  return { sample, typical }
}

function check(name: string, value: number, least: number): void {
  if (value >= least && Number.isFinite(value)) return
  throw new LatencyError(`Latency by distance expects a '${name}' of at least ${least}.`, {
    metaMessages: [`Found: ${value}`],
  })
}
