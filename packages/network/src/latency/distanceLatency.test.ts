import { createStream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { awsCoordinates } from '../calibration/awsCoordinates.ts'
import { awsLatency } from '../calibration/awsLatency.ts'
import { greatCircleKm } from '../coordinates.ts'
import type { Coordinates, Place } from '../places.ts'
import { cloudRoute, distanceLatency, fibreKmPerSecond } from './distanceLatency.ts'

const placeAt = (name: string, coordinates?: Coordinates): Place => ({
  name,
  attributes: { region: name, operator: 'o' },
  coordinates,
})
const places = awsLatency.regions.map((region) => placeAt(region, awsCoordinates[region]))
const stream = createStream({ seed: 'd', replication: 0, purpose: 'distance' })

describe('distanceLatency', () => {
  test('is the way over the speed, and the constant', () => {
    const equator = [placeAt('a', { latitude: 0, longitude: 0 })]
    equator.push(placeAt('b', { latitude: 0, longitude: 90 }))
    const latency = distanceLatency({ places: equator, routeFactor: 2, constantMs: 3 })
    const km = greatCircleKm(equator[0]!.coordinates!, equator[1]!.coordinates!)
    expect(latency.typical(0, 1)).toBe(Math.round(3_000 + (2e6 * km) / fibreKmPerSecond))
    expect(latency.sample(0, 1, stream)).toBe(latency.typical(1, 0))
    expect(latency.typical(0, 0)).toBe(3_000)
  })

  test('the route factor and the constant are those of the measured matrix', () => {
    const delayOf = (from: number, to: number): number => awsLatency.oneWayMs[from]![to]!
    const inside = places.map((_, region) => delayOf(region, region)).sort((a, b) => a - b)
    expect(inside[16]).toBeCloseTo(cloudRoute.constantMs, 2)
    const light = distanceLatency({ places, routeFactor: 1, constantMs: 0 })
    const factors = places.flatMap((_, from) =>
      places.flatMap((_, to) => {
        if (from === to) return []
        return [(delayOf(from, to) - cloudRoute.constantMs) / (light.typical(from, to) / 1_000)]
      }),
    )
    factors.sort((a, b) => a - b)
    expect(factors).toHaveLength(1_056)
    expect(factors[528]).toBeCloseTo(cloudRoute.routeFactor, 2)
    // No measured way is shorter than light's.
    expect(factors[0]).toBeGreaterThan(1)
  })

  test('jitter is added, and nothing arrives before it is sent', () => {
    const jitter = { kind: 'normal', mean: -1, deviation: 2 } as const
    const latency = distanceLatency({ places, constantMs: 0, jitter })
    const delays = Array.from({ length: 1_000 }, () => latency.sample(0, 0, stream))
    expect(Math.min(...delays)).toBe(0)
    expect(Math.max(...delays)).toBeGreaterThan(1_000)
    expect(delays.every(Number.isSafeInteger)).toBe(true)
    const sooner = distanceLatency({
      places,
      constantMs: 10,
      jitter: { kind: 'constant', value: -3 },
    })
    expect(sooner.sample(0, 0, stream)).toBe(7_000)
  })

  test('error: coordinates that are missing or not on the globe, impossible parameters', () => {
    expect(() => distanceLatency({ places: [placeAt('nowhere')] })).toThrow(
      /'nowhere' needs coordinates[^]*Found: {4}none/,
    )
    const beyond = placeAt('beyond', { latitude: 91, longitude: 0 })
    expect(() => distanceLatency({ places: [beyond] })).toThrow(/"latitude":91/)
    const tooShort = (): unknown => distanceLatency({ places, routeFactor: 0.5 })
    expect(tooShort).toThrow(/'routeFactor' of at least 1/)
    expect(() => distanceLatency({ places, constantMs: -1 })).toThrow(/'constantMs'/)
    expect(() => distanceLatency({ places, kmPerSecond: Number.NaN })).toThrow(/Found: NaN/)
  })

  test('the poles and the date line are on the globe', () => {
    const edges = [
      placeAt('north', { latitude: 90, longitude: 0 }),
      placeAt('south', { latitude: -90, longitude: 0 }),
      placeAt('east', { latitude: 0, longitude: 180 }),
      placeAt('west', { latitude: 0, longitude: -180 }),
    ]
    const latency = distanceLatency({ places: edges, constantMs: 0 })
    expect(latency.typical(2, 3)).toBe(0)
    // From a pole to the other is twice as far as to the equator, but for the rounding.
    expect(Math.abs(latency.typical(0, 1) - 2 * latency.typical(0, 2))).toBeLessThanOrEqual(1)
  })
})
