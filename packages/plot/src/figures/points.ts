import type { Annotation, ScatterData, Shape } from 'plotly.js-dist'
import { isRouter } from '../view.ts'
import { axisValue, positionOn, scaledAxis } from './axes.ts'
import type { Scale } from './axes.ts'
import { axisId, axisKey, createGrid, figureWidth } from './geometry.ts'
import type { PanelPlace } from './geometry.ts'
import { lineBoxes, placeLabels, symbolBox } from './labels.ts'
import type { Anchor, Box } from './labels.ts'
import { axisTitle, baseLayout, behind, colors, note, routersFirst } from './theme.ts'
import type { Figure, FigureOptions, StyledRail } from './theme.ts'

/** A rail in a plane: a filled symbol, and perhaps a line to an open one. */
export type RailPoint = StyledRail & {
  x: number
  y: number
  /** How far the confidence intervals of the filled symbol reach; 0 for none. */
  xMargin: Margin
  yMargin: Margin
  /** The open symbol. */
  to?: { x: number; y: number } | undefined
  /** What is said where the pointer rests on the filled symbol and on the open one. */
  hover: readonly [string, string]
}

/** The parts of a confidence interval above and below its mean. */
export type Margin = { up: number; down: number }

/** A plane with rails in it. */
export type PointPanel = {
  title: string
  x: { title: string; scale: Scale }
  y: { title: string; scale: Scale }
  points: RailPoint[]
}

/** Panels of points, two beside each other or on a phone one below the other. */
export const pointsFigure = (
  panels: readonly PointPanel[],
  { narrow = false }: FigureOptions,
): Figure => {
  const grid = createGrid({
    count: panels.length,
    columns: narrow ? 1 : 2,
    width: figureWidth({ narrow }),
    panelHeight: narrow ? 230 : 270,
    columnGap: 100,
    rowGap: 100,
    margin: { l: 76, r: 22, t: 36, b: 56 },
  })
  const { height, margin } = grid
  const layout = { height, margin, annotations: [] as object[], shapes: [] as object[] }
  panels.forEach((panel, index) => {
    const place = grid.places[index]
    if (place === undefined) return
    layout.annotations.push(...notesOf(panel, index, place))
    layout.shapes.push(...neverLines(panel, index))
    Object.assign(layout, {
      [axisKey('x', index)]: scaledAxis(panel.x.scale, {
        anchor: axisId('y', index) as 'y',
        domain: place.xDomain,
        title: axisTitle(panel.x.title),
        ...(narrow && { tickfont: { size: 11 } }),
      }),
      [axisKey('y', index)]: scaledAxis(panel.y.scale, {
        anchor: axisId('x', index) as 'x',
        domain: place.yDomain,
        title: axisTitle(panel.y.title),
        ...(narrow && { tickfont: { size: 11 } }),
      }),
    })
  })
  // A router often stands where a rail does: larger and behind, both are seen.
  const data = panels.flatMap(({ points }, index) =>
    routersFirst(points).map((point) => traceOf(point, index)),
  )
  return { data, layout: baseLayout(layout) }
}

/** Lines that part what never happened from the times of what did. */
const neverLines = ({ x, y }: PointPanel, index: number): Partial<Shape>[] => {
  const line = { color: colors.axis, width: 1, dash: 'dot' as const }
  const [xId, yId] = [axisId('x', index) as 'x', axisId('y', index) as 'y']
  const [right, top] = [x.scale.never?.from, y.scale.never?.from]
  const shapes: Partial<Shape>[] = [
    ...(right === undefined
      ? []
      : [{ x0: right, x1: right, y0: 0, y1: 1, xref: xId, yref: `${yId} domain` as 'y' }]),
    ...(top === undefined
      ? []
      : [{ x0: 0, x1: 1, y0: top, y1: top, xref: `${xId} domain` as 'x', yref: yId }]),
  ]
  return shapes.map((shape) => behind({ type: 'line', line, ...shape }))
}

const traceOf = (point: RailPoint, index: number): Partial<ScatterData> => {
  const { label, rail, style, x, y, to, xMargin, yMargin, hover } = point
  const errors = ({ up, down }: Margin) => ({
    type: 'data' as const,
    symmetric: false,
    // The open symbol has none.
    array: [up],
    arrayminus: [down],
    visible: up > 0 || down > 0,
    color: style.color,
    thickness: 1.4,
    width: 4,
  })
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: label,
    x: to ? [x, to.x] : [x],
    y: to ? [y, to.y] : [y],
    text: [...hover],
    hovertemplate: '%{text}<extra></extra>',
    line: { color: style.color, width: 1.6, dash: 'solid' },
    marker: {
      color: style.color,
      opacity: 1,
      size: isRouter(rail) ? [15, 11] : [11, 8],
      symbol: [style.symbol, `${style.symbol}-open`],
      line: { color: style.color, width: 1.5 },
    },
    error_x: errors(xMargin),
    error_y: errors(yMargin),
    cliponaxis: false,
    xaxis: axisId('x', index),
    yaxis: axisId('y', index),
  }
}

const notesOf = (
  { title, x, y, points }: PointPanel,
  index: number,
  { xDomain, yDomain, width, height }: PanelPlace,
): Partial<Annotation>[] => {
  const anchorAt = (at: { x: number; y: number }): Anchor => ({
    x: positionOn(x.scale, at.x) * width,
    y: positionOn(y.scale, at.y) * height,
    axisX: axisValue(x.scale, at.x),
    axisY: axisValue(y.scale, at.y),
  })
  const drawn = points.map((point) => ({
    point,
    from: anchorAt(point),
    to: point.to && anchorAt(point.to),
  }))
  const border = x.scale.never && positionOn(x.scale, x.scale.never.from) * width
  const obstacles = [
    ...drawn.flatMap(({ point, from, to }) => [
      symbolBox(from),
      ...(to ? [symbolBox(to), ...lineBoxes(from, to)] : []),
      ...errorBoxes(point, { x: x.scale, y: y.scale }, { width, height }),
    ]),
    ...(border === undefined ? [] : lineBoxes({ x: border, y: 0 }, { x: border, y: height })),
  ]
  const labels = drawn.map(({ point, from, to }) => ({
    text: point.label,
    color: point.style.ink,
    anchors: to ? [from, to] : [from],
  }))
  const panel = { width, height, xref: axisId('x', index), yref: axisId('y', index) }
  const heading = note({
    text: `<b>${title}</b>`,
    font: { color: colors.text, size: 14 },
    ...{ xref: 'paper', yref: 'paper', x: xDomain[0], y: yDomain[1], yshift: 8 },
  })
  return [heading, ...placeLabels(labels, panel, obstacles)]
}

/** The space that the bars of a point's confidence intervals take within the panel. */
const errorBoxes = (
  { x, y, xMargin, yMargin }: RailPoint,
  scales: { x: Scale; y: Scale },
  { width, height }: { width: number; height: number },
): Box[] => {
  const at = (scale: Scale, value: number, length: number): number =>
    scale.type === 'log' && value <= 0
      ? 0
      : Math.min(1, Math.max(0, positionOn(scale, value))) * length
  const [left, right] = [x - xMargin.down, x + xMargin.up].map((each) => at(scales.x, each, width))
  const [low, high] = [y - yMargin.down, y + yMargin.up].map((each) => at(scales.y, each, height))
  const [middleX, middleY] = [at(scales.x, x, width), at(scales.y, y, height)]
  return [
    ...lineBoxes({ x: left ?? 0, y: middleY }, { x: right ?? 0, y: middleY }),
    ...lineBoxes({ x: middleX, y: low ?? 0 }, { x: middleX, y: high ?? 0 }),
  ]
}
