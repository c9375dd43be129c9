import type { RailSeries, ReportInput } from '@counterpoise/lab'
import type { Annotation, Layout } from 'plotly.js-dist'
import { formatRate } from '../format.ts'
import { axisId } from './geometry.ts'
import type { Grid } from './geometry.ts'
import { baseLayout, colors, note, styledRails } from './theme.ts'
import type { Figure, FigureOptions, StyledRail } from './theme.ts'
import { endOfLoad, faultLabelRows, faultShapes, panelAxes, rebin } from './timePanels.ts'
import { type Scale, type Time, timeGrid, timeUnit } from './timePanels.ts'

/**
 * Throughput over time, a panel for each rail: what it included, in its colour, over what it was
 * offered, a dashed grey line; faults are shaded. Two traces for each rail that has a series.
 * The rates are on one logarithmic scale, so that a burst does not hide what a fault does to the
 * steady load.
 */
export const throughputFigure = (input: ReportInput, options: FigureOptions = {}): Figure => {
  const rails = styledRails(input).filter(({ name }) => seriesOf(input, name) !== undefined)
  const time = timeUnit(input)
  const faultRows = faultLabelRows(input, time, options)
  const scale = rateScale(rails.flatMap(({ name }) => seriesOf(input, name) ?? []))
  const grid = timeGrid(rails.length, faultRows.rows, options)
  const layout: Partial<Layout> = {
    height: grid.height,
    margin: grid.margin,
    shapes: [...faultShapes(input, time), ...endOfLoad(input, time)],
    annotations: [
      ...rails.flatMap((rail, index) => panelTitle(rail, index, grid)),
      ...faultRows.notes,
      ...keyNotes(grid),
    ],
  }
  rails.forEach((rail, index) => Object.assign(layout, panelAxes(rail, index, grid, time, scale)))
  if (rails.length === 0) Object.assign(layout, { xaxis: { visible: false } })
  return {
    data: rails.flatMap((rail, index) => traces(input, rail, index, time, scale)),
    layout: baseLayout(layout),
  }
}

/** The curves of a rail, unless there are none. */
export const seriesOf = (input: ReportInput, name: string): RailSeries | undefined =>
  Object.hasOwn(input.series, name) ? input.series[name] : undefined

/** From a decade below the least offered rate, which leaves room for what a fault takes away. */
const rateScale = (series: readonly RailSeries[]): Scale => {
  const offered = series.flatMap(({ offered_per_s }) => offered_per_s).filter((rate) => rate > 0)
  const all = [...offered, ...series.flatMap(({ included_per_s }) => included_per_s)]
  const least = offered.reduce((low, rate) => Math.min(low, rate), Number.POSITIVE_INFINITY)
  const most = all.reduce((high, rate) => Math.max(high, rate), 0)
  if (most === 0) return { lowest: -1, highest: 1 }
  const highest = Math.log10(most) + 0.2
  return { lowest: Math.min(Math.floor(Math.log10(least)) - 1, highest - 1), highest }
}

const traces = (
  input: ReportInput,
  { name, label, style }: StyledRail,
  index: number,
  time: Time,
  { lowest }: Scale,
): Figure['data'] => {
  const series = seriesOf(input, name)
  if (series === undefined) return []
  // Nothing at all has no place on a logarithmic scale: it stands below the panel.
  const floor = 10 ** (lowest - 1)
  const axes = { xaxis: axisId('x', index), yaxis: axisId('y', index) }
  const curve = (what: string, perBin: readonly number[]) => {
    const bins = rebin(series.bin_s, perBin, 480)
    // A step needs its end: the last rate holds until the end of its bin.
    const rates = [...bins.rates, bins.rates.at(-1) ?? 0]
    const y = rates.map((rate) => Math.max(rate, floor))
    const x = y.map((_, at) => (at * bins.bin_s) / time.divisor)
    const text = rates.map((rate) => `${label}, ${what}: ${formatRate(rate)}`)
    return { x, y, text, hovertemplate: '%{text}<extra></extra>', ...axes }
  }
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: `${label} included`,
      ...curve('included', series.included_per_s),
      line: { color: style.color, width: 1.6, shape: 'hv' },
      fill: 'tozeroy',
      fillcolor: `${style.color}38`,
    },
    {
      type: 'scatter',
      mode: 'lines',
      name: `${label} offered`,
      ...curve('offered', series.offered_per_s),
      line: { color: colors.reference, width: 1.4, dash: 'dash', shape: 'hv' },
    },
  ]
}

const panelTitle = ({ label, style, rail }: StyledRail, index: number, { places }: Grid) => {
  const top = places[index]?.yDomain[1]
  if (top === undefined) return []
  const mean = formatRate(rail.throughput_per_s)
  const title: Partial<Annotation> = note({
    text: `<b>${label}</b>  <span style="color:${colors.quiet}">${mean} while offered</span>`,
    font: { color: style.ink, size: 14 },
    ...{ xref: 'paper', yref: 'paper', x: 0, y: top, yshift: 3 },
  })
  return [title]
}

const keyNotes = ({ margin }: Grid): Partial<Annotation>[] => {
  const paper = { xref: 'paper', yref: 'paper', yanchor: 'top' } as const
  const quiet = { color: colors.quiet, size: 13 }
  const yshift = margin.t - 4
  return [
    note({ ...paper, x: 0, y: 1, yshift, xshift: -54, text: 'payments per second', font: quiet }),
    note({ ...paper, x: 1, y: 1, yshift, xanchor: 'right', text: '╌╌ offered', font: quiet }),
  ]
}
