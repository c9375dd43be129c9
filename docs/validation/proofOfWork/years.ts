import {
  forkProbability,
  observedPropagation,
  staleEras,
  type StaleEra,
} from '@counterpoise/consensus-pow'
import { type Row, sampled } from '../validation.ts'
import { type PresetName, type Run, runsOf, seconds } from './runs.ts'

const blocks = 30
const tenMinutes = 600

/** What is taken otherwise than the preset has it: the lines of nodes, or the relay. */
export type Change = {
  name: string
  upAndDown?: Record<string, unknown> | undefined
  /** A relay network among the miners. */
  overlay?: Record<string, unknown> | undefined
}

export const asPreset: Change = { name: '' }
export const measured: Change = { name: ', measured lines', upAndDown: { kind: 'measured2016' } }
export const noSlowTenth: Change = {
  name: ', no slowest tenth',
  upAndDown: { kind: 'measured2016', leastQuantile: 0.1 },
}

export const relayNetwork: Change = { name: ', relay network', overlay: {} }

const runsOn = (preset: PresetName, { upAndDown, overlay }: Change): Run[] =>
  runsOf(preset, blocks, ({ network, consensus }) => {
    if (overlay !== undefined) consensus.parameters.relay.overlay = overlay
    if (upAndDown !== undefined) network.bandwidth = { upMbps: upAndDown, downMbps: upAndDown }
  })

type Level = 'mean' | 'p50' | 'p75' | 'p90' | 'p99'
/** A published time, s, with how far apart other days or hours were, as a part of it. */
type Published = readonly (readonly [level: Level, seconds: number, tolerance: number])[]

const timeRows = (what: string, runs: Run[], source: string, published: Published): Row[] =>
  published.map(([level, expected, tolerance]) => ({
    quantity: `${what}: propagation, ${level}`,
    ...{ unit: 's', expected, source, tolerance },
    ...sampled(seconds(runs.map((run) => run.propagation_ms![level]))),
  }))

const unawareOf = (runs: Run[]): number[] => seconds(runs.map((run) => run.unaware_ms))

const staleRow = (what: string, runs: Run[], expected: number, rest: Partial<Row>): Row => ({
  quantity: `${what}: stale share, from the hash rate unaware`,
  ...{ expected, source: '', ...rest },
  ...sampled(unawareOf(runs).map((time) => time / (tenMinutes + time))),
})

/** Stale blocks of some eras together, with what chance does to so many, 99 %. */
function staleOf(chosen: (era: StaleEra) => boolean): [number, Partial<Row>] {
  const eras = staleEras.filter(chosen)
  const stale = eras.reduce((sum, era) => sum + era.stale, 0)
  const all = eras.reduce((sum, era) => sum + era.toHeight - era.fromHeight + era.stale, 0)
  const [from, to] = [eras[0]!.fromHeight, eras.at(-1)!.toHeight - 1]
  const source = `${stale} stale blocks kept at heights ${from} to ${to}`
  return [stale / all, { source, tolerance: 2.576 / Math.sqrt(stale) }]
}

export function rowsOf2012(change: Change): Row[] {
  const what = `bitcoin-2012${change.name}`
  const runs = runsOn('bitcoin-2012', change)
  const source = 'Decker and Wattenhofer 2013, heights 180,000 to 189,999'
  const interval = 633.68
  return [
    ...timeRows(what, runs, source, [
      ['p50', 6.5, 0.3],
      ['mean', 12.6, 0.3],
    ]),
    {
      quantity: `${what}: hash rate unaware`,
      ...{ unit: 's', expected: 11.37, source: `${source}: of nodes`, tolerance: 0.3 },
      ...sampled(unawareOf(runs)),
    },
    {
      quantity: `${what}: heights with forks, by the formula`,
      ...{ expected: 0.0169, source, tolerance: 2.576 / Math.sqrt(169) },
      ...sampled(unawareOf(runs).map((time) => forkProbability(time, interval))),
    },
  ]
}

export function rowsOf2015(change: Change): Row[] {
  const what = `bitcoin-2015${change.name}`
  const runs = runsOn('bitcoin-2015', change)
  const [share, list] = staleOf(({ era }) => era === '2015')
  return [
    ...timeRows(what, runs, 'Gervais et al. 2016: of the real network', [['p50', 8.7, 0.3]]),
    ...timeRows(what, runs, 'bitcoinstats.com, 2014-11-17', [
      ['p50', 4.06, 0.3],
      ['p75', 7.65, 0.3],
      ['p90', 18, 0.3],
      ['p99', 255, 0.3],
    ]),
    staleRow(what, runs, 0.0041, { source: 'Gervais et al. 2016: measured', tolerance: 0.3 }),
    staleRow(what, runs, share, list),
  ]
}

export function rowsOf2019(change: Change): Row[] {
  const runs = runsOn('bitcoin-2019', change)
  const [share, list] = staleOf(({ era }) => ['2018', '2019', '2020'].includes(era))
  return [staleRow(`bitcoin-2019${change.name}`, runs, share, list)]
}

export function rowsOf2025(change: Change): Row[] {
  const what = `bitcoin-2025${change.name}`
  const runs = runsOn('bitcoin-2025', change)
  const { hours, quantiles } = observedPropagation
  const [share, list] = staleOf(({ era }) => era.startsWith('2023') || era.startsWith('2024'))
  const published = quantiles.map(({ level, ms, low, high }) => {
    // As far as a tenth of the hours, on the nearer side.
    const tolerance = Math.min(1 - low / ms, high / ms - 1)
    return [level, ms / 1_000, tolerance] as const
  })
  return [
    ...timeRows(what, runs, `KIT, median of ${hours.toLocaleString('en')} hours`, published),
    staleRow(what, runs, share, list),
  ]
}
