import type { ReplicatedResult, RunResult } from '@counterpoise/lab'
import { resultTable } from '@counterpoise/plot'

/** The result as a table of plain text: rails as columns, figures as rows in their groups. */
export function terminalTable(result: RunResult | ReplicatedResult): string {
  const { columns, rows } = resultTable(result)
  const labelWidth = Math.max(...rows.map(({ label }) => label.length + 2), 0)
  const widths = columns.map((column, k) =>
    Math.max(column.length, ...rows.map(({ cells }) => cells[k]!.length)),
  )
  const line = (label: string, cells: readonly string[]): string =>
    [label.padEnd(labelWidth), ...cells.map((cell, k) => cell.padStart(widths[k]!))]
      .join('  ')
      .trimEnd()

  let group = ''
  const body = rows.flatMap((row) => {
    const title = row.group === group ? [] : ['', row.group]
    group = row.group
    return [...title, line(`  ${row.label}`, row.cells)]
  })
  return [line('', columns), ...body, ''].join('\n')
}
