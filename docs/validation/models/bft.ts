import { ms } from '@counterpoise/engine'
import { measureProtocol, type ProtocolFigures } from '@counterpoise/lab'
import { awsLatency, constantLatency, matrixLatency, type Place } from '@counterpoise/network'
import { comparedProtocols } from '@counterpoise/scenario'
import { defineValidation, type Row } from '../validation.ts'

const placesOf = (regions: readonly string[]): Place[] =>
  regions.map((region, index) => ({
    name: `member-${index}`,
    attributes: { region, operator: `operator-${index}` },
  }))

const hop = 40
const n = 11
const measured = new Map<string, ProtocolFigures>()

/** Figures at constant latency, taken once. */
const atConstant = (name: string): ProtocolFigures => {
  const { model, parameters } = comparedProtocols[name]!
  const figures =
    measured.get(name) ??
    measureProtocol({
      model,
      parameters: model.parameters.parse(parameters()),
      places: placesOf(Array<string>(n).fill('anywhere')),
      latency: () => constantLatency(ms(hop)),
      replications: 1,
    })
  measured.set(name, figures)
  return figures
}

const finalHops = { simplex: 3, minimmit: 2, hotstuff: 7, jolteon: 5, pbft: 3, tendermint: 3 }
const votes = n * (n - 1)
const messages = {
  simplex: n - 1 + 4 * votes,
  minimmit: n - 1 + 3 * votes,
  hotstuff: 2 * (n - 1),
  jolteon: 2 * (n - 1),
  pbft: 2 * votes,
  tendermint: n - 1 + 2 * votes,
}

const hops = (): Row[] =>
  Object.entries(finalHops).map(([name, expected]) => ({
    quantity: `${name}: median time from a proposal until it is final`,
    unit: 'hops',
    expected,
    source: 'the hop count of the protocol',
    simulated: atConstant(name).stages['finalised']!.median_ms / hop,
  }))

const counts = (): Row[] =>
  Object.entries(messages).map(([name, expected]) => ({
    quantity: `${name}: messages per decision`,
    expected,
    source: 'who sends what to whom, certificates included where they are passed on',
    simulated: atConstant(name).messages_per_decision,
  }))

const regions = [
  ...['us-east-1', 'us-west-1', 'eu-west-1', 'ap-northeast-1', 'eu-north-1'],
  ...['ap-south-1', 'sa-east-1', 'eu-central-1', 'ap-northeast-2', 'ap-southeast-2'],
]

/** Mean delays by order statistics alone, over all proposers and members, ms. */
function byOrderStatistics(places: readonly Place[], quorums: readonly number[]): number[] {
  const { typical } = matrixLatency({ places, matrix: awsLatency, jitter: 'none' })
  const all = places.map((_, member) => member)
  const delay = (from: number, to: number): number => (from === to ? 0 : typical(from, to) / 1_000)
  const waited = (said: readonly number[], quorum: number): number[] =>
    all.map((to) => {
      const arrivals = all.map((from) => said[from]! + delay(from, to))
      return arrivals.sort((one, other) => one - other)[quorum - 1]!
    })
  const [first, last] = [quorums[0]!, quorums.at(-1)!]
  const sums = [0, 0, 0]
  for (const proposer of all) {
    const received = all.map((to) => delay(proposer, to))
    const notarised = waited(received, first)
    // Two rounds of votes, or one with two thresholds.
    const finalised = waited(first === last ? notarised : received, last)
    for (const [stage, times] of [received, notarised, finalised].entries()) {
      for (const time of times) sums[stage] = sums[stage]! + time
    }
  }
  return sums.map((sum) => sum / places.length ** 2)
}

const spread = (): Row[] => {
  const places = placesOf(regions.flatMap((region) => Array<string>(5).fill(region)))
  const quorums = { simplex: [34, 34], minimmit: [21, 41] }
  return Object.entries(quorums).flatMap(([name, thresholds]) => {
    const { model, parameters } = comparedProtocols[name]!
    const { stages } = measureProtocol({
      model,
      parameters: model.parameters.parse(parameters()),
      places,
      latency: (seats) => matrixLatency({ places: seats, matrix: awsLatency, jitter: 'none' }),
      replications: 1,
    })
    return byOrderStatistics(places, thresholds).map((expected, stage) => {
      const word = ['received', 'notarised', 'finalised'][stage]!
      return {
        quantity: `${name}: mean time until ${word}, 50 members in 10 regions`,
        unit: 'ms',
        expected,
        source: 'order statistics of the measured delays',
        simulated: stages[word]!.mean_ms,
        tolerance: 0.01,
      }
    })
  })
}

export default defineValidation({
  name: 'bft',
  title: 'permissioned consensus',
  sections: [
    { title: 'Message delays', note: `${n} members, ${hop} ms on every link.`, rows: hops },
    { title: 'Messages', note: 'The same runs.', rows: counts },
    {
      title: 'Over ten regions',
      note: 'Without jitter. Certificates that overtake votes are what the tolerance allows for.',
      rows: spread,
    },
  ],
})
