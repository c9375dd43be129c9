import type {
  Estimated,
  OutageResult,
  Quantiles,
  RailResult,
  RailSeries,
  ReplicatedResult,
  ReportInput,
  RunResult,
} from '@counterpoise/lab'
import { exampleSources } from './exampleSources.ts'

/**
 * A report on a comparison that never took place: the numbers are made up, plausible in size, and
 * the same every time.
 */
export const exampleInput = (): ReportInput => ({
  title: 'Four rails, alone and behind a router',
  summary:
    'The same 5 payments a second for two hours, to each rail alone and then to a router over ' +
    'all of them. After 40 minutes the cloud region us-east-1 is lost for 20 minutes.',
  result: exampleResult(),
  series: Object.fromEntries(shapes.map((shape) => [shape.name, seriesOf(shape)])),
  faults: [{ label: 'us-east-1 is lost', from_s: 2_400, until_s: 3_600 }],
  offered_until_s: offeredUntil,
  descriptions: Object.fromEntries(shapes.map(({ name, about }) => [name, about])),
  sources: exampleSources,
})

/** The same comparison as means over twenty replications with their confidence intervals. */
export const exampleReplicatedInput = (): ReportInput => {
  const input = exampleInput()
  const { replication: _replication, ...result } = exampleResult()
  const replicated: ReplicatedResult = {
    ...result,
    replications: 20,
    replications_wanted: 20,
    events: { mean: result.events, ci95: 12_000 },
    simulated_seconds: { mean: result.simulated_seconds, ci95: 0 },
    rails: Object.fromEntries(
      Object.entries(result.rails).map(([name, rail]) => [
        name,
        { ...withMargins(rail), nakamoto: withMargins(rail.nakamoto, 0) },
      ]),
    ),
  }
  return { ...input, result: replicated }
}

const offeredUntil = 7_200
const simulated = 14_400
const bin = 60

type Shape = {
  name: string
  about: string
  /** Median times, and how far the p95 and the p99 are from them. */
  inclusion: Quantiles
  finality: Quantiles | null
  fee: number
  watts: number
  blockInterval: number | null
  coefficients: readonly [number, number, number, number]
  includedShare: number
  finalShare: number
  /** What is left of the throughput during the outage. */
  during: number
  silence: number
  routed?: Record<string, number>
}

const times = (p50: number, p95: number, p99: number): Quantiles => ({
  mean: p50 * 0.7 + p95 * 0.3,
  p50,
  p95,
  p99,
})

const shapes: readonly Shape[] = [
  {
    name: 'bitcoin',
    about: 'Proof of work, ten minutes a block, final after six confirmations.',
    inclusion: times(462_000, 1_912_000, 2_840_000),
    finality: times(3_590_000, 6_120_000, 7_480_000),
    fee: 0.874,
    watts: 16.4e9,
    blockInterval: 597_000,
    coefficients: [2, 3, 2, 3],
    includedShare: 0.991,
    finalShare: 0.962,
    during: 0.93,
    silence: 1_104,
  },
  {
    name: 'ethereum',
    about: 'Proof of stake, twelve seconds a slot, final after two epochs.',
    inclusion: times(8_900, 31_200, 118_000),
    finality: times(903_000, 1_140_000, 2_310_000),
    fee: 0.0832,
    watts: 1.02e6,
    blockInterval: 12_080,
    coefficients: [4, 9, 2, 3],
    includedShare: 0.9994,
    finalShare: 0.9987,
    during: 0.82,
    silence: 84,
  },
  {
    name: 'tempo',
    about: 'Permissioned BFT of 24 validators, blocks twice a second, final at once.',
    inclusion: times(612, 1_020, 1_480),
    finality: times(642, 1_075, 1_610),
    fee: 0.00098,
    watts: 9_600,
    blockInterval: 521,
    coefficients: [3, 5, 1, 2],
    includedShare: 0.9998,
    finalShare: 0.9998,
    during: 0.995,
    silence: 6.4,
  },
  {
    name: 'visa',
    about: 'One operator, authorised in two data centres, settled in the evening.',
    inclusion: times(820, 1_950, 3_900),
    finality: null,
    fee: 0.412,
    watts: 31_000,
    blockInterval: null,
    coefficients: [1, 1, 1, 1],
    includedShare: 0.861,
    finalShare: 0,
    during: 0.18,
    silence: 431,
  },
  {
    name: 'hybrid',
    about: 'A router that sends each payment where it expects it to be final first.',
    inclusion: times(655, 1_610, 14_300),
    finality: times(690, 2_210, 912_000),
    fee: 0.0127,
    watts: 16.4e9,
    blockInterval: null,
    coefficients: [3, 5, 2, 2],
    includedShare: 0.9998,
    finalShare: 0.9996,
    during: 0.998,
    silence: 5.1,
    routed: { bitcoin: 0.002, ethereum: 0.041, tempo: 0.842, visa: 0.115 },
  },
]

const exampleResult = (): RunResult => ({
  scenario: { name: 'hybrid', hash: '6f1c0b7d92e84a35' },
  seed: 'counterpoise',
  replication: 0,
  version: '0.1.0',
  digest: 'a3d9f2471c06be58',
  wall_seconds: 41.7,
  events: 18_234_511,
  simulated_seconds: simulated,
  partial: false,
  cut: [],
  rails: Object.fromEntries(shapes.map((shape) => [shape.name, railOf(shape)])),
  checks: {
    'no two final blocks at one height': 'held',
    'money is conserved': 'held',
    'a final payment stays final': 'held',
    'the chain grows after the outage': 'held',
  },
})

const railOf = (shape: Shape): RailResult => {
  const offered = 36_000
  const included = Math.round(offered * shape.includedShare)
  const final = Math.round(offered * shape.finalShare)
  const failed = Math.round((offered - included) * 0.9)
  const [operatorsThird, operatorsHalf, regionsThird, regionsHalf] = shape.coefficients
  const { blockInterval, fee } = shape
  const interval = blockInterval ?? 0
  return {
    offered,
    included,
    final,
    failed,
    pending: offered - final - failed,
    failed_by_reason: failed > 0 ? { 'no answer in time': failed } : {},
    included_share: included / offered,
    final_share: final / offered,
    failed_share: failed / offered,
    throughput_per_s: included / offeredUntil,
    peak_throughput_per_s: shape.name === 'bitcoin' ? 48.2 : 7.9,
    time_to_inclusion_ms: shape.inclusion,
    time_to_finality_ms: shape.finality,
    fee_usd: { mean: fee, p50: fee * 0.8, p95: fee * 2.7 },
    energy_wh_per_payment: (shape.watts * (offeredUntil / 3_600)) / included,
    energy_watts: shape.watts,
    blocks:
      blockInterval === null
        ? null
        : {
            count: Math.round((simulated * 1_000) / interval),
            interval_ms: { mean: interval, p50: interval * 0.98, p95: interval * 1.8 },
            stale_share: shape.name === 'bitcoin' ? 0.0041 : 0.0002,
            made: Math.round((simulated * 1_000) / interval),
          },
    nakamoto: {
      operators: { third: operatorsThird, half: operatorsHalf },
      regions: { third: regionsThird, half: regionsHalf },
    },
    outage: outageOf(shape),
    ...(shape.routed && { routed_share: shape.routed }),
  }
}

const outageOf = ({ during, inclusion, silence }: Shape): OutageResult => {
  const offered = 6_000
  const included = Math.round(offered * during)
  const failed = Math.round(offered * (1 - during) * 0.9)
  return {
    offered,
    included,
    failed,
    open: offered - included - failed,
    failed_by_reason: { 'no answer in time': failed },
    included_share: included / offered,
    failed_share: failed / offered,
    open_share: (offered - included - failed) / offered,
    failed_share_by_reason: { 'no answer in time': failed / offered },
    time_to_inclusion_ms: times(inclusion.p50 * 1.2, inclusion.p95 * 1.6, inclusion.p99 * 2),
    longest_silence_s: silence,
    open_when_over: offered - included,
  }
}

const seriesOf = (shape: Shape): RailSeries => {
  const bins = Array.from({ length: simulated / bin }, (_, index) => index * bin)
  const perBlock = shape.name === 'bitcoin' ? 10 : 1
  return {
    bin_s: bin,
    offered_per_s: bins.map((at) => (at < offeredUntil ? 5 + wobble(at) * 0.3 : 0)),
    included_per_s: bins.map((at, index) => {
      if (at >= offeredUntil + perBlock * bin || index % perBlock !== 0) return 0
      const isOut = at >= 2_400 && at < 3_600
      const left = isOut ? shape.during : shape.includedShare
      return Math.max(0, (5 + wobble(at * 1.7 + shape.fee) * 0.4) * left * perBlock)
    }),
    // A pool that fills between blocks, one that is always empty, and rails without any.
    ...(shape.name === 'bitcoin' && { waiting: bins.map((_, index) => (index % 10) * 1_500) }),
    ...(shape.name === 'tempo' && { waiting: bins.map(() => 0) }),
    inclusion_quantiles_ms: levels.map((level) => quantile(shape.inclusion, level)),
    finality_quantiles_ms:
      shape.finality === null
        ? []
        : levels.map((level) => quantile(shape.finality ?? shape.inclusion, level)),
  }
}

const levels = Array.from({ length: 100 }, (_, index) => (index + 0.5) / 100)

/** Between the known quantiles on a straight line in the logarithm. */
const quantile = ({ p50, p95, p99 }: Quantiles, level: number): number => {
  const knots: [number, number][] = [
    ...[[0, p50 / 4] as [number, number], [0.5, p50] as [number, number]],
    ...[[0.95, p95] as [number, number], [0.99, p99] as [number, number]],
    [1, p99 * 1.3],
  ]
  const next = knots.findIndex(([at]) => at >= level)
  const [from, low] = knots[next - 1] ?? [0, p50]
  const [to, high] = knots[next] ?? [1, p99]
  return low * (high / low) ** ((level - from) / (to - from))
}

/** Something between −1 and 1 that looks like noise. */
const wobble = (at: number): number => Math.sin(at * 0.013) * 0.6 + Math.sin(at * 0.31) * 0.4

const withMargins = <value>(value: value, margin = 0.04): Estimated<value> => {
  const convert = (each: unknown, isShare: boolean): unknown => {
    if (typeof each === 'number') {
      const ci95 = Math.abs(each) * margin
      const high = isShare ? Math.min(1, each + ci95) : each + ci95
      return { mean: each, ci95, low: each - ci95, high }
    }
    if (typeof each !== 'object' || each === null) return each
    return Object.fromEntries(
      Object.entries(each).map(([key, item]) => [key, convert(item, isShare || /share/.test(key))]),
    )
  }
  return convert(value, false) as Estimated<value>
}
