import { cos, sin } from '@counterpoise/engine'
import type { Coordinates } from './places.ts'

/** Mean radius of the earth, km (IUGG, "Geodetic Reference System 1980": 2a + b over 3). */
export const earthRadiusKm = 6371.0088

const radiansPerDegree = 0.017453292519943295

/** The point as a vector of length 1 from the centre of the earth. */
export function unitVector({ latitude, longitude }: Coordinates): [number, number, number] {
  const phi = latitude * radiansPerDegree
  const lambda = longitude * radiansPerDegree
  return [cos(phi) * cos(lambda), cos(phi) * sin(lambda), sin(phi)]
}

/** Whether a point is on the globe. */
export const isOnGlobe = ({ latitude, longitude }: Coordinates): boolean =>
  latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180

/**
 * The length of the great circle between two points, km, on a sphere; the flattening of the earth
 * changes it by at most 0.6 %.
 */
export function greatCircleKm(one: Coordinates, other: Coordinates): number {
  const [ax, ay, az] = unitVector(one)
  const [bx, by, bz] = unitVector(other)
  const difference = square(ax - bx, ay - by, az - bz)
  return earthRadiusKm * angleOf(difference, square(ax + bx, ay + by, az + bz))
}

/**
 * The angle between two vectors of length 1, from the squared lengths of their difference and sum,
 * 2 sin(θ/2) and 2 cos(θ/2): well conditioned from the same point to the antipode. Three more
 * halvings of the angle by tan(x/2) = tan x / (1 + √(1 + tan² x)) leave an arc tangent below 0.2,
 * whose series ends soon; all of it is `+ − × ÷ √`, which every machine rounds alike.
 */
export function angleOf(squaredDifference: number, squaredSum: number): number {
  const quarter = Math.sqrt(squaredDifference) / (2 + Math.sqrt(squaredSum))
  const eighth = quarter / (1 + Math.sqrt(1 + quarter * quarter))
  const tangent = eighth / (1 + Math.sqrt(1 + eighth * eighth))
  const x = tangent * tangent
  let series = 0
  for (let term = 23; term >= 1; term -= 2) series = 1 / term - x * series
  return 16 * tangent * series
}

/** The squared length of a vector. */
export const square = (x: number, y: number, z: number): number => x * x + y * y + z * z
