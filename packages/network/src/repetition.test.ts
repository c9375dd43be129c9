import { createStream, Digest, hours, type Stream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { awsCoordinates } from './calibration/awsCoordinates.ts'
import { awsLatency } from './calibration/awsLatency.ts'
import { gervaisDegrees } from './calibration/degreeHistograms.ts'
import { churnOf } from './churn/churn.ts'
import { type Latency, matrixLatency } from './latency.ts'
import { distanceLatency } from './latency/distanceLatency.ts'
import { randomTopology } from './topology.ts'
import { bitcoinTopology } from './topology/bitcoin.ts'
import { degreeTopology } from './topology/degrees.ts'
import type { Graph } from './topology/links.ts'
import { meshTopology } from './topology/mesh.ts'
import { regionalTopology } from './topology/regional.ts'
import { regularTopology } from './topology/regular.ts'
import { scaleFreeTopology } from './topology/scaleFree.ts'
import { smallWorldTopology } from './topology/smallWorld.ts'

// What stands here must not change with a machine, a version of Node or what ran before.

const streamOf = (entity: number): Stream =>
  createStream({ seed: 'repetition', replication: 0, purpose: 'draws', entity })
const size = 300
const regions = Array.from({ length: size }, (_, node) => `region-${node % 7}`)

const digestOf = (values: Iterable<number>): string => {
  const digest = new Digest()
  for (const value of values) digest.add(value)
  return digest.toString()
}

const graphs: Record<string, (stream: Stream) => Graph> = {
  random: (stream) => randomTopology({ size, outgoing: 8, stream }),
  regular: (stream) => regularTopology({ size, degree: 7, stream }),
  degrees: (stream) => degreeTopology({ degrees: { histogram: gervaisDegrees, size }, stream }),
  bitcoin: (stream) => bitcoinTopology({ size, stream }),
  smallWorld: (stream) => smallWorldTopology({ size, degree: 6, rewiring: 0.2, stream }),
  scaleFree: (stream) => scaleFreeTopology({ size, links: 3, stream }),
  mesh: (stream) => meshTopology({ size, stream }),
  regional: (stream) => regionalTopology({ regions, linksToPeers: 2, stream }),
}

const places = awsLatency.regions.map((region) => ({
  name: region,
  attributes: { region, operator: 'o' },
  coordinates: awsCoordinates[region],
}))
const latencies: Record<string, Latency> = {
  normal: matrixLatency({ places, matrix: awsLatency }),
  lognormal: matrixLatency({ places, matrix: awsLatency, jitter: 'lognormal' }),
  pareto: matrixLatency({ places, matrix: awsLatency, jitter: 'pareto' }),
  distance: distanceLatency({ places, jitter: { kind: 'exponential', mean: 2 } }),
}

describe('the same draws everywhere', () => {
  test('topologies', () => {
    const digests = Object.entries(graphs).map(([name, make]) => {
      const digest = digestOf(make(streamOf(0)).targets)
      expect(digestOf(make(streamOf(0)).targets)).toBe(digest)
      expect(digestOf(make(streamOf(1)).targets)).not.toBe(digest)
      return `${name} ${digest}`
    })
    expect(digests).toMatchInlineSnapshot(`
      [
        "random 789ead38a850b4e4",
        "regular 656aca470b906e86",
        "degrees cb96bde29ab36830",
        "bitcoin fe955d7f702710d2",
        "smallWorld d0e71656af6d1a94",
        "scaleFree 08120d18c935405a",
        "mesh 0bb14f59955d150d",
        "regional d96210ecfb71b24d",
      ]
    `)
  })

  test('latencies', () => {
    const digests = Object.entries(latencies).map(([name, { sample }]) => {
      const stream = streamOf(0)
      const delays = places.flatMap((_, from) => places.map((_, to) => sample(from, to, stream)))
      return `${name} ${digestOf(delays)}`
    })
    expect(digests).toMatchInlineSnapshot(`
      [
        "normal 9296e7677665d07b",
        "lognormal f5184ddcb34345eb",
        "pareto 4e6badf901f7b0d2",
        "distance 57e1f075d38e169e",
      ]
    `)
  })

  test('churn', () => {
    const absences = churnOf({
      nodes: 100,
      session: { kind: 'weibull', scale: hours(4), shape: 0.6 },
      downtime: { kind: 'lognormal', median: hours(1), sigma: 1 },
      until: hours(48),
      stream: streamOf,
    })
    const values = absences.flatMap(({ node, at, duration }) => [node, at, duration])
    expect(digestOf(values)).toMatchInlineSnapshot(`"e4d69b4ee99017d1"`)
  })
})
