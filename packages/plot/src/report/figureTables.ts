import type { ReportInput } from '@counterpoise/lab'
import { costPanels } from '../figures/cost.ts'
import { performanceUnderFault } from '../figures/distribution.ts'
import { latencyPanels, levelOf } from '../figures/latency.ts'
import { comparedRails } from '../figures/theme.ts'
import { waitingOf } from '../figures/mempool.ts'
import { seriesOf } from '../figures/throughput.ts'
import { rebin, timeUnit } from '../figures/timePanels.ts'
import { formatCount, formatMs, formatRate, formatShare, nothing } from '../format.ts'
import { formatUsd, formatWh } from '../format.ts'
import type { Measured } from '../format.ts'
import type { FigureName } from './captions.ts'

/** The numbers of a figure, for those who cannot or would rather not look at it. */
export type FigureTable = {
  columns: string[]
  rows: { label: string; cells: string[] }[]
}

/** A table for each of the figures of a report. */
export const figureTables = (input: ReportInput): Record<FigureName, FigureTable> => ({
  throughput: throughputTable(input),
  mempool: mempoolTable(input),
  latency: latencyTable(input),
  cost: costTable(input),
  distribution: distributionTable(input),
})

const throughputTable = (input: ReportInput): FigureTable => {
  const names = Object.keys(input.series).filter((name) => seriesOf(input, name) !== undefined)
  const { divisor, name: unit, until } = timeUnit(input)
  const curves = names.map((name) => {
    const series = seriesOf(input, name)
    const binS = series?.bin_s ?? 1
    const shown = Math.ceil(until / binS)
    return [series?.offered_per_s ?? [], series?.included_per_s ?? []].map((rates) =>
      rebin(binS, rates.slice(0, shown), 16),
    )
  })
  const longest = curves.map(([offered]) => offered).toSorted(byLength)[0]
  const rows = (longest?.rates ?? []).map((_, index) => ({
    label: `${formatCount((index * (longest?.bin_s ?? 1)) / divisor)} ${unit}`,
    cells: curves.map(([offered, included]) => {
      const [wanted, done] = [offered?.rates[index], included?.rates[index]]
      return done === undefined ? nothing : `${formatRate(done)} of ${formatRate(wanted)}`
    }),
  }))
  return { columns: ['from', ...names], rows }
}

type Rebinned = ReturnType<typeof rebin>

const byLength = (a: Rebinned | undefined, b: Rebinned | undefined): number =>
  (b?.rates.length ?? 0) - (a?.rates.length ?? 0)

const mempoolTable = (input: ReportInput): FigureTable => {
  const names = Object.keys(input.series).filter((name) => waitingOf(input, name) !== undefined)
  const { divisor, name: unit } = timeUnit(input)
  const curves = names.map((name) => {
    const { bin_s, waiting } = waitingOf(input, name)!
    return rebin(bin_s, waiting, 16)
  })
  const longest = curves.toSorted(byLength)[0]
  const rows = (longest?.rates ?? []).map((_, index) => ({
    label: `${formatCount((index * (longest?.bin_s ?? 1)) / divisor)} ${unit}`,
    cells: curves.map(({ rates }) => {
      const count = rates[index]
      return count === undefined ? nothing : formatCount(count)
    }),
  }))
  return { columns: ['from', ...names], rows }
}

const latencyTable = (input: ReportInput): FigureTable => {
  const curves = latencyPanels(input).flatMap(({ what, curves: ofPanel }) =>
    ofPanel.map((curve) => ({ ...curve, what })),
  )
  const at = (delays: readonly number[], level: number): Measured =>
    delays.find((_, index) => levelOf(index, delays.length) >= level - 1e-9)
  const rows = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99].map((level) => ({
    label: `${formatShare(level)} of those that got there`,
    cells: curves.map(({ delays }) => formatMs(at(delays, level))),
  }))
  return {
    columns: ['within', ...curves.map(({ name, what }) => `${name}, ${what}`)],
    rows: [
      ...rows,
      {
        label: 'got there, of the payments offered',
        cells: curves.map(({ reached }) => formatShare(reached)),
      },
    ],
  }
}

const costTable = (input: ReportInput): FigureTable => {
  const drawn = new Set(costPanels(input).flatMap(({ points }) => points.map(({ name }) => name)))
  return {
    columns: ['rail', 'finality, median', 'finality, p95', 'fee, mean', 'energy, allocated'],
    rows: comparedRails(input).map(({ name, rail }) => ({
      label: drawn.has(name) ? name : `${name} (not drawn)`,
      cells: [
        formatMs(rail.time_to_finality_ms?.p50),
        formatMs(rail.time_to_finality_ms?.p95),
        formatUsd(rail.fee_usd?.mean),
        formatWh(rail.energy_wh_per_payment),
      ],
    })),
  }
}

const distributionTable = (input: ReportInput): FigureTable => {
  const rails = comparedRails(input)
  const { column, read } = performanceUnderFault(rails)
  return {
    columns: [
      ...['rail', 'operators, > 1/3', 'operators, > 1/2', 'regions, > 1/3', 'regions, > 1/2'],
      ...['finality, median', column],
    ],
    rows: rails.map((each) => {
      const { rail } = each
      const { operators, regions } = rail.nakamoto
      return {
        label: each.name,
        cells: [
          ...[operators.third, operators.half, regions.third, regions.half].map(formatCount),
          formatMs(rail.time_to_finality_ms?.p50),
          formatShare(read(each)),
        ],
      }
    }),
  }
}
