import type { Stream } from '@counterpoise/engine'
import {
  bitcoinTopology,
  type DegreeHistogram,
  degreesOf,
  degreeTopology,
  gervaisDegrees,
  meshTopology,
  type Place,
  randomTopology,
  readTopology,
  regionalTopology,
  regularTopology,
  scaleFreeTopology,
  simBlockOutgoing,
  smallWorldTopology,
  type Topology,
} from '@counterpoise/network'
import type { HistogramConfig, TopologyConfig } from '../schema/topology.ts'

/**
 * Who is connected with whom on a chain; undefined for everybody with everybody.
 *
 * @throws TopologyError where no such graph exists.
 */
export function topologyOf(
  config: TopologyConfig,
  places: readonly Place[],
  stream: Stream,
): Topology | undefined {
  const size = places.length
  switch (config.kind) {
    case 'complete':
      return undefined
    case 'random': {
      const outgoing = Math.min(config.outgoing, size - 1)
      return randomTopology({ size, outgoing, stream })
    }
    case 'bitcoin': {
      const { outgoing, kind: _kind, ...limits } = config
      const opened =
        typeof outgoing === 'number' ? outgoing : degreesOf(histogramOf(outgoing), size, stream)
      return bitcoinTopology({ size, stream, ...limits, outgoing: opened })
    }
    case 'degrees':
      return degreeTopology({ degrees: { histogram: histogramOf(config.histogram), size }, stream })
    case 'regular':
      return regularTopology({ size, degree: config.degree, stream })
    case 'smallWorld': {
      const { degree, rewiring } = config
      return smallWorldTopology({ size, degree, rewiring, stream })
    }
    case 'scaleFree':
      return scaleFreeTopology({ size, links: config.links, stream })
    case 'mesh': {
      const { degree, low, high } = config
      return meshTopology({ size, degree, low, high, stream })
    }
    case 'regional': {
      const { kind: _kind, ...numbers } = config
      const regions = places.map(({ attributes }) => attributes.region)
      return regionalTopology({ ...numbers, regions, stream })
    }
    case 'edges': {
      const names = config.by === 'name' ? places.map(({ name }) => name) : undefined
      const { csv = '', mayBeDisconnected } = config
      return readTopology(csv, { size, names, mayBeDisconnected })
    }
  }
}

const named: Readonly<Record<string, DegreeHistogram>> = {
  gervais2016: gervaisDegrees,
  simBlock2015: simBlockOutgoing,
}

const histogramOf = (config: HistogramConfig): DegreeHistogram =>
  typeof config === 'string' ? named[config]! : config
