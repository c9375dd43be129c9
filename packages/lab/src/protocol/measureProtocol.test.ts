import { ms } from '@counterpoise/engine'
import {
  awsLatency,
  constantLatency,
  distributedLatency,
  matrixLatency,
  type Place,
} from '@counterpoise/network'
import { comparedProtocols } from '@counterpoise/scenario'
import { describe, expect, test } from 'vitest'
import { version } from '../version.ts'
import { measureProtocol, type ProtocolFigures, type ProtocolOptions } from './measureProtocol.ts'

const placesOf = (...regions: string[]): Place[] =>
  regions.map((region, index) => ({
    name: `member-${index}`,
    attributes: { region, operator: `operator-${index}` },
  }))

const anywhere = (count: number): Place[] => placesOf(...Array<string>(count).fill('anywhere'))

const hop = 40
const measure = (
  name: string,
  options: Omit<ProtocolOptions, 'model' | 'parameters' | 'latency'> & Partial<ProtocolOptions>,
): ProtocolFigures => {
  const { model, parameters } = comparedProtocols[name]!
  return measureProtocol({
    model,
    parameters: model.parameters.parse(parameters()),
    latency: () => constantLatency(ms(hop)),
    ...options,
  })
}

describe('simplex', () => {
  const n = 7
  const figures = measure('simplex', { places: anywhere(n), replications: 2, decisions: 5 })

  test('default: 1, 2 and 3 hops at constant latency', () => {
    const { received, notarised, finalised } = figures.stages
    // The proposer has its own block at once.
    expect(received!.mean_ms).toBeCloseTo((hop * (n - 1)) / n, 9)
    expect(received!.median_ms).toBe(hop)
    expect(notarised).toMatchObject({ mean_ms: 2 * hop, median_ms: 2 * hop, stdev_ms: 0 })
    expect(finalised).toMatchObject({ mean_ms: 3 * hop, median_ms: 3 * hop, stdev_ms: 0 })
    expect(Object.keys(figures.stages)).toEqual(['received', 'notarised', 'finalised'])
  })

  test('default: a block every 2 hops, the last of them final 3 hops after its proposal', () => {
    expect(figures.decision_ms).toMatchObject({ mean: ((4 * 2 + 3) * hop) / 5, ci95: 0 })
    expect(figures.views_per_decision).toBe(1)
  })

  test('default: a block, two votes and two certificates of everybody', () => {
    const links = n - 1
    expect(figures.messages_per_decision).toBe(links + 4 * n * links)
    expect(figures.bytes_per_decision).toBe(links * (825 + n * 2 * (138 + 25 + 137 + 25)))
  })

  test('default: the answer names what was asked for', () => {
    const asked = { n, crashed: 0, decisions: 5, replications: 2, seed: 'protocol' }
    expect(figures).toMatchObject({ protocol: 'simplex', version, ...asked })
    expect(figures.parameters).toMatchObject({ leaderTimeoutMs: 1_200, buildBudgetMs: 0 })
  })

  test('behavior: measured latencies give what order statistics say', () => {
    const regions = ['us-east-1', 'us-east-1', 'eu-west-1', 'ap-south-1', 'sa-east-1', 'us-west-2']
    const places = placesOf(...regions, 'ap-northeast-1')
    const latency = matrixLatency({ places, matrix: awsLatency, jitter: 'none' })
    const found = measure('simplex', {
      places,
      latency: (seats) => matrixLatency({ places: seats, matrix: awsLatency, jitter: 'none' }),
      replications: 1,
      decisions: 1,
    })
    const none: number[] = []
    const samples = { received: [...none], notarised: [...none], finalised: [...none] }
    const members = places.map((_, member) => member)
    const delay = (from: number, to: number): number =>
      from === to ? 0 : latency.typical(from, to) / 1_000
    // When the quorum's votes are there, or a certificate that another member has sent on.
    const certified = (votes: readonly number[]): number[] => {
      const own = members.map((to) => {
        const arrivals = members.map((from) => votes[from]! + delay(from, to))
        return arrivals.sort((one, other) => one - other)[4]!
      })
      return members.map((to) => Math.min(...members.map((from) => own[from]! + delay(from, to))))
    }
    for (const proposer of members) {
      const received = members.map((to) => delay(proposer, to))
      const notarised = certified(received)
      samples.received.push(...received)
      samples.notarised.push(...notarised)
      samples.finalised.push(...certified(notarised))
    }
    for (const [stage, delays] of Object.entries(samples)) {
      const mean = delays.reduce((sum, each) => sum + each, 0) / delays.length
      const squares = delays.reduce((sum, each) => sum + (each - mean) * (each - mean), 0)
      const ascending = delays.sort((one, other) => one - other)
      expect(found.stages[stage]!.mean_ms).toBeCloseTo(mean, 6)
      expect(found.stages[stage]!.stdev_ms).toBeCloseTo(Math.sqrt(squares / delays.length), 6)
      expect(found.stages[stage]!.median_ms).toBeCloseTo(ascending[24]!, 6)
      expect(Object.keys(found.stages[stage]!.by_region)).toHaveLength(6)
    }
    // A certificate of one that is down has no way to come: every region has its own figures.
    expect(found.stages['received']!.by_region['us-east-1']!.mean_ms).toBeLessThan(
      found.stages['received']!.by_region['ap-south-1']!.mean_ms,
    )
  })

  test('behavior: a seed repeats its figures, another one has others', () => {
    const run = (seed: string) =>
      measure('simplex', {
        places: anywhere(4),
        latency: () => distributedLatency({ kind: 'normal', mean: 250, deviation: 50 }),
        replications: 2,
        decisions: 3,
        seed,
      })
    expect(run('one')).toEqual(run('one'))
    expect(run('one')).not.toEqual(run('another'))
  })
})

describe('where messages take no time', () => {
  test.each(Object.keys(comparedProtocols))('behavior: %s decides alone, and at once', (name) => {
    const alone = measure(name, { places: anywhere(1), replications: 1, decisions: 4 })
    expect(alone).toMatchObject({
      decision_ms: { mean: 0 },
      ...{ messages_per_decision: 0, bytes_per_decision: 0, views_per_decision: 1 },
    })
    expect(alone.stages['finalised']).toMatchObject({ mean_ms: 0, median_ms: 0, stdev_ms: 0 })
  })

  test.each(Object.keys(comparedProtocols))('behavior: %s among four says what it says', (name) => {
    const given = { places: anywhere(4), replications: 1, decisions: 8 }
    const instant = measure(name, { ...given, latency: () => constantLatency(0) })
    expect(instant).toMatchObject({ decision_ms: { mean: 0 }, views_per_decision: 1 })
    const usual = measure(name, given).messages_per_decision
    expect(instant.messages_per_decision).toBeGreaterThan(usual / 2)
    expect(instant.messages_per_decision).toBeLessThan(usual * 2)
  })
})

describe('crashed members', () => {
  const [n, decisions] = [16, 32]
  const crashedRun = (protocol: string, crashed: number): ProtocolFigures =>
    measure(protocol, { places: anywhere(n), crashed, replications: n, decisions })

  test.each([0, 1, 5])('behavior: a rotation of leaders meets all of them: %i down', (crashed) => {
    // Height h begins with proposer h and goes on to the next: 1 round, or 2 … 1 + crashed.
    const rounds = n + (crashed * (crashed + 1)) / 2
    expect(crashedRun('tendermint', crashed).views_per_decision).toBeCloseTo(rounds / n, 9)
  })

  test('behavior: leaders that are drawn are down as often as members are', () => {
    const { views_per_decision: views } = crashedRun('simplex', 5)
    expect(views).toBeGreaterThan(n / (n - 5) - 0.15)
    expect(views).toBeLessThan(n / (n - 5) + 0.15)
  })

  test('behavior: of those that are up, each proposes once', () => {
    const places = placesOf('us-east-1', 'eu-west-1', 'ap-south-1', 'sa-east-1', 'us-west-2')
    const latencyOf = (seats: readonly Place[]) =>
      matrixLatency({ places: seats, matrix: awsLatency, jitter: 'none' })
    const found = measure('tendermint', {
      ...{ places, latency: latencyOf, crashed: 1, replications: 1, decisions: 1 },
    })
    const latency = latencyOf(places)
    const up = [0, 1, 2, 3]
    const delays = up.flatMap((from) =>
      up.map((to) => (from === to ? 0 : latency.typical(from, to) / 1_000)),
    )
    const mean = delays.reduce((sum, each) => sum + each, 0) / delays.length
    expect(found.stages['received']!.mean_ms).toBeCloseTo(mean, 6)
  })
})

test.each(['hotstuff', 'jolteon', 'tendermint', 'pbft'])(
  'behavior: %s outgrows a timeout that is shorter than the messages take',
  (protocol) => {
    const { model, parameters } = comparedProtocols[protocol]!
    const places = anywhere(4)
    const latency = () => constantLatency(ms(1_000))
    const figures = measureProtocol({
      ...{ model, parameters: model.parameters.parse(parameters(400)), places, latency },
      ...{ replications: 2, decisions: 5 },
    })
    expect(figures.views_per_decision).toBeGreaterThan(1)
    expect(figures.decision_ms.mean).toBeGreaterThan(1_000)
    expect(figures.stages['received']!.mean_ms).toBe(750)
  },
)

test('behavior: a timeout of pbft that has to double ten times does', () => {
  const { model, parameters } = comparedProtocols['pbft']!
  const figures = measureProtocol({
    ...{ model, parameters: model.parameters.parse(parameters(1)), places: anywhere(4) },
    ...{ latency: () => constantLatency(ms(1_000)), replications: 1, decisions: 3 },
  })
  // From 3 ms to more than the 3 s of a decision: 3 · 2¹⁰ is the first.
  expect(figures.views_per_decision * 3).toBeGreaterThanOrEqual(10)
  expect(figures.decision_ms.mean).toBeLessThan(20_000)
})
