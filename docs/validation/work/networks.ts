import { forkProbability } from '@counterpoise/consensus-pow'
import { type BlockFigures, measureRail } from '@counterpoise/lab'
import type { BlockTree } from '@counterpoise/rails'
import { createWorld, presets, scenarioOf, vary } from '@counterpoise/scenario'
import { type Row, sampled } from '../validation.ts'
import { presetEraRow } from './eras.ts'

type PresetName = keyof typeof presets

type Run = BlockFigures & { tree: BlockTree }

/** Replications of a preset with some parameters changed. */
function runsOf(name: PresetName, blocks: number, change: (rail: any) => void = () => {}): Run[] {
  return Array.from({ length: 10 }, (_, replication) => {
    const scenario = scenarioOf(
      vary<any>(presets[name], (draft) => {
        draft.blocks = blocks
        for (const rail of Object.values(draft.rails)) change(rail)
      }),
    )
    const variant = Object.keys(scenario.data.rails)[0]!
    const world = createWorld({ data: scenario.data, variant, replication })
    world.run()
    const { tree } = world.rails[0]!.blocks()!
    return { ...measureRail(world, world.simulation.now()).result.blocks!, tree: tree! }
  })
}

const seconds = (values: readonly (number | undefined)[]): number[] =>
  values.map((value) => value! / 1_000)

const sizeOf = (bytes: number): string =>
  bytes < 1_000 ? `${bytes} B` : `${Math.round(bytes / 1_000)} kB`

const gervais = 'Gervais et al. 2016, simulated; recalled, not read again'

/** Median propagation, s, and stale share of blocks of a size every so many seconds. */
function gervaisRows(interval: number, bytes: number, median: number, stale: number): Row[] {
  const runs = runsOf('bitcoin-2015', interval < 60 ? 200 : 50, ({ consensus }) => {
    consensus.parameters.targetIntervalMs = interval * 1_000
    consensus.parameters.blockBytes = bytes
  })
  const label = `bitcoin-2015, ${sizeOf(bytes)} every ${interval} s`
  return [
    {
      quantity: `${label}: propagation, median`,
      ...{ unit: 's', expected: median, source: gervais, tolerance: 0.25 },
      ...sampled(seconds(runs.map((run) => run.propagation_block_median_ms))),
    },
    {
      quantity: `${label}: stale share`,
      ...{ expected: stale, source: gervais, tolerance: 0.25 },
      ...sampled(runs.map((run) => run.stale_share)),
    },
  ]
}

/** By interval, with blocks that hold as much per time; by size, every ten minutes. */
export const gervaisTable = (): Row[] => [
  ...gervaisRows(1_500, 1_337_500, 35.73, 0.0172),
  ...gervaisRows(600, 535_000, 14.7, 0.0151),
  ...gervaisRows(150, 133_750, 4.18, 0.0182),
  ...gervaisRows(60, 53_500, 2.08, 0.0215),
  ...gervaisRows(10, 8_917, 1, 0.0477),
  ...gervaisRows(1, 892, 0.82, 0.2674),
  ...gervaisRows(0.5, 446, 0.82, 0.3815),
  ...gervaisRows(600, 100_000, 3.18, 0.0032),
  ...gervaisRows(600, 1_000_000, 27.67, 0.0317),
  ...gervaisRows(600, 4_000_000, 133.3, 0.1185),
]

/** What better lines and compact blocks take off the time that blocks need. */
export function developmentRows(): Row[] {
  const runs = (year: string, mode: string): Run[] =>
    runsOf('simblock-600', 100, ({ consensus, network }) => {
      consensus.parameters.relay.mode = mode
      network.latency.year = year
      network.bandwidth.upMbps.year = year
      network.bandwidth.downMbps.year = year
    })
  const before = runs('2015', 'inv')
  const lines = runs('2019', 'inv')
  const compact = runs('2019', 'compact')
  const source = 'Nagayama, Banno and Shudo 2020, simulated with SimBlock; read in the abstract'
  const row = (what: string, level: 'p50' | 'p90', pair: [Run[], Run[]], expected: number): Row => {
    const [from, to] = pair.map((each) => each.map((run) => run.propagation_ms![level]))
    return {
      quantity: `simblock-600: ${what}, ${level} of propagation shorter by`,
      ...{ expected, source, tolerance: 0.1 },
      ...sampled(to!.map((time, k) => 1 - time / from![k]!)),
    }
  }
  return [
    row('lines of 2019 for 2015', 'p50', [before, lines], 0.645),
    row('lines of 2019 for 2015', 'p90', [before, lines], 0.637),
    row('compact blocks', 'p50', [lines, compact], 0.901),
    row('compact blocks', 'p90', [lines, compact], 0.876),
  ]
}

/** Heights with more than one block, over all below the last. */
function forkShareOf({ heights }: BlockTree): number {
  const count = new Float64Array(Math.max(...heights) + 1)
  for (const height of heights) count[height] = count[height]! + 1
  const settled = count.subarray(1, -1)
  return settled.filter((blocks) => blocks > 1).length / settled.length
}

/** The formula, with what the same run measured of propagation, against its forks. */
export function deckerRows(): Row[] {
  return [60, 20, 8].map((interval) => {
    const runs = runsOf('simblock-600', 1_000, ({ consensus }) => {
      consensus.parameters.targetIntervalMs = interval * 1_000
    })
    const unaware = sampled(seconds(runs.map((run) => run.unaware_ms))).simulated
    return {
      quantity: `simblock-600, a block every ${interval} s: heights with forks`,
      expected: forkProbability(unaware, interval),
      source: `Decker and Wattenhofer 2013, ∫ (1 − f(t)) dt = ${unaware.toFixed(3)} s of the run`,
      ...sampled(runs.map(({ tree }) => forkShareOf(tree))),
      // The formula has no second chance for who is behind already.
      tolerance: 0.05,
    }
  })
}

/** Networks of their years against what was measured on them. */
export function yearRows(): Row[] {
  const row = (
    name: string,
    what: string,
    values: readonly (number | undefined)[],
    expected: number,
    source: string,
  ): Row => ({
    quantity: `${name}: propagation, ${what}`,
    ...{ unit: 's', expected, source, tolerance: 0.5 },
    ...sampled(seconds(values)),
  })
  const in2012 = runsOf('bitcoin-2012', 60)
  const in2015 = runsOf('bitcoin-2015', 40)
  const in2019 = runsOf('bitcoin-2019', 40)
  const in2025 = runsOf('bitcoin-2025', 40)
  const decker = 'Decker and Wattenhofer 2013'
  const stats = 'bitcoinstats.com, 17 November 2014; blocks were smaller than those of the preset'
  const kit = 'KIT DSN 2024/25, from first sight; median of 4,895 hours'
  const unaware = (runs: readonly Run[]): number[] => seconds(runs.map((run) => run.unaware_ms))
  return [
    row('bitcoin-2012', 'mean', in2012.map((run) => run.propagation_ms!.mean), 12.6, decker),
    row(
      'bitcoin-2012',
      'median',
      in2012.map((run) => run.propagation_ms!.p50),
      6.5,
      `${decker}; recalled, not read again`,
    ),
    row('bitcoin-2015', 'median', in2015.map((run) => run.propagation_ms!.p50), 4.06, stats),
    row('bitcoin-2025', 'median', in2025.map((run) => run.propagation_ms!.p50), 1.108, kit),
    row('bitcoin-2025', '90 %', in2025.map((run) => run.propagation_ms!.p90), 3.545, kit),
    presetEraRow('bitcoin-2012', '2012', unaware(in2012)),
    presetEraRow('bitcoin-2015', '2015', unaware(in2015)),
    presetEraRow('bitcoin-2019', '2019', unaware(in2019)),
    presetEraRow('bitcoin-2025', '2024', unaware(in2025)),
  ]
}

/** Ethereum at 13.3 s a block, with uncles. */
export function ethereumRows(): Row[] {
  const runs = runsOf('ethereum-pow', 500)
  const stats = 'ethstats 2019 (Wittgenstein): histogram with steps of 250 ms'
  const siblings = 4_729
  return [
    {
      quantity: 'ethereum-pow: stale share',
      expected: siblings / (100_000 + siblings),
      source: `${siblings.toLocaleString('en')} siblings at heights 12,865,000 to 12,964,999, 2021`,
      ...sampled(runs.map((run) => run.stale_share)),
      tolerance: 0.1,
    },
    ...([
      ['p50', 0.97],
      ['p75', 1.7],
    ] as const).map(([level, expected]) => ({
      quantity: `ethereum-pow: propagation, ${level}`,
      ...{ unit: 's', expected, source: stats, tolerance: 0.3 },
      ...sampled(seconds(runs.map((run) => run.propagation_ms![level]))),
    })),
  ]
}
