import { parseDuration, type Time } from '@counterpoise/engine'
import type { MicroUsd } from '@counterpoise/ledger'
import { splitRow, utf8Bytes } from './csv.ts'
import { traceColumns, type TraceColumn, type TraceRows } from './trace.ts'

/** What is wrong with one row. */
export type TraceError = {
  /** Line of the text, from 1. */
  line: number
  expected: string
  /** At most 60 characters of it. */
  found: string
  /** All of it in one sentence. */
  message: string
}

/** A trace, or what is wrong with it. */
export type TraceResult =
  | { ok: true; rows: TraceRows }
  | {
      ok: false
      /** The first 20 malformed rows, in order. */
      errors: readonly TraceError[]
      /** How many malformed rows there are. */
      errorCount: number
    }

/** Limits on what is read. */
export type TraceOptions = {
  /** Rows after the header; 1,000,000 unless given. */
  rowsMax?: number | undefined
  /** Bytes of one line in UTF-8; 4,096 unless given. */
  rowBytesMax?: number | undefined
}

/** So many errors are told; the rest are counted. */
const errorsMax = 20

/**
 * Reads a trace of payments: CSV with a header line that names the columns in any order.
 *
 * - `time` (required): seconds as a decimal, or a span such as `250ms` or `1h30m`; it never
 *   decreases.
 * - `amount`: US dollars, above 0, with up to six decimals.
 * - `from`, `to`: names of payer and payee, any text; `7` is a name as well. Accounts are numbered
 *   from 0 in the order in which the names first appear, payers and payees together.
 *
 * Fields may be quoted, lines may end in CR LF, a byte order mark and empty lines are passed over,
 * and every row has all the columns of the header. It never throws.
 *
 * @example
 * parseTrace('time,amount,from,to\n0,12.50,ann,shop\n250ms,3,bob,shop\n')
 */
export function parseTrace(text: string, options: TraceOptions = {}): TraceResult {
  const { rowsMax = 1_000_000, rowBytesMax = 4_096 } = options
  const reader = createReader()
  let hasHeader = false
  let rows = 0
  let line = 0
  for (let start = text.startsWith('\uFEFF') ? 1 : 0; start <= text.length; ) {
    const feed = text.indexOf('\n', start)
    const end = feed < 0 ? text.length : feed
    const content = text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end)
    start = end + 1
    line++
    if (content.trim() === '') continue
    if (hasHeader && ++rows > rowsMax) {
      reader.fail(line, `at most ${rowsMax} rows`, 'one more')
      break
    }
    // A character has at most three bytes per UTF-16 unit: short lines need no count.
    if (content.length * 3 > rowBytesMax && utf8Bytes(content) > rowBytesMax) {
      reader.fail(line, `a line of at most ${rowBytesMax} bytes`, `${utf8Bytes(content)} bytes`)
      if (!hasHeader) break
      continue
    }
    if (hasHeader) reader.readRow(line, content)
    else if (!(hasHeader = reader.readHeader(line, content))) break
  }
  return reader.finish(line, hasHeader, rows)
}

type Fail = (line: number, expected: string, found: string) => void

type Reader = {
  fail: Fail
  /** False where the header cannot be used. */
  readHeader: (line: number, content: string) => boolean
  readRow: (line: number, content: string) => void
  finish: (line: number, hasHeader: boolean, rows: number) => TraceResult
}

function createReader(): Reader {
  const { errors, fail, errorCount } = createErrors()
  let header: readonly string[] = []
  const places = { time: -1, amount: -1, from: -1, to: -1 }
  const times: number[] = []
  const amounts: number[] = []
  const payers: number[] = []
  const payees: number[] = []
  const numbers = new Map<string, number>()

  const numberOf = (name: string): number => {
    let number = numbers.get(name)
    if (number === undefined) numbers.set(name, (number = numbers.size))
    return number
  }
  const columnOf = (column: TraceColumn, fields: readonly string[]): string | undefined =>
    fields[places[column]]

  return {
    fail,
    readHeader: (line, content) => {
      const row = splitRow(content)
      const problem = row.ok ? headerProblem(row.fields) : row
      if (problem !== undefined) {
        fail(line, problem.expected, problem.found)
        return false
      }
      if (row.ok) header = row.fields
      for (const column of traceColumns) places[column] = header.indexOf(column)
      return true
    },
    readRow: (line, content) => {
      const row = splitRow(content)
      if (!row.ok) return fail(line, row.expected, row.found)
      const { fields } = row
      if (fields.length !== header.length) {
        const expected = `${header.length} fields (${header.join(', ')})`
        return fail(line, expected, `${fields.length} fields`)
      }
      const [time, amount] = [columnOf('time', fields)!, columnOf('amount', fields)]
      const [from, to] = [columnOf('from', fields), columnOf('to', fields)]
      const at = parseTime(time)
      if (at === undefined) return fail(line, timeExpected, time)
      if (at < (times.at(-1) ?? 0)) return fail(line, 'a time not before the last one', time)
      const money = amount === undefined ? 0 : parseAmount(amount)
      if (money === undefined) return fail(line, amountExpected, amount!)
      if (from === '') return fail(line, "a name in 'from'", from)
      if (to === '') return fail(line, "a name in 'to'", to)
      if (from !== undefined && from === to) return fail(line, 'a payee other than the payer', to)
      times.push(at)
      if (amount !== undefined) amounts.push(money)
      if (from !== undefined) payers.push(numberOf(from))
      if (to !== undefined) payees.push(numberOf(to))
    },
    finish: (line, hasHeader, rows) => {
      if (errorCount() === 0 && !hasHeader) fail(1, headerExpected, 'nothing')
      if (errorCount() === 0 && rows === 0) fail(line, 'at least one row after the header', 'none')
      if (errorCount() > 0) return { ok: false, errors, errorCount: errorCount() }
      const parsed: TraceRows = {
        count: times.length,
        time: Float64Array.from(times),
        amount: places.amount < 0 ? undefined : Float64Array.from(amounts),
        from: places.from < 0 ? undefined : Int32Array.from(payers),
        to: places.to < 0 ? undefined : Int32Array.from(payees),
        accounts: [...numbers.keys()],
      }
      return { ok: true, rows: parsed }
    },
  }
}

/** Collects what is wrong, up to a limit. */
function createErrors(): { errors: TraceError[]; errorCount: () => number; fail: Fail } {
  const errors: TraceError[] = []
  let count = 0
  return {
    errors,
    errorCount: () => count,
    fail: (line, expected, found) => {
      count++
      if (errors.length === errorsMax) return
      const short = found.length > 60 ? `${found.slice(0, 59)}…` : found
      const message = `Line ${line}: expected ${expected}, found '${short}'.`
      errors.push({ line, expected, found: short, message })
    },
  }
}

const headerExpected = `a header line with the column time, and any of ${traceColumns
  .slice(1)
  .join(', ')}`
const timeExpected = 'a time of at least 0, in seconds or with a unit (0.25 or 250ms)'
const amountExpected = 'an amount above 0 in US dollars, with up to six decimals'

function headerProblem(
  columns: readonly string[],
): { expected: string; found: string } | undefined {
  const known: readonly string[] = traceColumns
  const stranger = columns.find((column) => !known.includes(column))
  if (stranger !== undefined) {
    return { expected: `columns named ${traceColumns.join(', ')}`, found: stranger }
  }
  const twice = columns.find((column, index) => columns.indexOf(column) < index)
  if (twice !== undefined) return { expected: 'each column once', found: `${twice} twice` }
  return columns.includes('time') ? undefined : { expected: headerExpected, found: columns.join() }
}

function parseTime(field: string): Time | undefined {
  const time = parseMillionths(field) ?? parseDuration(field)
  return time !== undefined && Number.isSafeInteger(time) ? time : undefined
}

function parseAmount(field: string): MicroUsd | undefined {
  const amount = /\.\d{7}/.test(field) ? undefined : parseMillionths(field)
  return amount !== undefined && amount > 0 && Number.isSafeInteger(amount) ? amount : undefined
}

/** A decimal in millionths, exact up to its sixth place and rounded at the seventh. */
function parseMillionths(field: string): number | undefined {
  const match = /^(\d{1,16})(?:\.(\d+))?$/.exec(field)
  if (match === null) return undefined
  const fraction = (match[2] ?? '').padEnd(7, '0')
  const rounded = Number(fraction.slice(0, 6)) + (fraction[6]! >= '5' ? 1 : 0)
  return Number(match[1]) * 1_000_000 + rounded
}
