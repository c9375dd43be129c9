import { createSampler, type Sampler, type Simulation, type Stream } from '@counterpoise/engine'
import type { Place } from '@counterpoise/network'
import type { NetworkConfig, RateConfig } from '../schema/network.ts'
import { sixRegionOf, sixRegionTables } from './regions.ts'

/** Below this, Mbit/s, nothing is drawn: a message would take days. */
const leastMbps = 0.01
const bytesPerMbit = 125_000

/** The places with what they can send and receive, drawn once for each where it is to be drawn. */
export function withBandwidth<place extends Place>(
  places: readonly place[],
  { bandwidth }: NetworkConfig,
  { simulation, name }: { simulation: Simulation; name: string },
): place[] {
  if (bandwidth === undefined) return [...places]
  const { upMbps, downMbps } = bandwidth
  const up = upMbps && rateOf(upMbps, 'uploadMbps')
  const down = downMbps && rateOf(downMbps, 'downloadMbps')
  const bytes = (rate: Rate, purpose: string, place: Place, node: number): number =>
    rate(place, () => simulation.detachedStream(`${name}/${purpose}`, node)) * bytesPerMbit
  return places.map((place, node) => ({
    ...place,
    ...(up && { uplinkBytesPerSecond: bytes(up, 'uplink', place, node) }),
    ...(down && { downlinkBytesPerSecond: bytes(down, 'downlink', place, node) }),
  }))
}

/** The Mbit/s of a place. */
type Rate = (place: Place, stream: () => Stream) => number

function rateOf(config: RateConfig, column: 'uploadMbps' | 'downloadMbps'): Rate {
  if (typeof config === 'number') return () => config
  if (config.kind === 'regions') {
    const table = sixRegionTables[config.year]
    const { regions } = table.latency
    return ({ attributes }) => table[column][regions.indexOf(sixRegionOf(attributes.region)!)]!
  }
  const sampler = config.kind === 'drawn' ? createSampler(config.mbps) : histogramSampler(config)
  return (_place, stream) => Math.max(leastMbps, sampler(stream()))
}

/** Draws a bin by its weight, and evenly within it: its distribution rises in lines. */
function histogramSampler({ edges, weights }: { edges: number[]; weights: number[] }): Sampler {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  const shares = [0, ...weights.map((weight) => (sum += weight) / total)]
  return createSampler({ kind: 'empirical', shares, values: edges })
}
