import { type Estimate, type ReportInput, scaledEstimate } from '@counterpoise/lab'
import {
  formatCount,
  formatExact,
  formatMs,
  formatRate,
  formatShare,
  formatUsd,
  formatWatts,
  formatWh,
  nothing,
} from './format.ts'
import type { Measured } from './format.ts'
import { hasPayments, railsOf, viewResult } from './view.ts'
import type { RailView } from './view.ts'

/** A table that knows nothing of where it is shown: the report and the terminal both use it. */
export type ResultTable = {
  /** Names of the rails, and which were cut; the labels of the rows stand before the first. */
  columns: string[]
  rows: ResultRow[]
}

/** One figure of every rail. */
export type ResultRow = {
  /** What the row belongs to; rows of one group stand together. */
  group: ResultGroup
  label: string
  /** One formatted number with its unit for each column. */
  cells: string[]
  /** The same numbers with all their digits, in the unit of the result. */
  exact: string[]
}

/** The groups of rows, in their order. */
export type ResultGroup =
  | 'Payments'
  | 'Time to inclusion'
  | 'Time to finality'
  | 'Cost of a payment'
  | 'Power'
  | 'Blocks'
  | 'Stake'
  | 'Who validates'
  | 'Validators that depart from the protocol'
  | 'Censorship'
  | 'During the outage'
  | 'Nakamoto coefficients'
  | 'Carried by'

/**
 * All figures of all rails, the rails as columns. A row without any number is left out, and so are
 * those on payments where none were offered.
 */
export const resultTable = (result: ReportInput['result']): ResultTable => {
  const view = viewResult(result)
  const rails = railsOf(view).map(({ rail }) => rail)
  const reasons = [...reasonRows(rails), ...outageReasonRows(rails), ...motionRows(rails)]
  const rows = [...fixedRows, ...reasons, ...routedRows(rails)].map((row) => {
    const values = rails.map(row.read)
    return {
      group: row.group,
      label: row.label,
      cells: values.map((value) => `${row.format(value)}${ofFewer(value)}`),
      exact: values.map((value) => formatExact(value)),
    }
  })
  const shown = rows.filter(({ cells }) => cells.some((cell) => cell !== nothing))
  const named = groups.filter((group) => hasPayments(view) || !ofPayments.has(group))
  const ordered = named.flatMap((name) => shown.filter(({ group }) => group === name))
  const cut = new Set(result.cut.map(({ rail }) => rail))
  const columns = Object.keys(result.rails).map((name) => (cut.has(name) ? `${name} (cut)` : name))
  return { columns, rows: ordered }
}

/** Of how many replications a number is, where others had none: it tells nothing of those. */
const ofFewer = (value: Measured): string =>
  typeof value === 'object' && value?.replications !== undefined
    ? ` (of ${value.replications})`
    : ''

/** Whether some number of the table is marked so. */
export const hasFewer = ({ rows }: ResultTable): boolean =>
  rows.some(({ cells }) => cells.some((cell) => cell.endsWith(')')))

/** Whether some number of the table has a margin. */
export const hasMargins = ({ rows }: ResultTable): boolean =>
  rows.some(({ cells }) => cells.some((cell) => / [±−]/.test(cell)))

const groups: readonly ResultGroup[] = [
  'Payments',
  'Time to inclusion',
  'Time to finality',
  'Cost of a payment',
  'Power',
  'Blocks',
  'Stake',
  'Who validates',
  'Validators that depart from the protocol',
  'Censorship',
  'During the outage',
  'Nakamoto coefficients',
  'Carried by',
]

const ofPayments: ReadonlySet<ResultGroup> = new Set([
  'Payments',
  'Time to inclusion',
  'Time to finality',
  'Cost of a payment',
  'During the outage',
])

type RowDefinition = {
  group: ResultGroup
  label: string
  format: (value: Measured) => string
  read: (rail: RailView) => Measured
}

const fixedRows: readonly RowDefinition[] = [
  ...defineRows('Payments', formatCount, {
    offered: (rail) => rail.offered,
    included: (rail) => rail.included,
    final: (rail) => rail.final,
    'still open at the end': (rail) => rail.pending,
  }),
  ...defineRows('Payments', formatRate, {
    'throughput while offered': (rail) => rail.throughput_per_s,
    'busiest minute': (rail) => rail.peak_throughput_per_s,
  }),
  ...defineRows('Payments', formatCount, { 'failed or expired': (rail) => rail.failed }),
  ...defineRows('Time to inclusion', formatMs, {
    'median (p50)': (rail) => rail.time_to_inclusion_ms?.p50,
    p95: (rail) => rail.time_to_inclusion_ms?.p95,
    p99: (rail) => rail.time_to_inclusion_ms?.p99,
  }),
  ...defineRows('Time to finality', formatMs, {
    'median (p50)': (rail) => rail.time_to_finality_ms?.p50,
    p95: (rail) => rail.time_to_finality_ms?.p95,
    p99: (rail) => rail.time_to_finality_ms?.p99,
  }),
  ...defineRows('Cost of a payment', formatUsd, {
    'fee, mean': (rail) => rail.fee_usd?.mean,
    'fee, p95': (rail) => rail.fee_usd?.p95,
  }),
  ...defineRows('Cost of a payment', formatWh, {
    'energy, allocated': (rail) => rail.energy_wh_per_payment,
  }),
  ...defineRows('Power', formatWatts, { 'of the whole rail': (rail) => rail.energy_watts }),
  ...defineRows('Blocks', formatCount, { 'in the chain': (rail) => rail.blocks?.count }),
  ...defineRows('Blocks', formatMs, {
    'interval, mean': (rail) => rail.blocks?.interval_ms?.mean,
    'interval, p95': (rail) => rail.blocks?.interval_ms?.p95,
  }),
  ...defineRows('Blocks', formatShare, { 'stale share': (rail) => rail.blocks?.stale_share }),
  ...defineRows('Blocks', formatMs, {
    'propagation, p50': (rail) => rail.blocks?.propagation_ms?.p50,
    'propagation, p90': (rail) => rail.blocks?.propagation_ms?.p90,
  }),
  ...defineRows('Stake', formatShare, {
    'missed slots': (rail) => rail.stake?.missed_share,
    'stake that voted': (rail) => rail.stake?.participation,
    'votes for the block that stayed': (rail) => rail.stake?.head_accuracy,
  }),
  ...defineRows('Stake', formatMs, {
    'time to justification, p50': (rail) => rail.time_to_justification_ms?.p50,
  }),
  ...defineRows('Who validates', formatCount, {
    'members of the association': (rail) => motioned(rail)?.members,
    'votes that a change needs': (rail) => motioned(rail)?.votes_needed,
    'validators at the end': (rail) => rail.committee?.size,
    'epochs that ended': (rail) => rail.committee?.epochs,
    'ceremonies that failed': (rail) => rail.committee?.failed_ceremonies,
  }),
  ...defineRows('Validators that depart from the protocol', formatCount, {
    depart: (rail) => onlyOf(rail.liars)?.liars,
    'of all': (rail) => onlyOf(rail.liars)?.validators,
    'the protocol survives': (rail) => onlyOf(rail.liars)?.survivable,
  }),
  ...defineRows('Validators that depart from the protocol', formatShare, {
    'their part of the votes': (rail) => onlyOf(rail.liars)?.liars_share,
    'part that the protocol survives': (rail) => onlyOf(rail.liars)?.survivable_share,
  }),
  ...defineRows('Censorship', formatShare, {
    'blocks that leave payments out': (rail) => rail.stake?.sources?.censoring_share,
    'sanctioned payments in a block': (rail) =>
      rail.stake?.censorship?.sanctioned.included_share,
  }),
  ...defineRows('Censorship', formatMs, {
    'time to inclusion, sanctioned, mean': (rail) =>
      rail.stake?.censorship?.sanctioned.time_to_inclusion_ms?.mean,
    'time to inclusion, others, mean': (rail) =>
      rail.stake?.censorship?.others.time_to_inclusion_ms?.mean,
  }),
  ...defineRows('During the outage', formatCount, {
    offered: (rail) => rail.outage?.offered,
    'validators down at once': (rail) => onlyOf(rail.down)?.down,
    'the protocol survives': (rail) => onlyOf(rail.down)?.survivable,
  }),
  ...defineRows('During the outage', formatShare, {
    included: (rail) => rail.outage?.included_share,
  }),
  ...defineRows('During the outage', formatMs, {
    'time to inclusion, p50': (rail) => rail.outage?.time_to_inclusion_ms?.p50,
    'time to inclusion, p95': (rail) => rail.outage?.time_to_inclusion_ms?.p95,
    'longest silence': (rail) => inMs(rail.outage?.longest_silence_s),
  }),
  ...defineRows('During the outage', formatCount, {
    'all open when it was over': (rail) => rail.outage?.open_when_over,
  }),
  ...defineRows('During the outage', formatShare, {
    'still open at the end': (rail) => rail.outage?.open_share,
    'failed or expired': (rail) => rail.outage?.failed_share,
  }),
  ...defineRows('Nakamoto coefficients', formatCount, {
    'operators, > 1/3 of power': (rail) => rail.nakamoto.operators.third,
    'operators, > 1/2 of power': (rail) => rail.nakamoto.operators.half,
    'regions, > 1/3 of power': (rail) => rail.nakamoto.regions.third,
    'regions, > 1/2 of power': (rail) => rail.nakamoto.regions.half,
  }),
]

function defineRows(
  group: ResultGroup,
  format: RowDefinition['format'],
  readers: Record<string, RowDefinition['read']>,
): RowDefinition[] {
  return Object.entries(readers).map(([label, read]) => ({ group, label, format, read }))
}

/** Why payments failed: a row for each reason that occurred. */
const reasonRows = (rails: readonly RailView[]): RowDefinition[] =>
  keysOf(rails.map(({ failed_by_reason }) => failed_by_reason)).map((reason) => ({
    group: 'Payments',
    label: `failed: ${reason}`,
    format: formatCount,
    read: ({ failed_by_reason }) => own(failed_by_reason, reason),
  }))

/** Why payments of the outage failed, as shares of those intended then. */
const outageReasonRows = (rails: readonly RailView[]): RowDefinition[] =>
  keysOf(rails.map(outageReasons)).map((reason) => ({
    group: 'During the outage',
    label: `failed: ${reason}`,
    format: formatShare,
    read: (rail) =>
      rail.outage?.failed_share_by_reason && (own(outageReasons(rail), reason) ?? none),
  }))

const outageReasons = ({ outage }: RailView): Record<string, Estimate> =>
  outage?.failed_share_by_reason ?? {}

const none: Estimate = { mean: 0, ci95: 0 }

/** What became of motions: a row for each verdict. */
const motionRows = (rails: readonly RailView[]): RowDefinition[] =>
  keysOf(rails.map((rail) => rail.association?.motions ?? {})).map((verdict) => ({
    group: 'Who validates',
    label: `motions: ${verdict}`,
    format: formatCount,
    read: (rail) => rail.association && (own(rail.association.motions, verdict) ?? none),
  }))

/** An association that had something to vote on. */
const motioned = ({ association }: RailView): RailView['association'] =>
  association === undefined || association.decisions?.length === 0 ? undefined : association

const routedRows = (rails: readonly RailView[]): RowDefinition[] =>
  keysOf(rails.map(({ routed_share }) => routed_share ?? {})).map((name) => ({
    group: 'Carried by',
    label: name,
    format: formatShare,
    read: ({ routed_share }) => own(routed_share ?? {}, name),
  }))

const keysOf = (records: readonly object[]): string[] => [
  ...new Set(records.flatMap((record) => Object.keys(record))),
]

const own = (record: Record<string, Estimate>, key: string): Measured =>
  Object.hasOwn(record, key) ? record[key] : undefined

/** What is there by rail, of one rail alone: over several there is no one number. */
const onlyOf = <value>(record: Record<string, value> | undefined): value | undefined => {
  const values = Object.values(record ?? {})
  return values.length === 1 ? values[0] : undefined
}

const inMs = (seconds: Estimate | undefined): Measured =>
  seconds && scaledEstimate(seconds, (each) => each * 1_000)
