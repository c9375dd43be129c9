import type { Time } from '@counterpoise/engine'
import type { MicroUsd } from '@counterpoise/ledger'
import { quoteField } from './csv.ts'
import { expectThat } from './errors.ts'

/** The columns a trace may have, in the order in which `formatTrace` writes them. */
export const traceColumns = ['time', 'amount', 'from', 'to'] as const
export type TraceColumn = (typeof traceColumns)[number]

/** The payments of a trace, in columns of `count` entries. */
export type TraceRows = {
  count: number
  /** µs from the beginning of the trace, non-decreasing. */
  time: Float64Array
  /** Millionths of a dollar; undefined where the trace has no such column. */
  amount: Float64Array | undefined
  /** Payers' account numbers; undefined where the trace has no such column. */
  from: Int32Array | undefined
  /** Payees' account numbers; undefined where the trace has no such column. */
  to: Int32Array | undefined
  /** The names of the accounts as the trace writes them, by account number. */
  accounts: readonly string[]
}

/** Writes a trace that `parseTrace` reads back as it was. */
export function formatTrace(rows: TraceRows): string {
  const { accounts, amount, count, from, time, to } = rows
  for (const name of accounts) {
    expectThat(name !== '' && !name.includes('\n'), 'formatTrace', 'names on one line', name)
  }
  const names = accounts.map(quoteField)
  const columns = traceColumns.filter((column) => rows[column] !== undefined)
  const lines = [columns.join(',')]
  for (let row = 0; row < count; row++) {
    const fields = [decimal(time[row]!)]
    if (amount !== undefined) fields.push(decimal(amount[row]!))
    if (from !== undefined) fields.push(names[from[row]!]!)
    if (to !== undefined) fields.push(names[to[row]!]!)
    lines.push(fields.join(','))
  }
  return `${lines.join('\n')}\n`
}

/** Millionths as a decimal: 1_500_000 is `1.5`. */
function decimal(millionths: Time | MicroUsd): string {
  const whole = Math.floor(millionths / 1_000_000)
  const rest = String(millionths % 1_000_000).padStart(6, '0').replace(/0+$/, '')
  return rest === '' ? `${whole}` : `${whole}.${rest}`
}
