import { marginsOf } from '@counterpoise/lab'
import type { Coefficients, Estimate, Estimated, ReportInput } from '@counterpoise/lab'
import { exactly, formatCount, formatMs, formatShare, toEstimate } from '../format.ts'
import type { Measured } from '../format.ts'
import { countScale, shareScale } from './axes.ts'
import type { Scale } from './axes.ts'
import { finalityScale } from './cost.ts'
import { pointsFigure } from './points.ts'
import type { PointPanel, RailPoint } from './points.ts'
import { comparedRails } from './theme.ts'
import type { Figure, FigureOptions, StyledRail } from './theme.ts'

/**
 * Distribution against performance: how many operators, and how many regions, hold more than a
 * third (filled) and more than a half (open) of the power, against the median time to finality and
 * against the payments included of those intended during the outage; without one, of all payments
 * offered.
 */
export const distributionFigure = (input: ReportInput, options: FigureOptions = {}): Figure =>
  pointsFigure(distributionPanels(input), options)

/** What the figure shows: two rows of two panels. */
export const distributionPanels = (input: ReportInput): PointPanel[] => {
  const rails = comparedRails(input)
  const { title, read } = performanceUnderFault(rails)
  const times = finalityScale(rails)
  const never = times.never?.at
  const rows: Row[] = [
    {
      title: 'Time to finality',
      axis: 'time to finality, median',
      scale: times,
      format: (value) =>
        toEstimate(value)?.mean === never ? 'nothing final within the run' : formatMs(value),
      read: ({ rail }) => {
        const time = toEstimate(rail.time_to_finality_ms?.p50)
        if (time !== null) return positiveOnly(time)
        return never === undefined ? null : exactly(never)
      },
    },
    { title, axis: 'share included', scale: shareScale(0.16), format: formatShare, read },
  ]
  return rows.flatMap((row) =>
    (['operators', 'regions'] as const).map((parties) => panelOf(rails, row, parties)),
  )
}

/** What the lower row shows, and how it is read. */
export const performanceUnderFault = (
  rails: readonly StyledRail[],
): { title: string; column: string; read: (rail: StyledRail) => Estimate | null } =>
  rails.some(({ rail }) => rail.outage !== null)
    ? {
        ...{ title: 'In the outage', column: 'included, of those of the outage' },
        read: ({ rail }) => toEstimate(rail.outage?.included_share),
      }
    : {
        ...{ title: 'All payments', column: 'included, of all offered' },
        read: ({ rail }) => toEstimate(rail.included_share),
      }

type Row = {
  title: string
  axis: string
  scale: Scale
  format: (value: Measured) => string
  read: (rail: StyledRail) => Estimate | null
}

const panelOf = (
  rails: readonly StyledRail[],
  row: Row,
  parties: 'operators' | 'regions',
): PointPanel => {
  const points = rails.flatMap((each) => pointOf(each, row, parties))
  const counts = rails.flatMap(({ rail }) => [
    toEstimate(rail.nakamoto.operators.half)?.mean ?? 1,
    toEstimate(rail.nakamoto.regions.half)?.mean ?? 1,
  ])
  return {
    title: `${row.title}, by ${parties}`,
    x: {
      title: `${parties}, > 1/3 (filled), > 1/2 (open)`,
      scale: countScale([1, ...counts]),
    },
    y: { title: row.axis, scale: row.scale },
    points,
  }
}

const pointOf = (each: StyledRail, row: Row, parties: 'operators' | 'regions'): RailPoint[] => {
  const { third, half }: Estimated<Coefficients> = each.rail.nakamoto[parties]
  const [few, many] = [positiveOnly(toEstimate(third)), positiveOnly(toEstimate(half))]
  const value = row.read(each)
  if (few === null || value === null) return []
  const hover = (count: Estimate, share: string): string =>
    `${each.label}: ${row.format(value)}; ${formatCount(count)} ${parties} hold ${share}`
  return [
    {
      ...each,
      x: few.mean,
      y: value.mean,
      xMargin: marginsOf(few),
      yMargin: marginsOf(value),
      to: many === null ? undefined : { x: many.mean, y: value.mean },
      hover: [hover(few, 'more than 1/3'), hover(many ?? few, 'more than 1/2')],
    },
  ]
}

const positiveOnly = (estimate: Estimate | null): Estimate | null =>
  estimate !== null && estimate.mean > 0 ? estimate : null
