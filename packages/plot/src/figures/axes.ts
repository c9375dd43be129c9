import type { LayoutAxis } from 'plotly.js-dist'
import { formatMs, formatUsd, formatWh } from '../format.ts'
import { baseAxis } from './theme.ts'

/** What an axis spans, where its ticks are, and what they say. */
export type Scale = {
  type: 'log' | 'linear'
  /** The ends as Plotly wants them: of a logarithmic axis their logarithms. */
  range: [number, number]
  tickvals: number[]
  ticktext: string[]
  /** Where things are put that never happened, and where that part of the axis begins. */
  never?: { at: number; from: number } | undefined
}

/** Ticks where people count time: 1 ms, 1 s, 1 min, 10 min, 1 h, 1 d. */
export const timeScale = (valuesMs: readonly number[]): Scale =>
  logScale(valuesMs, { coarse: timeTicks, fine: fineTimeTicks })

/** A scale of times with a place at its end for what never happened within the run. */
export const timeScaleWithNever = (valuesMs: readonly number[]): Scale => {
  const scale = timeScale(valuesMs)
  const [low, high] = scale.range
  const part = Math.max(0.35, (high - low) * 0.14)
  const at = Number((10 ** (high + part / 2)).toPrecision(4))
  // Its words take room, for which the last ticks before it make way.
  const end = high + part / 2 - (high + part - low) * 0.17
  const kept = scale.tickvals.filter((value) => Math.log10(value) < end).length
  return {
    ...scale,
    range: [low, round(high + part)],
    tickvals: [...scale.tickvals.slice(0, kept), at],
    ticktext: [...scale.ticktext.slice(0, kept), 'not in run'],
    never: { at, from: Number((10 ** high).toPrecision(4)) },
  }
}

/** Ticks at powers of ten of a dollar. */
export const usdScale = (values: readonly number[]): Scale =>
  logScale(values, decades(-6, 6, formatUsd))

/** Ticks at powers of ten of a watt-hour. */
export const whScale = (values: readonly number[]): Scale =>
  logScale(values, decades(-9, 15, formatWh))

/** Ticks for small numbers of parties. */
export const countScale = (values: readonly number[]): Scale =>
  logScale(values, { coarse: countTicks, fine: countTicks }, 0.12)

/** From none to all, in per cent, with some room above for names. */
export const shareScale = (room = 0.06): Scale => ({
  type: 'linear',
  range: [0, 1 + room],
  tickvals: [0, 0.25, 0.5, 0.75, 1],
  ticktext: ['0 %', '25 %', '50 %', '75 %', '100 %'],
})

/** An axis with that scale. */
export const scaledAxis = (
  { type, range, tickvals, ticktext }: Scale,
  axis: Partial<LayoutAxis>,
): Partial<LayoutAxis> =>
  // Turned, the last words would run out of the figure and not be drawn.
  baseAxis({ type, range, tickvals, ticktext, tickmode: 'array', tickangle: 0, ...axis })

/** What Plotly wants as the position of a note on an axis of that scale. */
export const axisValue = ({ type }: Scale, value: number): number =>
  type === 'log' ? round(Math.log10(value)) : value

/** Where a value is on the scale, from 0 to 1. */
export const positionOn = (scale: Scale, value: number): number => {
  const [low, high] = scale.range
  return (axisValue(scale, value) - low) / (high - low)
}

/** Only what can stand on a logarithmic axis. */
export const positive = (values: readonly (number | null | undefined)[]): number[] =>
  values.filter((value): value is number => typeof value === 'number' && value > 0 && value < 1e300)

type Tick = readonly [value: number, text: string]

const timeTicks: readonly Tick[] = [
  [0.001, '1 µs'],
  [0.01, '10 µs'],
  [0.1, '0.1 ms'],
  [1, '1 ms'],
  [10, '10 ms'],
  [100, '0.1 s'],
  [1_000, '1 s'],
  [10_000, '10 s'],
  [60_000, '1 min'],
  [600_000, '10 min'],
  [3_600_000, '1 h'],
  [36_000_000, '10 h'],
  [86_400_000 * 3, '3 d'],
  [86_400_000 * 30, '30 d'],
  [86_400_000 * 365, '1 year'],
]

const countTicks: readonly Tick[] = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1_000, 10_000].map(
  (count) => [count, String(count)],
)

/** For axes that span little: a tick at least every half decade. */
const fineTimeTicks: readonly Tick[] = [
  ...[0.001, 0.01, 0.1, 1, 10, 100].flatMap((ms) => [1, 2, 3, 5].map((factor) => ms * factor)),
  ...[1, 2, 3, 5, 10, 20, 30].map((count) => count * 1_000),
  ...[1, 2, 3, 5, 10, 20, 30].map((count) => count * 60_000),
  ...[1, 2, 3, 5, 10, 15].map((count) => count * 3_600_000),
  ...[1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 365, 1_000].map((count) => count * 86_400_000),
].map((ms) => [Number(ms.toPrecision(6)), tickText(ms)])

/** Without the decimals that a measured time would have. */
function tickText(ms: number): string {
  return ms < 1 ? `${Number((ms * 1_000).toPrecision(6))} µs` : formatMs(Number(ms.toPrecision(6)))
}

/** Ticks of a logarithmic scale: where there is room for few, and where it spans little. */
type Ticks = { coarse: readonly Tick[]; fine: readonly Tick[] }

/** Powers of ten; the fine ones are 1, 2, 3 and 5 times as much. */
const decades = (from: number, to: number, format: (value: number) => string): Ticks => {
  const powers = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  const at = (factor: number, power: number): Tick => {
    const value = Number(`${factor}e${power}`)
    return [value, format(value)]
  }
  return {
    coarse: powers.map((power) => at(1, power)),
    fine: powers.flatMap((power) => [1, 2, 3, 5].map((factor) => at(factor, power))),
  }
}

/** A little more than the values; fine ticks where few others would be seen, and never too many. */
const logScale = (values: readonly number[], ticks: Ticks, margin = 0.06): Scale => {
  const logs = positive(values).map(Math.log10)
  const low = logs.length > 0 ? Math.min(...logs) : 0
  const high = logs.length > 0 ? Math.max(...logs) : 1
  const span = Math.max(high - low, 0.6)
  const middle = (low + high) / 2
  const range: [number, number] = [
    round(middle - span / 2 - span * margin),
    round(middle + span / 2 + span * margin),
  ]
  const within = (those: readonly Tick[]): Tick[] =>
    those.filter(([value]) => {
      const at = Math.log10(value)
      return at >= range[0] && at <= range[1]
    })
  const coarse = within(ticks.coarse)
  const inside = coarse.length < 3 ? within(ticks.fine) : coarse
  const every = Math.ceil(inside.length / 9)
  const shown = inside.filter((_, index) => index % every === 0)
  return {
    type: 'log',
    range,
    tickvals: shown.map(([value]) => value),
    ticktext: shown.map(([, text]) => text),
  }
}

/** Digits beyond what can be seen would differ between machines, as logarithms do. */
const round = (value: number): number => Math.round(value * 1e4) / 1e4
