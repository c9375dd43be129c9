import type { FigureOptions } from './theme.ts'

/** How wide a figure is taken to be; the page lets it be a little narrower or wider. */
export const figureWidth = ({ narrow = false }: FigureOptions): number => (narrow ? 348 : 1080)

/** Where a panel is: parts of the paper from 0 to 1, as Plotly wants them, and its size in px. */
export type PanelPlace = {
  xDomain: [number, number]
  yDomain: [number, number]
  width: number
  height: number
}

/** A figure of panels in rows, from the top left. */
export type Grid = {
  places: PanelPlace[]
  height: number
  margin: { l: number; r: number; t: number; b: number }
}

/** How panels stand in a figure, in px. */
export type GridOptions = {
  count: number
  columns: number
  /** Of the whole figure. */
  width: number
  panelHeight: number
  columnGap: number
  rowGap: number
  margin: Grid['margin']
}

/** Divides a figure into panels of one size. */
export const createGrid = (options: GridOptions): Grid => {
  const { count, columns, width, panelHeight, columnGap, rowGap, margin } = options
  const rows = Math.max(1, Math.ceil(count / columns))
  const innerWidth = width - margin.l - margin.r
  const innerHeight = rows * panelHeight + (rows - 1) * rowGap
  const panelWidth = (innerWidth - (columns - 1) * columnGap) / columns
  const places = Array.from({ length: count }, (_, index): PanelPlace => {
    const left = (index % columns) * (panelWidth + columnGap)
    const top = Math.floor(index / columns) * (panelHeight + rowGap)
    return {
      xDomain: [left / innerWidth, Math.min(1, (left + panelWidth) / innerWidth)],
      yDomain: [Math.max(0, 1 - (top + panelHeight) / innerHeight), 1 - top / innerHeight],
      width: panelWidth,
      height: panelHeight,
    }
  })
  return { places, height: innerHeight + margin.t + margin.b, margin }
}

/** The name of the axis of a panel: `x`, `x2`, `x3` … */
export const axisId = (letter: 'x' | 'y', index: number): string =>
  index === 0 ? letter : `${letter}${index + 1}`

/** The key of that axis in a layout: `xaxis`, `xaxis2` … */
export const axisKey = (letter: 'x' | 'y', index: number): `${'x' | 'y'}axis${number}` =>
  `${letter}axis${index === 0 ? '' : index + 1}` as `${'x' | 'y'}axis${number}`
