import { createSimulation, createStream, meanOf } from '@counterpoise/engine'
import {
  awsLatency,
  type Latency,
  type Place,
  sixRegions2015,
  sixRegions2019,
  topologyStatistics,
} from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { network, type NetworkConfig } from '../schema/network.ts'
import { broken, type Draft, messages } from '../testing.ts'
import { withBandwidth } from './bandwidthOf.ts'
import { latencyOf } from './latencyOf.ts'
import { readMatrix } from './readMatrix.ts'
import { topologyOf } from './topologyOf.ts'

const networkFrom = (given: Draft): NetworkConfig => network.parse(given)

const placesIn = (...regions: string[]): Place[] =>
  regions.map((region, node) => ({
    name: `node-${node}`,
    attributes: { region, operator: `operator-${node}` },
  }))

const latencyFrom = (given: Draft, places: readonly Place[]): Latency =>
  latencyOf(networkFrom({ latency: given }).latency, places)

/** Sorted delays of one link, ms. */
function drawn(latency: Latency, from: number, to: number, count = 20_000): number[] {
  const stream = createStream({ seed: 'delays', replication: 0, purpose: 'test' })
  return Array.from({ length: count }, () => latency.sample(from, to, stream) / 1_000).sort(
    (one, other) => one - other,
  )
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('latency', () => {
  const cloud = placesIn('us-east-1', 'eu-central-1', 'ap-northeast-1')

  test('default: between cloud regions as measured', () => {
    const latency = latencyOf(networkFrom({}).latency, cloud)
    const [from, to] = ['us-east-1', 'eu-central-1'].map((each) => awsLatency.regions.indexOf(each))
    expect(latency.typical(0, 1)).toBe(awsLatency.oneWayMs[from!]![to!]! * 1_000)
  })

  test('behavior: tables of six regions, of places in the cloud as well', () => {
    const places = [...cloud, ...placesIn('south-america', 'ap-southeast-2', 'ap-east-1')]
    for (const [year, table] of [
      [2015, sixRegions2015],
      ['2019', sixRegions2019],
    ] as const) {
      const latency = latencyFrom({ kind: 'sixRegions', year }, places)
      const rows = [0, 1, 4, 2, 5, 3]
      const typical = rows.map((_, from) =>
        rows.map((__, to) => latency.typical(from, to) / 1_000),
      )
      expect(typical).toEqual(
        rows.map((row) => rows.map((column) => table.latency.oneWayMs[row]![column]!)),
      )
    }
    const pareto = drawn(latencyFrom({ kind: 'sixRegions' }, places), 0, 1)
    // Shape m / 5 ms: at least m − 5 ms.
    expect(pareto[0]).toBeGreaterThanOrEqual(119)
    expect(mean(pareto)).toBeCloseTo(124, 0)
    const none = drawn(latencyFrom({ kind: 'sixRegions', jitter: 'none' }, places), 0, 1, 10)
    expect(new Set(none)).toEqual(new Set([124]))
  })

  test('behavior: by distance, between coordinates given or known', () => {
    const quarter = { latitude: 0, longitude: 90 }
    const places: Place[] = [
      { ...placesIn('nowhere')[0]!, coordinates: { latitude: 0, longitude: 0 } },
      { ...placesIn('elsewhere')[0]!, coordinates: quarter },
      ...placesIn('us-east-1'),
    ]
    const given = { kind: 'distance', routeFactor: 2, constantMs: 3, kmPerSecond: 200_000 }
    const latency = latencyFrom(given, places)
    // A quarter of the way round: 10,007.557 km, twice that at 200 km/ms, and 3 ms.
    expect(latency.typical(0, 1)).toBe(103_076)
    expect(latency.typical(0, 2)).toBeGreaterThan(50_000)
    const jitterMs = { kind: 'constant', value: 4 }
    expect(drawn(latencyFrom({ ...given, jitterMs }, places), 0, 1, 3)).toEqual([
      ...[107.076, 107.076, 107.076],
    ])
  })

  test('behavior: as measured by class of link', () => {
    const places = placesIn('a', 'a', 'b')
    const latency = latencyFrom(
      {
        kind: 'empirical',
        within: { samplesMs: [1, 2, 3] },
        between: { quantilesMs: [[0, 10], [0.5, 20], [1, 40]] },
        links: [{ from: 'b', to: 'a', measured: { samplesMs: [99] } }],
      },
      places,
    )
    expect(new Set(drawn(latency, 0, 1))).toEqual(new Set([1, 2, 3]))
    const between = drawn(latency, 0, 2)
    expect(between[between.length / 2]).toBeCloseTo(20, 0)
    expect(drawn(latency, 2, 1, 5)).toEqual([99, 99, 99, 99, 99])
  })

  test('behavior: constant, drawn, and the jitters of the measured matrix', () => {
    expect(drawn(latencyFrom({ kind: 'constant', ms: 7 }, cloud), 0, 1, 2)).toEqual([7, 7])
    const exponential = { kind: 'drawn', ms: { kind: 'exponential', mean: 30 } }
    expect(mean(drawn(latencyFrom(exponential, cloud), 0, 1))).toBeCloseTo(30, -0.5)
    const means = ['normal', 'none', 'lognormal', 'pareto', { kind: 'pareto', shape: 5 }].map(
      (jitter) => mean(drawn(latencyFrom({ kind: 'measured', jitter }, cloud), 0, 1)),
    )
    for (const each of means) expect(Math.abs(each - 46.58)).toBeLessThan(3)
  })

  test('behavior: a matrix of its own, inline or as text', () => {
    const places = placesIn('x', 'y')
    const inline = { kind: 'matrix', regions: ['x', 'y'], p50Ms: [[1, 40], [60, 1]] }
    const given = { ...inline, p90Ms: [[2, 50], [80, 2]], roundTrip: true, jitter: 'lognormal' }
    const latency = latencyFrom(given, places)
    const delays = drawn(latency, 1, 0)
    expect(delays[delays.length / 2]).toBeCloseTo(30, 0)
    expect(delays[delays.length * 0.9]).toBeCloseTo(40, 0)
    expect(drawn(latencyFrom(inline, places), 0, 1, 2)).toEqual([40, 40])
    const csv = 'from,to,p50_ms,p90_ms\nx,x,1,2\ny,y,1,2\n# both ways\nx,y,40,50\ny,x,60,80\n'
    const text = { kind: 'matrixFile', csv, roundTrip: true, jitter: 'lognormal' }
    expect(drawn(latencyFrom(text, places), 1, 0)).toEqual(delays)
  })
})

describe('the text of a matrix', () => {
  test('default: what is given one way holds for both, unless the other is given', () => {
    const { regions, p50Ms, p90Ms } = readMatrix('from,to,p50_ms\na,a,1\na,b,5\nb,b,2\n')
    expect([regions, p50Ms, p90Ms]).toEqual([['a', 'b'], [[1, 5], [5, 2]], undefined])
    expect(readMatrix('from,to,p50_ms\na,b,5\nb,a,6\n').p50Ms).toEqual([
      ...[[Number.NaN, 5], [6, Number.NaN]],
    ])
  })

  test.each([
    ['', 'Line 1 of the matrix cannot be used.\nExpected: a heading and at least one line.'],
    ['a,b,5\n', 'Line 1 of the matrix cannot be used.\nExpected: the heading from,to,p50_ms'],
    ['from,to,p50_ms\na,b\n', 'Line 2 of the matrix cannot be used.\nExpected: 3 fields.'],
    ['from,to,p50_ms\n\na,b,-1\n', 'Line 3 of the matrix cannot be used.\nExpected: delays'],
    ['from,to,p50_ms,p90_ms\na,b,5,4\n', 'Expected: a p90 of at least the p50.'],
  ])('behavior: %j is none', (text, message) => {
    expect(() => readMatrix(text)).toThrow(message)
  })
})

describe('topology', () => {
  const places = placesIn(...Array.from({ length: 200 }, (_, k) => `region-${k % 4}`))
  const statistics = (given: Draft): ReturnType<typeof topologyStatistics> => {
    const { topology } = networkFrom({ topology: given })
    const { stream } = createSimulation({ seed: 'graphs' })
    return topologyStatistics(topologyOf(topology, places, stream('topology'))!)
  }

  test('default: each has what was asked for', () => {
    expect(statistics({ kind: 'random', outgoing: 3 }).degree.mean).toBeCloseTo(8, 0)
    expect(statistics({ kind: 'regular', degree: 6 }).degree).toMatchObject({ least: 6, most: 6 })
    expect(statistics({ kind: 'smallWorld', degree: 6, rewiring: 0.1 }).degree.mean).toBe(6)
    expect(statistics({ kind: 'scaleFree', links: 3 }).degree.most).toBeGreaterThan(20)
    expect(statistics({ kind: 'mesh' }).degree).toMatchObject({ least: 6, most: 12 })
    const bitcoin = statistics({ kind: 'bitcoin', mostConnections: 30 }).degree
    expect([bitcoin.mean, bitcoin.least >= 10, bitcoin.most <= 30]).toEqual([20, true, true])
    const opened = statistics({ kind: 'bitcoin', outgoing: 'simBlock2015' })
    expect(opened.degree.mean).toBeGreaterThan(15)
    // Two hubs in each of four regions know each other, and one pair of each two regions.
    const regional = statistics({ kind: 'regional' })
    expect(regional.links).toBe(4 + 6 + 2 * 192)
    const histogram = { edges: [2, 3, 11], weights: [3, 1] }
    expect(statistics({ kind: 'degrees', histogram }).degree.counts[2]).toBe(150)
    expect(statistics({ kind: 'degrees', histogram: 'gervais2016' }).degree.most).toBe(101)
    const ring = places.map((_, k) => `${k},${(k + 1) % 200}`).join('\n')
    const named = ring.replaceAll(/\d+/g, 'node-$&')
    for (const given of [{ csv: ring, by: 'number' }, { csv: named }]) {
      expect(statistics({ kind: 'edges', ...given }).degree).toMatchObject({ least: 2, most: 2 })
    }
    const none = networkFrom({ topology: { kind: 'complete' } }).topology
    expect(topologyOf(none, places, createSimulation({ seed: 'x' }).stream('x'))).toBeUndefined()
  })
})

describe('bandwidth', () => {
  const places = placesIn(...Array.from({ length: 2_000 }, () => 'eu-west-1'), 'japan')
  const mbps = (given: Draft, some = places): [number[], number[]] => {
    const simulation = createSimulation({ seed: 'rates' })
    const limited = withBandwidth(some, networkFrom({ bandwidth: given }), {
      ...{ simulation, name: 'chain', validators: 0, observers: 0 },
    })
    const inMbps = (bytes: number | undefined): number => (bytes ?? 0) / 125_000
    return [
      limited.map(({ uplinkBytesPerSecond }) => inMbps(uplinkBytesPerSecond)),
      limited.map(({ downlinkBytesPerSecond }) => inMbps(downlinkBytesPerSecond)),
    ]
  }

  test('default: fixed, by region, or drawn once for each node', () => {
    const [fixed, unlimited] = mbps({ upMbps: 8 })
    expect([new Set(fixed), new Set(unlimited)]).toEqual([new Set([8]), new Set([0])])
    const regions = { kind: 'regions', year: 2015 }
    const [up, down] = mbps({ upMbps: regions, downMbps: regions })
    expect([up[0], up.at(-1), down[0], down.at(-1)]).toEqual([8.1, 3.4, 24, 17.5])
    const lognormal = { kind: 'lognormal', median: 20, sigma: 0.5 } as const
    const [drawnRates] = mbps({ upMbps: { kind: 'drawn', mbps: lognormal } })
    expect(mean(drawnRates) / meanOf(lognormal)).toBeCloseTo(1, 1)
    const histogram = { kind: 'histogram', edges: [1, 2, 10], weights: [3, 1] }
    const [, binned] = mbps({ downMbps: histogram })
    expect(binned.every((rate) => rate >= 1 && rate <= 10)).toBe(true)
    expect(binned.filter((rate) => rate < 2).length / places.length).toBeCloseTo(0.75, 1)
    const measured = (leastQuantile: number): number[] =>
      mbps({ upMbps: { kind: 'measured2016', leastQuantile } })[0]
    // p10 is 0.3 up in both regions.
    expect(Math.min(...measured(0))).toBeLessThan(0.12)
    const raised = measured(0).map((rate) => Math.max(0.3, rate).toFixed(9))
    expect(measured(0.1).map((rate) => rate.toFixed(9))).toEqual(raised)
    // A node draws the same, whoever else is there.
    expect(mbps({ downMbps: histogram }, places.slice(0, 5))[1]).toEqual(binned.slice(0, 5))
  })
})

describe('what cannot be is told before a run', () => {
  const found = (given: Draft, recipe: (rail: Draft) => void = () => {}): string =>
    messages(
      broken('bitcoin', ({ rails }) => {
        Object.assign(rails.bitcoin.network, given)
        recipe(rails.bitcoin)
      }),
    )

  test.each<[Draft, string]>([
    // 9 miners, 5 access nodes and 40 relays are 54 nodes.
    [{ topology: { kind: 'regular', degree: 54 } }, 'topology: expected a topology that can exist'],
    [{ topology: { kind: 'smallWorld', degree: 7, rewiring: 0 } }, 'cannot have the degree 7'],
    [{ topology: { kind: 'scaleFree', links: 54 } }, 'cannot open 54 links among 54 nodes'],
    [{ topology: { kind: 'mesh', low: 9, degree: 8 } }, 'low ≤ degree ≤ high'],
    [{ topology: { kind: 'bitcoin', listening: 3 } }, 'only 345 are accepted'],
    [{ topology: { kind: 'regional', linksBetween: 5 } }, 'cannot have 5 links'],
    [{ topology: { kind: 'degrees', histogram: { edges: [3], weights: [1] } } }, 'edges'],
    [{ topology: { kind: 'degrees', histogram: { edges: [3, 2], weights: [1] } } }, 'ascend'],
    [{ topology: { kind: 'edges', csv: 'antpool,nobody\n' } }, 'line 1 of the topology'],
    [{ topology: { kind: 'edges', csv: 'antpool,foundry\n' } }, 'falls into 53 parts'],
    [{ topology: { kind: 'edges', file: 'x.csv' } }, 'topology.file: expected a scenario that was'],
    [{ topology: { kind: 'edges' } }, 'network.topology: expected a `file`, or the text itself'],
    [{ latency: { kind: 'matrix', regions: ['x'], p50Ms: [[1, 2]] } }, 'a row of 2 cells'],
    [{ latency: { kind: 'matrixFile', csv: 'from,to\n' } }, 'line 1 of the matrix'],
    [{ latency: { kind: 'sixRegions', year: 2016 } }, 'year: expected one of 2015, 2019'],
    [{ latency: { kind: 'empirical', within: {}, between: {} } }, 'latency.within'],
    [{ bandwidth: { upMbps: { kind: 'regons' } } }, 'bandwidth.upMbps'],
    [{ broadcast: { kind: 'flud' } }, 'did you mean `flood`?'],
    [{ lossProbability: 1.5 }, 'lossProbability: expected a number of at most 1'],
  ])('behavior: %j', (given, text) => {
    expect(found(given)).toContain('rails.bitcoin.network.')
    expect(found(given)).toContain(text)
  })

  test('behavior: an odd number of ends', () => {
    const odd = found({ topology: { kind: 'regular', degree: 7 } }, (rail) => {
      rail.relays.nodes = 41
    })
    expect(odd).toBe(
      'scenario rails.bitcoin.network.topology: expected a topology that can exist, found no ' +
        'graph of 55 nodes has the degree 7 everywhere (Every link has two ends, so that size × ' +
        'degree is even. Take 56 nodes, or a degree of 6 or 8.)',
    )
  })

  test('behavior: regions that a table does not know', () => {
    const nowhere = (rail: Draft): void => {
      rail.access.nodes.value[1].region = 'japn'
    }
    const at = 'rails.bitcoin.access.nodes[1].region: expected a region of'
    expect(found({ latency: { kind: 'sixRegions' } }, nowhere)).toMatch(
      /nodes\[1\].region: expected a region of the table of six .*did you mean `japan`\?/,
    )
    const matrix = { kind: 'matrix', regions: ['x'], p50Ms: [[1]] }
    expect(found({ latency: matrix })).toContain(`${at} the scenario's own matrix (x)`)
    const constant = { kind: 'constant', ms: 1 }
    const bandwidth = { upMbps: { kind: 'regions' } }
    expect(found({ latency: constant, bandwidth }, nowhere)).toContain(`${at} the table of bandw`)
    expect(found({ latency: { kind: 'distance' } }, nowhere)).toContain(`${at} known coordinates`)
    expect(
      found({ latency: { kind: 'distance' } }, (rail) => {
        nowhere(rail)
        rail.access.nodes.value[1].coordinates = { latitude: 1, longitude: 2 }
      }),
    ).toBe('')
  })

  test('behavior: relays stand where the table has its nodes, or where they are told', () => {
    const placeless = (rail: Draft): void => {
      delete rail.relays.regions
    }
    expect(found({}, placeless)).toContain('bitcoin.relays.regions: expected where relays stand')
    expect(found({ latency: { kind: 'sixRegions' } }, placeless)).toBe('')
  })
})
