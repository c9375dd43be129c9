import type { Annotation, Data, Layout, LayoutAxis, Shape } from 'plotly.js-dist'
import { comparable, isRouter, railsOf, viewResult } from '../view.ts'
import type { RailView, ResultView } from '../view.ts'
import type { ReportInput } from '@counterpoise/lab'

/** A figure as Plotly takes it: plain data. */
export type Figure = {
  data: Partial<Data>[]
  layout: Partial<Layout>
}

/** For which width a figure is laid out; its data is the same for both. */
export type FigureOptions = {
  /** True for the width of a phone. Default: false. */
  narrow?: boolean | undefined
}

/** How a rail is drawn in every figure: a colour, a dash and a symbol that say the same. */
export type RailStyle = {
  /** For lines and symbols. */
  color: string
  /** The same hue, dark enough for text on white. */
  ink: string
  dash: 'solid' | 'dash' | 'dot' | 'dashdot' | 'longdash'
  symbol: 'circle' | 'square' | 'diamond' | 'triangle-up' | 'cross' | 'star' | 'triangle-down'
}

/** A rail with its numbers, its look and its name as Plotly shows it. */
export type StyledRail = {
  name: string
  label: string
  rail: RailView
  style: RailStyle
}

/** The colours of Okabe and Ito, those that stand out on white first; black is for the router. */
const styles: readonly RailStyle[] = [
  { color: '#D55E00', ink: '#A34700', dash: 'longdash', symbol: 'square' },
  { color: '#0072B2', ink: '#005C91', dash: 'dash', symbol: 'diamond' },
  { color: '#009E73', ink: '#00704F', dash: 'solid', symbol: 'circle' },
  { color: '#CC79A7', ink: '#97406F', dash: 'dashdot', symbol: 'triangle-up' },
  { color: '#E69F00', ink: '#875D00', dash: 'dot', symbol: 'triangle-down' },
  { color: '#56B4E9', ink: '#1C6A9B', dash: 'dash', symbol: 'cross' },
]

const routerStyle: RailStyle = { color: '#000000', ink: '#000000', dash: 'solid', symbol: 'star' }

/** The rails of a report, each with its look: the same in every figure and table. */
export const styledRails = (input: ReportInput, view?: ResultView): StyledRail[] => {
  let next = 0
  return railsOf(view ?? viewResult(input.result)).map(({ name, rail }) => {
    const style = isRouter(rail) ? routerStyle : styles[next++ % styles.length]
    return { name, label: plotText(name, 24), rail, style: style ?? routerStyle }
  })
}

/** Those of them that may stand beside each other, as the cut ones may not. */
export const comparedRails = (input: ReportInput): StyledRail[] => {
  const names = comparable(input.result)
  return styledRails(input).filter(({ name }) => names.has(name))
}

/** In the order in which they are drawn: what is drawn later covers what was drawn before. */
export const routersFirst = <styled extends StyledRail>(rails: readonly styled[]): styled[] =>
  rails.toSorted((a, b) => Number(isRouter(b.rail)) - Number(isRouter(a.rail)))

/** Text that Plotly shows as it is, although it reads tags and entities. */
export const plotText = (text: string, charactersMax = 80): string =>
  shorten(cleanText(text), charactersMax)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    // Between two of these it would look for mathematics.
    .replaceAll('$', '&#36;')

/** Text without control characters and without marks that change the direction of what follows. */
export const cleanText = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\ufffd')

/** At most so many characters, the last an ellipsis where something is missing. */
export const shorten = (text: string, charactersMax: number): string => {
  if (text.length <= charactersMax) return text
  // Twice as many units hold enough characters, and a megabyte need not be taken apart.
  const characters = [...text.slice(0, charactersMax * 2)]
  if (characters.length <= charactersMax && text.length <= charactersMax * 2) return text
  return `${characters.slice(0, charactersMax - 1).join('')}…`
}

/** Colours of what is not a rail. */
export const colors = {
  text: '#222222',
  quiet: '#5c5c5c',
  grid: '#e6e6e3',
  axis: '#8a8a86',
  reference: '#767672',
  fault: '#f3e3c3',
  faultText: '#6b4e00',
} as const

/** What all figures have in common. */
export const baseLayout = (layout: Partial<Layout>): Partial<Layout> => ({
  autosize: true,
  paper_bgcolor: '#ffffff',
  plot_bgcolor: '#ffffff',
  font: { family: fontFamily, size: 13, color: colors.text },
  hoverlabel: { bgcolor: '#ffffff', bordercolor: colors.axis, font: { color: colors.text } },
  hovermode: 'closest',
  showlegend: false,
  ...layout,
})

export const fontFamily =
  '"Helvetica Neue", "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif'

/** The title of an axis: quieter than what it measures. */
export const axisTitle = (text: string, standoff = 8): NonNullable<LayoutAxis['title']> => ({
  text,
  standoff,
  font: { size: 13, color: colors.quiet },
})

/** What all axes have in common. */
export const baseAxis = (axis: Partial<LayoutAxis>): Partial<LayoutAxis> => ({
  gridcolor: colors.grid,
  linecolor: colors.axis,
  showline: true,
  ticks: 'outside',
  ticklen: 4,
  tickcolor: colors.axis,
  zeroline: false,
  automargin: false,
  ...axis,
})

/** A text on the figure without an arrow. */
export const note = (annotation: Partial<Annotation>): Partial<Annotation> => ({
  showarrow: false,
  xanchor: 'left',
  yanchor: 'bottom',
  ...annotation,
})

/** A thing drawn behind the data. */
export const behind = (shape: Partial<Shape>): Partial<Shape> => ({ layer: 'below', ...shape })
