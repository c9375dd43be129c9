import type { ReportInput } from '@counterpoise/lab'
import type { Shape } from 'plotly.js-dist'
import { axisId, axisKey, createGrid, figureWidth } from './geometry.ts'
import type { Grid } from './geometry.ts'
import { textWidth } from './labels.ts'
import { axisTitle, baseAxis, behind, colors, note, plotText } from './theme.ts'
import type { FigureOptions, StyledRail } from './theme.ts'

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

/** A time axis. */
export type Time = ReturnType<typeof timeUnit>

/** The decades that the panels share, as powers of ten. */
export type Scale = { lowest: number; highest: number }

/** The axes of one of the panels that stand above each other. */
export const panelAxes = (
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

/** Shades the time of faults. */
export const faultShapes = ({ faults }: ReportInput, time: Time): Partial<Shape>[] =>
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
export const endOfLoad = ({ offered_until_s }: ReportInput, time: Time): Partial<Shape>[] =>
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
export const faultLabelRows = (input: ReportInput, time: Time, options: FigureOptions) => {
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

/** A panel for each of some rails, above each other, below rows of labels. */
export const timeGrid = (rails: number, labelRows: number, options: FigureOptions): Grid =>
  createGrid({
    count: Math.max(1, rails),
    columns: 1,
    width: figureWidth(options),
    panelHeight: options.narrow ? 78 : 96,
    columnGap: 0,
    rowGap: 34,
    margin: { l: 62, r: 14, t: 46 + labelRows * 18, b: 52 },
  })
