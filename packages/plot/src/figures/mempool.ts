import type { ReportInput } from '@counterpoise/lab'
import type { Annotation, Layout } from 'plotly.js-dist'
import { formatCount } from '../format.ts'
import { axisId } from './geometry.ts'
import type { Grid } from './geometry.ts'
import { baseLayout, colors, note, styledRails } from './theme.ts'
import type { Figure, FigureOptions, StyledRail } from './theme.ts'
import { endOfLoad, faultLabelRows, faultShapes, panelAxes, rebin } from './timePanels.ts'
import { type Scale, type Time, timeGrid, timeUnit } from './timePanels.ts'
import { seriesOf } from './throughput.ts'

/** What waited in a rail's pool, and how wide a bin is, s; undefined where nothing ever did. */
export const waitingOf = (
  input: ReportInput,
  name: string,
): { bin_s: number; waiting: readonly number[] } | undefined => {
  const { bin_s = 1, waiting = [] } = seriesOf(input, name) ?? {}
  return waiting.some((count) => count > 0) ? { bin_s, waiting } : undefined
}

/** Whether anything ever waited in a pool. */
export const hasWaiting = (input: ReportInput): boolean =>
  Object.keys(input.series).some((name) => waitingOf(input, name) !== undefined)

/**
 * What waited in the pools over time, a panel for each rail where something did; faults are shaded.
 * The numbers are on one logarithmic scale.
 */
export const mempoolFigure = (input: ReportInput, options: FigureOptions = {}): Figure => {
  const rails = styledRails(input).filter(({ name }) => waitingOf(input, name) !== undefined)
  const time = timeUnit(input)
  const faultRows = faultLabelRows(input, time, options)
  const scale = countScale(rails.flatMap(({ name }) => waitingOf(input, name)?.waiting ?? []))
  const grid = timeGrid(rails.length, faultRows.rows, options)
  const layout: Partial<Layout> = {
    height: grid.height,
    margin: grid.margin,
    shapes: [...faultShapes(input, time), ...endOfLoad(input, time)],
    annotations: [
      ...rails.flatMap((rail, index) => panelTitle(input, rail, index, grid)),
      ...faultRows.notes,
      keyNote(grid),
    ],
  }
  rails.forEach((rail, index) => Object.assign(layout, panelAxes(rail, index, grid, time, scale)))
  if (rails.length === 0) Object.assign(layout, { xaxis: { visible: false } })
  return {
    data: rails.flatMap((rail, index) => trace(input, rail, index, time)),
    layout: baseLayout(layout),
  }
}

/** From below one payment to the most that ever waited. */
const countScale = (counts: readonly number[]): Scale => {
  const most = counts.reduce((high, count) => Math.max(high, count), 1)
  return { lowest: Math.log10(0.5), highest: Math.log10(most) + 0.2 }
}

/** Where nothing waited, the curve stands below the panel. */
const belowPanel = 0.05

const trace = (
  input: ReportInput,
  { name, label, style }: StyledRail,
  index: number,
  time: Time,
): Figure['data'] => {
  const series = waitingOf(input, name)
  if (series === undefined) return []
  const { bin_s, rates: counts } = rebin(series.bin_s, series.waiting, 480)
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: `${label} waiting`,
      // Each is the number at the end of its bin.
      x: counts.map((_, at) => ((at + 1) * bin_s) / time.divisor),
      y: counts.map((count) => Math.max(count, belowPanel)),
      text: counts.map((count) => `${label}: ${formatCount(count)} waiting`),
      hovertemplate: '%{text}<extra></extra>',
      xaxis: axisId('x', index),
      yaxis: axisId('y', index),
      line: { color: style.color, width: 1.6, shape: 'vh' },
      fill: 'tozeroy',
      fillcolor: `${style.color}38`,
    },
  ]
}

const panelTitle = (
  input: ReportInput,
  { name, label, style }: StyledRail,
  index: number,
  { places }: Grid,
): Partial<Annotation>[] => {
  const top = places[index]?.yDomain[1]
  if (top === undefined) return []
  const counts = waitingOf(input, name)?.waiting ?? []
  const most = formatCount(counts.reduce((high, count) => Math.max(high, count), 0))
  return [
    note({
      text: `<b>${label}</b>  <span style="color:${colors.quiet}">at most ${most}</span>`,
      font: { color: style.ink, size: 14 },
      ...{ xref: 'paper', yref: 'paper', x: 0, y: top, yshift: 3 },
    }),
  ]
}

const keyNote = ({ margin }: Grid): Partial<Annotation> =>
  note({
    ...{ xref: 'paper', yref: 'paper', yanchor: 'top', x: 0, y: 1 },
    ...{ yshift: margin.t - 4, xshift: -54, text: 'transactions that wait' },
    font: { color: colors.quiet, size: 13 },
  })
