import { fuzzParameters } from '@counterpoise/dev'
import {
  createSimulation,
  createStream,
  days,
  hours,
  minutes,
  ms,
  seconds,
  type Stream,
} from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { constantLatency } from '../latency.ts'
import { createNetwork } from '../network.ts'
import {
  type Absence,
  availabilityOf,
  type ChurnOptions,
  churnOf,
  scheduleChurn,
} from './churn.ts'
import { drawLifetime, gamma, type Lifetime, meanLifetime } from './lifetimes.ts'

const streamOf = (entity: number): Stream =>
  createStream({ seed: 'churn', replication: 0, purpose: 'churn', entity })

const laws: [string, Lifetime, Lifetime][] = [
  [
    'exponential',
    { kind: 'exponential', mean: hours(6) },
    { kind: 'exponential', mean: hours(2) },
  ],
  [
    'weibull, heavy',
    { kind: 'weibull', scale: hours(4), shape: 0.6 },
    { kind: 'weibull', scale: hours(3), shape: 2 },
  ],
  [
    'lognormal',
    { kind: 'lognormal', median: hours(3), sigma: 1 },
    { kind: 'lognormal', median: hours(1), sigma: 0.5 },
  ],
  ['constant', { kind: 'constant', length: hours(5) }, { kind: 'constant', length: hours(3) }],
]

/** Share of the nodes that are down at a time. */
const downAt = (absences: readonly Absence[], nodes: number, time: number): number =>
  absences.filter(({ at, duration }) => at <= time && time < at + duration).length / nodes

describe('lifetimes', () => {
  test('Γ at whole and half numbers', () => {
    expect(gamma(1)).toBeCloseTo(1, 12)
    expect(gamma(5) / 24).toBeCloseTo(1, 12)
    expect(gamma(1.5) / (Math.sqrt(Math.PI) / 2)).toBeCloseTo(1, 12)
    expect(gamma(21) / 2_432_902_008_176_640_000).toBeCloseTo(1, 11)
  })

  test.each(laws)('%s: the mean of what is drawn is the mean of the law', (_, ...lifetimes) => {
    for (const lifetime of lifetimes) {
      const stream = streamOf(0)
      let sum = 0
      for (let draw = 0; draw < 40_000; draw++) sum += drawLifetime(lifetime, stream)
      expect(Math.abs(sum / 40_000 / meanLifetime(lifetime) - 1)).toBeLessThan(0.03)
    }
  })
})

describe('churnOf', () => {
  test.each(laws)('%s: up in the share of the closed form, at any time', (_, session, downtime) => {
    const nodes = 4_000
    const options: ChurnOptions = { nodes, session, downtime, until: days(2), stream: streamOf }
    const availability = availabilityOf(options)
    const absences = churnOf(options)
    // Four standard errors, at the start as well as later: the start is steady.
    const tolerance = 4 * Math.sqrt((availability * (1 - availability)) / nodes)
    for (const time of [0, minutes(30), hours(7), days(1), days(2) - 1]) {
      const up = 1 - downAt(absences, nodes, time)
      expect(Math.abs(up - availability), `at ${time}`).toBeLessThan(tolerance)
    }
  })

  test('exponential from the start: 1 − D (1 − exp(−t / cycle))', () => {
    const nodes = 4_000
    const [up, down] = [hours(6), hours(2)]
    const absences = churnOf({
      nodes,
      session: { kind: 'exponential', mean: up },
      downtime: { kind: 'exponential', mean: down },
      until: days(1),
      stream: streamOf,
      start: 'up',
    })
    expect(downAt(absences, nodes, 0)).toBe(0)
    for (const time of [hours(1), hours(3), hours(12)]) {
      const law = (down / (up + down)) * (1 - Math.exp(-time * (1 / up + 1 / down)))
      expect(Math.abs(downAt(absences, nodes, time) - law)).toBeLessThan(0.028)
    }
  })

  test('property: in order, each node away at most once at a time, all within the run', () => {
    const lifetime: fc.Arbitrary<Lifetime> = fc.oneof(
      fc.record({
        kind: fc.constant('exponential' as const),
        mean: fc.integer({ min: 1, max: 99 }),
      }),
      fc.record({
        kind: fc.constant('weibull' as const),
        scale: fc.integer({ min: 1, max: 99 }),
        shape: fc.double({ min: 0.1, max: 5, noNaN: true }),
      }),
    )
    const start = fc.constantFrom('steady' as const, 'up' as const)
    const end = fc.oneof(fc.nat(3), fc.nat(500))
    fc.assert(
      fc.property(lifetime, lifetime, start, end, (session, downtime, ...rest) => {
        const [start, until] = rest
        const options = { nodes: 5, session, downtime, until, stream: streamOf, start }
        const absences = churnOf(options)
        expect(churnOf(options)).toEqual(absences)
        if (until === 0) expect(absences).toEqual([])
        const places = absences.map(({ at, node }) => 5 * at + node)
        expect(places).toEqual(places.toSorted((one, other) => one - other))
        const free = new Float64Array(5)
        let last = 0
        for (const { node, at, duration } of absences) {
          expect(at >= last && at >= free[node]! && at < until && duration >= 1).toBe(true)
          last = at
          free[node] = at + duration + 1
        }
      }),
      fuzzParameters(60),
    )
  })

  test('a node more does not move the others', () => {
    const [, session, downtime] = laws[0]!
    const options = { session, downtime, until: days(2), stream: streamOf }
    const ten = churnOf({ ...options, nodes: 10 })
    const eleven = churnOf({ ...options, nodes: 11 }).filter(({ node }) => node < 10)
    expect(eleven).toEqual(ten)
  })

  const good: ChurnOptions = {
    nodes: 10,
    session: { kind: 'exponential', mean: 10 },
    downtime: { kind: 'exponential', mean: 10 },
    until: 100,
    stream: streamOf,
  }
  test.each([
    [{ nodes: -1 }, /whole number of 'nodes'/],
    [{ until: 0.5 }, /'until' in whole µs/],
    [{ session: { kind: 'exponential', mean: 0 } }, /'session' of churn expects a 'mean' above 0/],
    [{ downtime: { kind: 'weibull', scale: 1, shape: -1 } }, /'downtime'[^]*'shape'[^]*-1/],
    [{ until: days(365) }, /would mean 15768000000000 absences[^]*Lengths are in µs/],
  ] as [Partial<ChurnOptions>, RegExp][])('error: %j', (change, message) => {
    expect(() => churnOf({ ...good, ...change })).toThrow(message)
  })
})

describe('scheduleChurn', () => {
  test('takes a network down and brings it up, when the plan says', () => {
    const simulation = createSimulation({ seed: 'c' })
    const changes: string[] = []
    const network = createNetwork<string>(simulation, {
      name: 'net',
      places: ['a', 'b'].map((name) => ({ name, attributes: { region: 'r', operator: name } })),
      latency: constantLatency(ms(1)),
      deliver: () => {},
      onChange: (node, up) => changes.push(`${simulation.now()} ${node} ${up ? 'up' : 'down'}`),
    })
    const absences = [
      { node: 1, at: 0, duration: 5 },
      { node: 0, at: 3, duration: seconds(1) },
      { node: 1, at: 3 + seconds(1), duration: 2 },
    ]
    scheduleChurn(simulation, 'net/churn', absences, network)
    simulation.run()
    expect(changes).toEqual([
      '0 1 down',
      '3 0 down',
      '5 1 up',
      '1000003 1 down',
      '1000003 0 up',
      '1000005 1 up',
    ])
    scheduleChurn(simulation, 'nothing', [], network)
  })
})
