import { forkProbability } from '@counterpoise/consensus-pow'
import type { BlockTree } from '@counterpoise/rails'
import { type Row, sampled } from '../validation.ts'
import { type Run, runsOf, seconds } from './runs.ts'

/** Nodes of Bitcoin in 2015, as Gervais et al. and SimBlock have them. */
const nodesOf2015 = 6_000

/** What better lines and compact blocks take off the time that blocks need. */
export function developmentRows(): Row[] {
  const runs = (year: string, mode: string): Run[] =>
    runsOf('simblock-9000', 30, (rail) => {
      rail.validators = nodesOf2015
      const { consensus, network } = rail
      consensus.parameters.relay.mode = mode
      network.latency.year = year
      network.bandwidth.upMbps.year = year
      network.bandwidth.downMbps.year = year
    })
  const before = runs('2015', 'inv')
  const lines = runs('2019', 'inv')
  const compact = runs('2015', 'compact')
  const source = 'Nagayama, Banno and Shudo 2020, simulated with SimBlock; read in the abstract'
  const row = (what: string, level: 'p50' | 'p90', after: Run[], expected: number): Row => ({
    quantity: `${what}, ${level} of propagation shorter by`,
    ...{ expected, source, tolerance: 0.1 },
    ...sampled(
      after.map((run, k) => 1 - run.propagation_ms![level] / before[k]!.propagation_ms![level]),
    ),
  })
  return [
    row('lines of 2019 for 2015', 'p50', lines, 0.645),
    row('lines of 2019 for 2015', 'p90', lines, 0.637),
    row('compact blocks, lines of 2015', 'p50', compact, 0.901),
    row('compact blocks, lines of 2015', 'p90', compact, 0.876),
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
  return [20, 8].map((interval) => {
    const runs = runsOf('simblock-600', 400, ({ consensus }) => {
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

/** Nodes of Ethereum in 2022 (JABS) less the miners and the observer. */
const relaysOf2022 = 5_889

/**
 * Of the histogram of ethstats, 16, 18, 17, 12, 8 and 5 % lie below 250, 500, 1,000, 1,250, 1,500
 * and 1,750 ms, and 8 % have its last value, 10 s: lines between the edges, with and without them.
 */
const ethstats = [
  ['p50', 0.97, 0.85],
  ['p75', 1.7, 1.44],
] as const

/** Ethereum at 13.3 s a block, with uncles. */
export function ethereumRows(): Row[] {
  const runs = runsOf('ethereum-pow', 500)
  const whole = runsOf('ethereum-pow', 60, (rail) => {
    rail.relays.nodes = relaysOf2022
  })
  const siblings = 4_729
  const stats = 'ethstats 2019 (Wittgenstein), histogram'
  const row = (level: 'p50' | 'p75', what: string, expected: number, source: string): Row => ({
    quantity: `ethereum-pow, 5,906 nodes: propagation, ${level}${what}`,
    ...{ unit: 's', expected, source, tolerance: 0.3 },
    ...sampled(seconds(whole.map((run) => run.propagation_ms![level]))),
  })
  return [
    {
      quantity: 'ethereum-pow: stale share',
      expected: siblings / (100_000 + siblings),
      source: `${siblings.toLocaleString('en')} siblings at heights 12,865,000 to 12,964,999, 2021`,
      ...sampled(runs.map((run) => run.stale_share!)),
      tolerance: 0.1,
    },
    ...ethstats.flatMap(([level, all, following]) => [
      row(level, ', of all', all, stats),
      row(level, ', of those within 10 s', following, `${stats} without its last value`),
    ]),
  ]
}
