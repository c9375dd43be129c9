import { createSampler, type Sampler, type Stream } from '@counterpoise/engine'
import { measuredBandwidth2016, measuredQuantile, type Place } from '@counterpoise/network'
import type { NetworkContext } from './networkOf.ts'
import type { NetworkConfig, RateConfig } from '../schema/network.ts'
import { sixRegionOf, sixRegionTables } from './regions.ts'

/** Below this, Mbit/s, nothing is drawn: a message would take days. */
const leastMbps = 0.01
const bytesPerMbit = 125_000

/** The places with what they can send and receive, drawn once for each where it is to be drawn. */
export function withBandwidth<place extends Place>(
  places: readonly place[],
  { bandwidth, producers = {}, observers = {} }: NetworkConfig,
  context: NetworkContext,
): place[] {
  const { simulation, name, validators } = context
  if (bandwidth === undefined) return [...places]
  const { upMbps, downMbps } = bandwidth
  const up = upMbps && rateOf(upMbps, 'uploadMbps')
  const down = downMbps && rateOf(downMbps, 'downloadMbps')
  /** One stream for each direction, read in the order of the nodes. */
  const streams = new Map<string, Stream>()
  const streamOf = (purpose: string): Stream => {
    const found = streams.get(purpose) ?? simulation.detachedStream(`${name}/${purpose}`)
    streams.set(purpose, found)
    return found
  }
  const bytes = (rate: Rate, purpose: string, place: Place, node: number): number => {
    const key = purpose === 'uplink' ? 'upMbps' : 'downMbps'
    const own = node < validators ? producers[key] : undefined
    if (own !== undefined) return own * bytesPerMbit
    // Drawn for observers too, so that what they have changes nothing for others.
    const drawn = rate(place, () => streamOf(purpose))
    const isObserver = node >= validators && node < validators + context.observers
    return ((isObserver ? observers[key] : undefined) ?? drawn) * bytesPerMbit
  }
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
  if (config.kind === 'measured2016') return measuredRate(column, config.leastQuantile)
  const sampler = config.kind === 'drawn' ? createSampler(config.mbps) : histogramSampler(config)
  return (_place, stream) => Math.max(leastMbps, sampler(stream()))
}

function measuredRate(column: 'uploadMbps' | 'downloadMbps', leastQuantile = 0): Rate {
  const quantiles = new Map(
    Object.entries(measuredBandwidth2016).map(([region, { up, down }]) => [
      region,
      measuredQuantile(column === 'uploadMbps' ? up : down),
    ]),
  )
  return ({ attributes }, stream) =>
    quantiles.get(sixRegionOf(attributes.region)!)!(Math.max(leastQuantile, stream().uniform()))
}

/** Draws a bin by its weight, and evenly within it: its distribution rises in lines. */
function histogramSampler({ edges, weights }: { edges: number[]; weights: number[] }): Sampler {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  const shares = [0, ...weights.map((weight) => (sum += weight) / total)]
  return createSampler({ kind: 'empirical', shares, values: edges })
}
