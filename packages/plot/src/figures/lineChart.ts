import { html, type Markup } from '../report/html.ts'

/** One line or row of dots. */
export type ChartLine = {
  name: string
  points: readonly (readonly [x: number, y: number])[]
  /** `dots` for what was simulated, `line` for a law; `line` unless given. */
  as?: 'line' | 'dots' | undefined
}

export type LineChartOptions = {
  title: string
  /** Names of the axes with their units. */
  x: string
  y: string
  lines: readonly ChartLine[]
}

const size = { width: 760, height: 460, left: 70, right: 20, top: 44, bottom: 96 }

/** The colours of Okabe and Ito that stand out on white. */
const inks = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'] as const

/**
 * Lines and dots over two linear axes as one SVG text, which needs nothing else to be looked at.
 * The same input gives the same text.
 */
export function lineChart({ title, x, y, lines }: LineChartOptions): string {
  const points = lines.flatMap((line) => line.points)
  const horizontal = scaleOf(points.map(([value]) => value), size.left, size.width - size.right)
  const vertical = scaleOf(points.map(([, value]) => value), size.height - size.bottom, size.top)
  const middle = (size.left + size.width - size.right) / 2
  const base = size.height - size.bottom
  const legend = lines.map(({ name, as = 'line' }, index) => {
    const left = size.left + (index % 2) * 340
    const top = base + 56 + Math.floor(index / 2) * 18
    const ink = inks[index % inks.length]!
    const mark =
      as === 'dots'
        ? html`<circle cx="${left + 12}" cy="${top - 4}" r="3" fill="${ink}"/>`
        : html`<path d="M${left} ${top - 4}h24" stroke="${ink}" stroke-width="2" fill="none"/>`
    return html`${mark}<text x="${left + 30}" y="${top}">${name}</text>
`
  })
  const scales = { horizontal, vertical }
  const drawn = lines.flatMap((line, index) => drawLine(line, inks[index % inks.length]!, scales))
  const ticks = [
    ...horizontal.ticks.map((value) => {
      const at = round(horizontal.place(value))
      return html`<path d="M${at} ${size.top}V${base}" stroke="#e6e6e3"/>
<text x="${at}" y="${base + 18}" text-anchor="middle">${label(value)}</text>
`
    }),
    ...vertical.ticks.map((value) => {
      const at = round(vertical.place(value))
      return html`<path d="M${size.left} ${at}H${size.width - size.right}" stroke="#e6e6e3"/>
<text x="${size.left - 8}" y="${at + 4}" text-anchor="end">${label(value)}</text>
`
    }),
  ]
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}"
 font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#222222" role="img">
<title>${title}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${size.left}" y="24" font-size="16">${title}</text>
${ticks}
<text x="${middle}" y="${base + 38}" text-anchor="middle" fill="#5c5c5c">${x}</text>
<text x="18" y="${(size.top + base) / 2}" text-anchor="middle" fill="#5c5c5c"
 transform="rotate(-90 18 ${(size.top + base) / 2})">${y}</text>
${drawn}
${legend}
</svg>
`.markup
}

type Scale = { place: (value: number) => number; ticks: readonly number[] }

/** A linear scale with ticks at 1, 2 or 5 times a power of ten. */
function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const finite = values.filter((value) => Number.isFinite(value))
  const low = Math.min(...finite)
  const high = Math.max(...finite)
  const span = high - low || 1
  const rough = span / 6
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((width) => width >= rough)!
  const first = Math.floor(low / step)
  const last = Math.ceil(high / step)
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step)
  const width = (last - first) * step || 1
  const place = (value: number): number => from + ((value - first * step) / width) * (to - from)
  return { place, ticks }
}

function drawLine(
  { points, as = 'line' }: ChartLine,
  ink: string,
  scales: { horizontal: Scale; vertical: Scale },
): Markup[] {
  const places = points
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
    .map(([x, y]) => [round(scales.horizontal.place(x)), round(scales.vertical.place(y))] as const)
  if (as === 'dots') {
    return places.map(([x, y]) => html`<circle cx="${x}" cy="${y}" r="3" fill="${ink}"/>
`)
  }
  const path = places.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')
  return [html`<path d="${path}" stroke="${ink}" stroke-width="2" fill="none"/>
`]
}

const round = (value: number): number => Math.round(value * 10) / 10

/** A tick's number, without the dirt of binary fractions. */
const label = (value: number): string => String(Number(value.toPrecision(10)))
