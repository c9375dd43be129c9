import { createSimulation, createStream, exponential, ms } from '@counterpoise/engine'
import {
  awsLatency,
  constantLatency,
  createNetwork,
  gossipMesh,
  matrixLatency,
  type NetworkOptions,
  type Place,
  regularTopology,
} from '@counterpoise/network'
import { defineValidation, type Row, sampled } from '../validation.ts'

const placesIn = (regions: readonly string[], uplinkBytesPerSecond?: number): Place[] =>
  regions.map((region, node) => ({
    name: `node ${node}`,
    attributes: { region, operator: `operator ${node}` },
    uplinkBytesPerSecond,
  }))

const quantile = (ascending: Float64Array, level: number): number =>
  ascending[Math.floor(level * ascending.length)]!

/** Quantiles of a link's delay: 20 batches of 2,000 draws. */
function latencyRows(from: string, to: string): Row[] {
  const places = placesIn([from, to])
  const latency = matrixLatency({ places, matrix: awsLatency, jitter: 'lognormal' })
  const stream = createStream({ seed: 'validation', replication: 0, purpose: `${from} ${to}` })
  const batches = Array.from({ length: 20 }, () =>
    Float64Array.from({ length: 2_000 }, () => latency.sample(0, 1, stream) / 1_000).sort(),
  )
  const at = (name: string, region: string): number => {
    const { regions, oneWayMs, deviationMs } = awsLatency
    const [row, column] = [regions.indexOf(from), regions.indexOf(region)]
    const median = oneWayMs[row]![column]!
    return name === 'p50' ? median : median + deviationMs![row]![column]!
  }
  const levels = [
    ['p50', 0.5],
    ['p90', 0.9],
  ] as const
  return levels.map(([name, level]) => ({
    quantity: `one-way delay ${from} → ${to}, ${name}`,
    unit: 'ms',
    expected: at(name, to),
    source: `AWS region matrix, half of the round trip's ${name}`,
    ...sampled(batches.map((batch) => quantile(batch, level))),
    // A quantile of 2,000 draws is off by up to half a rank, besides its interval.
    tolerance: 0.002,
  }))
}

const rate = 1_000_000
const service = 1_000
/** Messages between two nodes share one flow: with many receivers, each has a flow of its own. */
const receivers = 500

/** Mean time from sending to full arrival beyond the latency, µs, by batches of messages. */
function sojourns(load: number, bandwidth: NetworkOptions<number>['bandwidth']): number[] {
  const simulation = createSimulation({ seed: `validation ${load}` })
  const stream = simulation.stream('arrivals')
  const [batches, size] = [30, 4_000]
  const sent = new Float64Array(batches * size)
  const sums = Array.from({ length: batches }, () => 0)
  const network = createNetwork<number>(simulation, {
    name: 'link',
    places: placesIn(Array.from({ length: 1 + receivers }, () => 'a'), rate),
    latency: constantLatency(ms(10)),
    bandwidth,
    deliver: (_to, _from, message) => {
      const batch = Math.floor(message / size)
      sums[batch] = sums[batch]! + (simulation.now() - ms(10) - sent[message]!) / size
    },
  })
  const send = simulation.define('send', (index) => {
    sent[index] = simulation.now()
    network.send(0, 1 + (index % receivers), index, service)
    if (index + 1 < sent.length) next(index + 1)
  })
  const next = (index: number): void => {
    simulation.after(Math.round(exponential(stream, service / load)), send, index)
  }
  next(0)
  simulation.run()
  return sums
}

function queueRows(load: number): Row[] {
  return [
    {
      quantity: `time in a store-and-forward uplink at load ${load}`,
      unit: 'µs',
      expected: service + (load * service) / (2 * (1 - load)),
      source: 'M/D/1: S + ρS / 2(1 − ρ) (Pollaczek and Khinchine)',
      ...sampled(sojourns(load, 'queue')),
    },
    {
      quantity: `time in a fairly shared uplink at load ${load}`,
      unit: 'µs',
      expected: service / (1 - load),
      source: 'M/G/1 with processor sharing: S / (1 − ρ) (Kleinrock)',
      ...sampled(sojourns(load, 'fair')),
    },
  ]
}

/** Mean number of hops of an eager mesh of degree 8, whose links take one time unit. */
function gossipRow(size: number): Row {
  const means = Array.from({ length: 10 }, (_, replication) => {
    const simulation = createSimulation({ seed: 'validation', replication })
    const stream = simulation.stream('topology')
    const network = gossipMesh({ lazyDegree: 0, gossipFactor: 0 }).open<number>(simulation, {
      name: 'mesh',
      places: placesIn(Array.from({ length: size }, () => 'a')),
      latency: constantLatency(ms(100)),
      topology: regularTopology({ size, degree: 20, stream }),
      streams: 'shared',
      deliver: () => {
        hops += simulation.now() / ms(100) / (size - 1)
      },
    })
    let hops = 0
    network.publish(0, 0, 1_000)
    simulation.run()
    return hops
  })
  return {
    quantity: `mean hops to ${size.toLocaleString('en')} nodes of a mesh of degree 8`,
    expected: Math.log(size) / Math.log(7),
    source: 'logarithmic law of random graphs: about ln N / ln(D − 1)',
    ...sampled(means),
    tolerance: 0.08,
  }
}

const links = [
  ['us-east-1', 'us-west-2'],
  ['eu-west-1', 'ap-southeast-1'],
  ['sa-east-1', 'ap-northeast-1'],
  ['us-east-1', 'us-east-1'],
] as const

export default defineValidation({
  name: 'network',
  title: 'the network floor',
  sections: [
    {
      title: 'Latency between regions',
      note: 'Lognormal jitter: 20 batches of 2,000 draws a link.',
      rows: () => links.flatMap(([from, to]) => latencyRows(from, to)),
    },
    {
      title: 'Bandwidth',
      note: 'An uplink of 1 MB/s, Poisson messages of 1 kB to 500 nodes: 30 batches of 4,000.',
      rows: () => [0.3, 0.5, 0.8].flatMap(queueRows),
    },
    {
      title: 'Gossip',
      note:
        'Eager push only, ten random meshes a size. The law leaves a constant open, hence the ' +
        'tolerance; the growth from one row to the next is what counts.',
      rows: () => [250, 1_000, 4_000, 16_000].map(gossipRow),
    },
  ],
})
