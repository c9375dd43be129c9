import type { ReportInput } from '@counterpoise/lab'
import type { Annotation } from 'plotly.js-dist'
import { formatMs, formatShare, toEstimate } from '../format.ts'
import { isRouter } from '../view.ts'
import { axisValue, positionOn, positive, scaledAxis, shareScale, timeScale } from './axes.ts'
import type { Scale } from './axes.ts'
import { axisId, axisKey, createGrid, figureWidth } from './geometry.ts'
import type { PanelPlace } from './geometry.ts'
import { lineBoxes, placeLabels } from './labels.ts'
import type { Anchor } from './labels.ts'
import { axisTitle, baseLayout, colors, note, routersFirst, styledRails } from './theme.ts'
import type { Figure, FigureOptions, StyledRail } from './theme.ts'
import { seriesOf } from './throughput.ts'

/**
 * How long payments took, as the share of the payments offered that was included, and below that
 * was final, within a time. One trace for each rail and panel in which it has delays.
 */
export const latencyFigure = (input: ReportInput, options: FigureOptions = {}): Figure => {
  const panels = latencyPanels(input)
  const x = timeScale(panels.flatMap(({ curves }) => curves.flatMap(({ delays }) => delays)))
  const y = shareScale()
  const grid = createGrid({
    count: panels.length,
    columns: options.narrow ? 1 : 2,
    width: figureWidth(options),
    panelHeight: options.narrow ? 260 : 340,
    columnGap: 60,
    rowGap: 92,
    margin: { l: 62, r: 18, t: 40, b: 56 },
  })
  const layout = { height: grid.height, margin: grid.margin, annotations: [] as object[] }
  panels.forEach((panel, index) => {
    const place = grid.places[index]
    if (place === undefined) return
    layout.annotations.push(...notesOf(panel, index, place, { x, y }))
    Object.assign(layout, {
      [axisKey('x', index)]: scaledAxis(x, {
        anchor: axisId('y', index) as 'y',
        domain: place.xDomain,
        title: axisTitle('time from the intended start'),
        ...(options.narrow && { tickfont: { size: 11 } }),
      }),
      [axisKey('y', index)]: scaledAxis(y, {
        anchor: axisId('x', index) as 'x',
        domain: place.yDomain,
        ...((index === 0 || options.narrow) && {
          title: axisTitle('share of the payments offered'),
        }),
      }),
    })
  })
  return { data: panels.flatMap(tracesOf), layout: baseLayout(layout) }
}

/** The distribution of the delays of one rail: at each level, and which share ever got there. */
export type Curve = StyledRail & {
  delays: number[]
  /** The share of the payments offered that the levels are shares of. */
  reached: number
}

/** One panel: inclusion or finality, with the rails that have delays to show. */
export type LatencyPanel = {
  title: string
  /** `included` or `final`. */
  what: string
  curves: Curve[]
  /** Rails without a single payment that got there. */
  without: string[]
}

/** What the figure shows, also as the source of its table and its caption. */
export const latencyPanels = (input: ReportInput): LatencyPanel[] => {
  const rails = styledRails(input)
  const panel = (
    title: string,
    what: 'included' | 'final',
    key: 'inclusion_quantiles_ms' | 'finality_quantiles_ms',
  ): LatencyPanel => {
    const curves = rails.flatMap((each): Curve[] => {
      const delays = seriesOf(input, each.name)?.[key] ?? []
      const reached = toEstimate(each.rail[`${what}_share`])?.mean ?? 1
      return positive(delays).length > 0 ? [{ ...each, delays, reached }] : []
    })
    const shown = new Set(curves.map(({ name }) => name))
    const without = rails.map(({ name }) => name).filter((name) => !shown.has(name))
    return { title, what, curves, without }
  }
  return [
    panel('Time to inclusion', 'included', 'inclusion_quantiles_ms'),
    panel('Time to finality', 'final', 'finality_quantiles_ms'),
  ]
}

/** The level of the distribution that the delay at this index stands for. */
export const levelOf = (index: number, count: number): number => (index + 0.5) / count

const tracesOf = ({ what, curves }: LatencyPanel, index: number): Figure['data'] =>
  // A router often does as a rail does: wider and behind, both are seen.
  routersFirst(curves).map(({ label, rail, style, delays, reached }) => {
    const y = delays.map((_, at) => levelOf(at, delays.length) * reached)
    const marked = new Set([0.25, 0.5, 0.75, 0.95].map((level) => indexAt(level, delays.length)))
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: `${label} ${what}`,
      x: delays.map((delay) => (delay > 0 ? delay : null)),
      y,
      text: delays.map(
        (delay, at) => `${label}: ${formatShare(y[at])} ${what} within ${formatMs(delay)}`,
      ),
      hovertemplate: '%{text}<extra></extra>',
      line: { color: style.color, width: isRouter(rail) ? 4 : 2.2, dash: style.dash },
      marker: {
        color: style.color,
        symbol: style.symbol,
        size: delays.map((_, at) => (marked.has(at) ? (isRouter(rail) ? 12 : 8) : 0)),
        opacity: 1,
      },
      xaxis: axisId('x', index),
      yaxis: axisId('y', index),
    }
  })

const indexAt = (level: number, count: number): number =>
  Math.min(count - 1, Math.max(0, Math.floor(level * count)))

const notesOf = (
  { title, curves }: LatencyPanel,
  index: number,
  { xDomain, yDomain, width, height }: PanelPlace,
  { x, y }: { x: Scale; y: Scale },
): Partial<Annotation>[] => {
  const pointsOf = ({ delays, reached }: Curve): Anchor[] =>
    delays.flatMap((delay, at) => {
      if (!(delay > 0)) return []
      const share = levelOf(at, delays.length) * reached
      const [axisX, axisY] = [axisValue(x, delay), axisValue(y, share)]
      return [{ x: positionOn(x, delay) * width, y: positionOn(y, share) * height, axisX, axisY }]
    })
  const all = curves.map((curve) => ({ curve, points: pointsOf(curve) }))
  const obstacles = all.flatMap(({ points }) =>
    points.slice(1).flatMap((point, at) => lineBoxes(points[at] ?? point, point)),
  )
  const labels = all.map(({ curve, points }) => ({
    text: curve.label,
    color: curve.style.ink,
    anchors: [0.75, 0.9, 0.6, 0.45, 0.3, 0.15, 0.96, 0.05].flatMap(
      (level) => points[indexAt(level, points.length)] ?? [],
    ),
  }))
  const panel = { width, height, xref: axisId('x', index), yref: axisId('y', index) }
  const heading = note({
    text: `<b>${title}</b>`,
    font: { color: colors.text, size: 14 },
    ...{ xref: 'paper', yref: 'paper', x: xDomain[0], y: yDomain[1], yshift: 6 },
  })
  return [heading, ...placeLabels(labels, panel, obstacles)]
}
