import type { Annotation } from 'plotly.js-dist'
import { note } from './theme.ts'

/** A thing that wants its name beside it. */
export type Labelled = {
  text: string
  color: string
  /** Where the name may be attached, the best place first. */
  anchors: readonly Anchor[]
}

/** A place in a panel, and the values it stands for, as Plotly wants them on its axes. */
export type Anchor = {
  /** In px from the left and from the bottom of the panel. */
  x: number
  y: number
  axisX: number
  axisY: number
}

/** A panel of a figure: its size and the ids of its axes. */
export type Panel = {
  width: number
  height: number
  xref: string
  yref: string
}

/** A rectangle of a panel, in px. */
export type Box = { left: number; right: number; bottom: number; top: number }

/**
 * Names so that none covers another or what is drawn, as far as there is room: the first free of
 * ten places around each anchor. The distances are in px, so they hold for the panel's real size
 * as well where that is a little different.
 */
export const placeLabels = (
  wanted: readonly Labelled[],
  panel: Panel,
  obstacles: readonly Box[],
): Partial<Annotation>[] => {
  const taken: Box[] = [...obstacles]
  return wanted.flatMap(({ text, color, anchors }) => {
    const width = textWidth(text) + 4
    const options = anchors.flatMap((anchor) =>
      places.map((place) => ({ anchor, place, box: boxAt(anchor, place, width) })),
    )
    const inside = options.filter(({ box }) => fits(box, panel))
    const covered = ({ box }: { box: Box }): number =>
      taken.filter((other) => overlaps(box, other)).length
    const free = inside.find((option) => covered(option) === 0)
    // Where no place is free, the one that covers least.
    const chosen = free ?? inside.toSorted((a, b) => covered(a) - covered(b))[0] ?? options[0]
    if (chosen === undefined) return []
    const { anchor, place, box } = chosen
    taken.push(box)
    const { dx, dy, xanchor } = place
    return note({
      text,
      font: { color, size: fontSize },
      xref: panel.xref as 'x',
      yref: panel.yref as 'y',
      x: anchor.axisX,
      y: anchor.axisY,
      xanchor,
      yanchor: 'middle',
      xshift: dx,
      yshift: dy,
      borderpad: 0,
    })
  })
}

/** The space that a symbol takes. */
export const symbolBox = ({ x, y }: { x: number; y: number }): Box => ({
  left: x - 7,
  right: x + 7,
  bottom: y - 7,
  top: y + 7,
})

type Spot = { x: number; y: number }

/** The space that a straight line takes, in small boxes, so that what is beside it stays free. */
export const lineBoxes = (from: Spot, to: Spot): Box[] => {
  const length = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))
  const steps = Math.max(1, Math.ceil(length / 8))
  return Array.from({ length: steps }, (_, index) => {
    const [start, end] = [index / steps, (index + 1) / steps]
    const xs = [start, end].map((at) => from.x + (to.x - from.x) * at)
    const ys = [start, end].map((at) => from.y + (to.y - from.y) * at)
    return {
      left: Math.min(...xs) - 2,
      right: Math.max(...xs) + 2,
      bottom: Math.min(...ys) - 2,
      top: Math.max(...ys) + 2,
    }
  })
}

const fontSize = 13
const lineHeight = 17

type Place = { dx: number; dy: number; xanchor: 'left' | 'right' | 'center' }

const right: Place = { dx: 12, dy: 0, xanchor: 'left' }
const places: readonly Place[] = [
  right,
  { dx: -12, dy: 0, xanchor: 'right' },
  { dx: 0, dy: 17, xanchor: 'center' },
  { dx: 0, dy: -17, xanchor: 'center' },
  { dx: 2, dy: 17, xanchor: 'left' },
  { dx: 2, dy: -17, xanchor: 'left' },
  { dx: -2, dy: 17, xanchor: 'right' },
  { dx: -2, dy: -17, xanchor: 'right' },
  { dx: 2, dy: 28, xanchor: 'left' },
  { dx: 2, dy: -28, xanchor: 'left' },
  { dx: -2, dy: 28, xanchor: 'right' },
  { dx: -2, dy: -28, xanchor: 'right' },
]

/** A guess that is rather too wide: the real width is only known where the text is drawn. */
export const textWidth = (text: string, size = fontSize): number =>
  [...text.replace(/&(amp|lt|gt|#36);/g, '&')].length * size * 0.56

const boxAt = ({ x, y }: Anchor, { dx, dy, xanchor }: Place, width: number): Box => {
  const left = x + dx - (xanchor === 'left' ? 0 : xanchor === 'right' ? width : width / 2)
  return {
    left,
    right: left + width,
    bottom: y + dy - lineHeight / 2,
    top: y + dy + lineHeight / 2,
  }
}

const fits = (box: Box, { width, height }: Panel): boolean =>
  box.left >= -2 && box.right <= width + 10 && box.bottom >= 0 && box.top <= height

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.bottom < b.top && b.bottom < a.top
