import type { ReplicatedResult, RunResult } from '@counterpoise/lab'
import { formatMs, resultTable } from '@counterpoise/plot'
import { wrap } from './wrap.ts'

type TableRow = { group: string; label: string; cells: readonly string[] }

const gap = '  '
/** What the table says where there was nothing to measure. */
const nothing = formatMs(null)
const labelWidthMin = 20

/**
 * The result as a table of plain text: rails as columns, figures as rows in their groups. Where it
 * is wider than the terminal, first the labels are broken, then the rails come in several tables.
 */
export function terminalTable(result: RunResult | ReplicatedResult, width: number): string {
  const { columns, rows } = resultTable(result)
  const widths = columns.map((column, k) =>
    Math.max(column.length, ...rows.map(({ cells }) => cells[k]!.length)),
  )
  const tables = columnGroups(widths, width - labelWidthMin).map((columnsHere) => {
    const taken = columnsHere.reduce((sum, k) => sum + gap.length + widths[k]!, 0)
    const pick = (cells: readonly string[]): string[] =>
      columnsHere.map((k) => cells[k]!.padStart(widths[k]!))
    // What is measured on other rails alone stands in their table alone.
    const told = rows.filter(({ cells }) => columnsHere.some((k) => cells[k] !== nothing))
    const picked = told.map((row) => ({ ...row, cells: pick(row.cells) }))
    return tableText(pick(columns), picked, Math.max(labelWidthMin, width - taken))
  })
  return tables.join('\n')
}

/** The columns in groups that fit into a width, at least one in each. */
function columnGroups(widths: readonly number[], width: number): number[][] {
  const groups: number[][] = []
  let room = 0
  widths.forEach((columnWidth, column) => {
    room -= gap.length + columnWidth
    if (room >= 0 && groups.length > 0) groups.at(-1)!.push(column)
    else {
      groups.push([column])
      room = width - gap.length - columnWidth
    }
  })
  return groups
}

function tableText(header: readonly string[], rows: readonly TableRow[], labelMax: number): string {
  const longest = Math.max(...rows.map(({ label }) => label.length + 2), 0)
  const labelWidth = Math.min(longest, labelMax)
  const line = (label: string, cells: readonly string[]): string =>
    [label.padEnd(labelWidth), ...cells].join(gap).trimEnd()

  let group = ''
  const body = rows.flatMap((row) => {
    const title = row.group === group ? [] : ['', row.group]
    group = row.group
    const [label, ...more] = wrap(row.label, labelWidth, '  ', '    ')
    return [...title, line(label!, row.cells), ...more]
  })
  return [line('', header), ...body, ''].join('\n')
}
