import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { earthRadiusKm, greatCircleKm } from './coordinates.ts'

const at = (latitude: number, longitude: number) => ({ latitude, longitude })
const cities = {
  london: at(51.5074, -0.1278),
  newYork: at(40.7128, -74.006),
  paris: at(48.8566, 2.3522),
  sydney: at(-33.8688, 151.2093),
  tokyo: at(35.6762, 139.6503),
  losAngeles: at(34.0522, -118.2437),
  saoPaulo: at(-23.5505, -46.6333),
  madrid: at(40.4168, -3.7038),
}

describe('greatCircleKm', () => {
  // Published distances of the cities, km.
  test.each([
    ['london', 'newYork', 5_570],
    ['london', 'paris', 344],
    ['london', 'sydney', 16_994],
    ['losAngeles', 'tokyo', 8_815],
    ['newYork', 'losAngeles', 3_936],
    ['saoPaulo', 'madrid', 8_368],
  ] as const)('%s to %s within 0.5 %%', (from, to, km) => {
    expect(Math.abs(greatCircleKm(cities[from], cities[to]) / km - 1)).toBeLessThan(0.005)
  })

  test('a quarter and a half of the equator, across the date line, and nothing', () => {
    const circumference = 2 * Math.PI * earthRadiusKm
    expect(greatCircleKm(at(0, 0), at(0, 90))).toBeCloseTo(circumference / 4, 8)
    expect(greatCircleKm(at(0, 0), at(0, 180))).toBeCloseTo(circumference / 2, 8)
    expect(greatCircleKm(at(90, 0), at(-90, 77))).toBeCloseTo(circumference / 2, 8)
    expect(greatCircleKm(at(0, 179.5), at(0, -179.5))).toBeCloseTo(circumference / 360, 8)
    expect(greatCircleKm(cities.london, cities.london)).toBe(0)
  })

  test('property: agrees with the haversine formula, is symmetric', () => {
    const point = fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    })
    fc.assert(
      fc.property(point, point, (one, other) => {
        const km = greatCircleKm(one, other)
        expect(Math.abs(km - haversineKm(one, other))).toBeLessThan(0.001)
        expect(greatCircleKm(other, one)).toBe(km)
      }),
      fuzzParameters(500),
    )
  })
})

/** The textbook formula, with functions that need not agree in the last bit. */
function haversineKm(one: typeof cities.london, other: typeof cities.london): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180
  const half = (a: number, b: number): number => Math.sin(radians(b - a) / 2)
  const [phi, lambda] = [half(one.latitude, other.latitude), half(one.longitude, other.longitude)]
  const squares =
    phi * phi +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * lambda * lambda
  return 2 * earthRadiusKm * Math.atan2(Math.sqrt(squares), Math.sqrt(1 - squares))
}
