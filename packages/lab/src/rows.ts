import type { ScenarioOutcome } from './runScenario.ts'

/** One figure of one rail, with all that is needed to find it again. */
export type ResultRow = {
  scenario: string
  scenario_hash: string
  seed: string
  replication: number
  version: string
  digest: string
  /** True where the run was ended before its time. */
  partial: boolean
  rail: string
  /** Path of the figure, its unit in its name: `time_to_finality_ms.p95`. */
  metric: string
  value: number | null
}

/** Every figure of every run as a row. */
export function resultRows(outcome: ScenarioOutcome): ResultRow[] {
  return outcome.runs.flatMap(({ rails, ...run }) =>
    Object.entries(rails).flatMap(([rail, figures]) =>
      flattened(figures, '').map(([metric, value]) => ({
        scenario: run.scenario.name,
        scenario_hash: run.scenario.hash,
        seed: run.seed,
        replication: run.replication,
        version: run.version,
        digest: run.digest,
        partial: run.partial,
        rail,
        metric,
        value,
      })),
    ),
  )
}

function flattened(node: unknown, path: string): [string, number | null][] {
  if (typeof node === 'number' || node === null) return [[path, node]]
  if (typeof node !== 'object') return []
  return Object.entries(node).flatMap(([key, value]) =>
    flattened(value, path === '' ? key : `${path}.${key}`),
  )
}

const columns = [
  'scenario',
  'scenario_hash',
  'seed',
  'replication',
  'version',
  'digest',
  'partial',
  'rail',
  'metric',
  'value',
] as const satisfies readonly (keyof ResultRow)[]

/** Rows as CSV with a header line; a missing figure is an empty field. */
export function rowsToCsv(rows: readonly ResultRow[]): string {
  const lines = rows.map((row) => columns.map((column) => field(row[column])).join(','))
  return [columns.join(','), ...lines, ''].join('\n')
}

/** A field; text that a spreadsheet would take for a formula gets an apostrophe. */
function field(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
