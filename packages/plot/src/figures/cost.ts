import { type Estimate, marginsOf, type ReportInput } from '@counterpoise/lab'
import { formatMs, formatUsd, formatWh, toEstimate } from '../format.ts'
import { positive, timeScale, timeScaleWithNever, usdScale, whScale } from './axes.ts'
import type { Scale } from './axes.ts'
import { pointsFigure } from './points.ts'
import type { Margin, PointPanel, RailPoint } from './points.ts'
import { comparedRails } from './theme.ts'
import type { Figure, FigureOptions, StyledRail } from './theme.ts'

/**
 * Cost against the time to finality: the mean fee in one panel, the energy of a payment in the
 * other. One trace for each rail and panel: the median, and a line to the 95th percentile.
 */
export const costFigure = (input: ReportInput, options: FigureOptions = {}): Figure =>
  pointsFigure(costPanels(input), options)

/** What the figure shows. A rail without that cost is not in a panel. */
export const costPanels = (input: ReportInput): PointPanel[] => {
  const rails = comparedRails(input)
  const feeOf = ({ rail }: StyledRail) => toEstimate(rail.fee_usd?.mean)
  const energyOf = ({ rail }: StyledRail) => toEstimate(rail.energy_wh_per_payment)
  const scale = finalityScale(rails)
  const fees = pointsOf(rails, scale, feeOf, formatUsd)
  const energies = pointsOf(rails, scale, energyOf, formatWh)
  const x = { title: 'time to finality: median, line to p95', scale }
  return [
    {
      title: 'Fee',
      x,
      y: { title: 'mean fee per payment, USD', scale: usdScale(fees.map(({ y }) => y)) },
      points: fees,
    },
    {
      title: 'Energy',
      x,
      y: { title: 'energy allocated to a payment', scale: whScale(energies.map(({ y }) => y)) },
      points: energies,
    },
  ]
}

/** The scale of the times to finality, with a place for rails on which nothing became final. */
export const finalityScale = (rails: readonly StyledRail[]): Scale => {
  const times = rails.flatMap(({ rail: { time_to_finality_ms: time } }) => [
    toEstimate(time?.p50)?.mean,
    toEstimate(time?.p95)?.mean,
  ])
  const isNever = rails.some(({ rail }) => toEstimate(rail.time_to_finality_ms?.p50) === null)
  return isNever ? timeScaleWithNever(positive(times)) : timeScale(positive(times))
}

const noMargin: Margin = { up: 0, down: 0 }

const pointsOf = (
  rails: readonly StyledRail[],
  { never }: Scale,
  cost: (rail: StyledRail) => Estimate | null,
  format: (cost: Estimate) => string,
): RailPoint[] =>
  rails.flatMap((each): RailPoint[] => {
    const time = toEstimate(each.rail.time_to_finality_ms?.p50)
    const late = toEstimate(each.rail.time_to_finality_ms?.p95)
    const paid = cost(each)
    if (paid === null || paid.mean <= 0) return []
    if (time === null) {
      if (never === undefined) return []
      const text = `${each.label}: ${format(paid)}, nothing final within the run`
      const point = { x: never.at, y: paid.mean, xMargin: noMargin, yMargin: marginsOf(paid) }
      return [{ ...each, ...point, hover: [text, text] }]
    }
    if (time.mean <= 0) return []
    const hover = (level: string, ms: Estimate): string =>
      `${each.label}: ${format(paid)}, ${level} ${formatMs(ms)}`
    return [
      {
        ...each,
        x: time.mean,
        y: paid.mean,
        xMargin: marginsOf(time),
        yMargin: marginsOf(paid),
        to: late === null ? undefined : { x: late.mean, y: paid.mean },
        hover: [hover('median', time), hover('p95', late ?? time)],
      },
    ]
  })
