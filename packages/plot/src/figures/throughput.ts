import type { RailSeries, ReportInput } from '@counterpoise/lab'
import type { Annotation, Layout, Shape } from 'plotly.js-dist'
import { formatRate } from '../format.ts'
import { axisId, axisKey, createGrid, figureWidth } from './geometry.ts'
import type { Grid } from './geometry.ts'
import { textWidth } from './labels.ts'
import { axisTitle, baseAxis, baseLayout, behind, colors, note } from './theme.ts'
import { plotText, styledRails } from './theme.ts'
import type { Figure, FigureOptions, StyledRail } from './theme.ts'

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
  const grid = createGrid({
    count: Math.max(1, rails.length),
    columns: 1,
    width: figureWidth(options),
    panelHeight: options.narrow ? 78 : 96,
    columnGap: 0,
    rowGap: 34,
    margin: { l: 62, r: 14, t: 46 + faultRows.rows * 18, b: 52 },
  })
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

/** The unit of the time axis, and the time until which there is something to see. */
export const timeUnit = (input: ReportInput): { divisor: number; name: string; until: number } => {
  const ends = Object.values(input.series).map(({ bin_s, included_per_s, offered_per_s }) => {
    const rates = included_per_s.map((rate, index) => rate + (offered_per_s[index] ?? 0))
    return (rates.findLastIndex((rate) => rate > 0) + 1) * bin_s
  })
  const faultsEnd = input.faults.map(({ until_s }) => until_s).filter(Number.isFinite)
  const until = Math.max(1, input.offered_until_s, ...ends, ...faultsEnd)
  if (until > 4 * 86_400) return { divisor: 86_400, name: 'days', until }
  if (until > 5 * 3_600) return { divisor: 3_600, name: 'hours', until }
  if (until > 300) return { divisor: 60, name: 'minutes', until }
  return { divisor: 1, name: 'seconds', until }
}

/** A curve in at most so many bins: each the mean of as many neighbours. */
export const rebin = (
  binS: number,
  rates: readonly number[],
  binsMax: number,
): { bin_s: number; rates: number[] } => {
  const every = Math.max(1, Math.ceil(rates.length / binsMax))
  const merged = Array.from({ length: Math.ceil(rates.length / every) }, (_, index) => {
    const part = rates.slice(index * every, (index + 1) * every)
    return part.reduce((sum, rate) => sum + rate, 0) / part.length
  })
  return { bin_s: binS * every, rates: merged }
}

type Time = ReturnType<typeof timeUnit>

/** The decades that the panels share, as powers of ten. */
type Scale = { lowest: number; highest: number }

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

const panelAxes = (
  { style }: StyledRail,
  index: number,
  { places }: Grid,
  time: Time,
  { lowest, highest }: Scale,
): object => {
  const place = places[index]
  const isLast = index === places.length - 1
  return {
    [axisKey('x', index)]: baseAxis({
      anchor: axisId('y', index) as 'y',
      domain: place?.xDomain ?? [0, 1],
      range: [0, time.until / time.divisor],
      ...(index > 0 && { matches: 'x' as const }),
      showticklabels: isLast,
      ticks: isLast ? 'outside' : '',
      showgrid: false,
      hoverformat: '.1f',
      ...(isLast && { title: axisTitle(`simulated time, ${time.name}`) }),
    }),
    [axisKey('y', index)]: baseAxis({
      anchor: axisId('x', index) as 'x',
      domain: place?.yDomain ?? [0, 1],
      type: 'log',
      range: [lowest, highest],
      dtick: highest - lowest > 3 ? 2 : 1,
      tickformat: '~s',
      fixedrange: true,
      linecolor: style.color,
    }),
  }
}

const panelTitle = ({ label, style, rail }: StyledRail, index: number, { places }: Grid) => {
  const top = places[index]?.yDomain[1]
  if (top === undefined) return []
  const mean = formatRate(rail.throughput_per_s)
  const title: Partial<Annotation> = note({
    text: `<b>${label}</b>  <span style="color:${colors.quiet}">${mean} on average</span>`,
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

const faultShapes = ({ faults }: ReportInput, time: Time): Partial<Shape>[] =>
  faults.map(({ from_s, until_s }) =>
    behind({
      type: 'rect',
      ...{ xref: 'x', yref: 'paper', y0: 0, y1: 1 },
      x0: from_s / time.divisor,
      x1: Math.min(until_s, time.until) / time.divisor,
      fillcolor: colors.fault,
      line: { width: 0 },
    }),
  )

/** Where the load ended, unless that is about where the figure ends. */
const endOfLoad = ({ offered_until_s }: ReportInput, time: Time): Partial<Shape>[] =>
  offered_until_s > time.until * 0.96
    ? []
    : [
        behind({
          type: 'line',
          ...{ xref: 'x', yref: 'paper', y0: 0, y1: 1 },
          x0: offered_until_s / time.divisor,
          x1: offered_until_s / time.divisor,
          line: { color: colors.axis, width: 1, dash: 'dot' },
        }),
      ]

/** Names above the panels: faults, and where the load ended; in rows that keep them apart. */
const faultLabelRows = (input: ReportInput, time: Time, options: FigureOptions) => {
  const width = figureWidth(options) - 76
  const ends: number[] = []
  const loadEnds = { label: 'load ends', from_s: input.offered_until_s, color: colors.quiet }
  const marks = [
    ...input.faults.map((fault) => ({ ...fault, color: colors.faultText })),
    ...(endOfLoad(input, time).length > 0 ? [loadEnds] : []),
  ]
  const notes = marks.map(({ label, from_s, color }) => {
    const text = plotText(label, options.narrow ? 36 : 60)
    const wanted = (from_s / time.until) * width
    const left = Math.max(0, Math.min(wanted, width - textWidth(text, 12)))
    const free = ends.findIndex((end) => end < left)
    const row = free < 0 ? ends.length : free
    ends[row] = left + textWidth(text, 12) + 10
    return note({
      text,
      font: { color, size: 12 },
      ...{ xref: 'paper', yref: 'paper', x: 0, y: 1, xshift: left, yshift: 22 + row * 18 },
    })
  })
  return { rows: ends.length, notes }
}
