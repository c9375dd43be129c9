import { ms } from '@counterpoise/engine'
import {
  awsLatency,
  constantLatency,
  distanceLatency,
  distributedLatency,
  empiricalLatency,
  type Jitter,
  type Latency,
  type LatencyMatrix,
  type LinkMeasurement,
  matrixLatency,
  type Place,
} from '@counterpoise/network'
import type { LatencyConfig } from '../schema/latency.ts'
import { readMatrix } from './readMatrix.ts'
import { coordinatesOf, sixRegionOf, sixRegionTables } from './regions.ts'

/**
 * The latency between the places of a chain.
 *
 * @throws LatencyError, LatencyMatrixError, UnknownRegionError or CoordinatesError where there can
 * be none, and MatrixFileError where the text of a matrix is none.
 */
export function latencyOf(config: LatencyConfig, places: readonly Place[]): Latency {
  switch (config.kind) {
    case 'constant':
      return constantLatency(ms(config.ms))
    case 'drawn':
      return distributedLatency(config.ms)
    case 'measured':
      return matrixLatency({ places, matrix: awsLatency, jitter: config.jitter })
    case 'sixRegions':
      return matrixLatency({
        places: places.map(inSixRegions),
        matrix: sixRegionTables[config.year].latency,
        jitter: config.jitter,
      })
    case 'distance': {
      const { routeFactor, constantMs, kmPerSecond, jitterMs } = config
      return distanceLatency({
        places: places.map((place) => ({ ...place, coordinates: coordinatesOf(place) })),
        ...{ routeFactor, constantMs, kmPerSecond, jitter: jitterMs },
      })
    }
    case 'empirical':
      return empirical(config, places)
    default: {
      const matrix = matrixOf(config)
      return matrixLatency({ places, matrix, jitter: jitterOf(config, matrix) })
    }
  }
}

type MatrixConfig = Extract<LatencyConfig, { kind: 'matrix' | 'matrixFile' }>

/** A scenario's own matrix, one way, with the spread where it has a p90. */
export function matrixOf(config: MatrixConfig): LatencyMatrix {
  const read = config.kind === 'matrix' ? config : readMatrix(config.csv ?? '')
  const { regions, p50Ms, p90Ms } = read
  const factor = config.roundTrip ? 0.5 : 1
  const scaled = (rows: readonly (readonly number[])[]): number[][] =>
    rows.map((row) => row.map((value) => value * factor))
  return {
    source: "the scenario's own",
    regions,
    oneWayMs: scaled(p50Ms),
    // What is missing or below the p50 stays visible as a hole or a negative value.
    deviationMs:
      p90Ms && scaled(p90Ms.map((row, from) => row.map((p90, to) => p90 - p50Ms[from]![to]!))),
  }
}

const jitterOf = ({ jitter }: MatrixConfig, { deviationMs }: LatencyMatrix): Jitter =>
  jitter ?? (deviationMs === undefined ? 'none' : 'normal')

/** A place as the tables of six regions know it; the region itself where they do not. */
function inSixRegions(place: Place): Place {
  const { region } = place.attributes
  const attributes = { ...place.attributes, region: sixRegionOf(region) ?? region }
  return { ...place, attributes }
}

function empirical(
  { within, between, links }: Extract<LatencyConfig, { kind: 'empirical' }>,
  places: readonly Place[],
): Latency {
  const classes: Record<string, LinkMeasurement> = { within, between }
  links.forEach(({ measured }, k) => {
    classes[`links[${k}]`] = measured
  })
  return empiricalLatency({
    places,
    classes,
    classOf: (from, to) => {
      const known = links.findLastIndex((link) => link.from === from && link.to === to)
      return known >= 0 ? `links[${known}]` : from === to ? 'within' : 'between'
    },
  })
}
