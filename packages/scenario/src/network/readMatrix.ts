import { BaseError } from '@counterpoise/engine'
import { shortened } from '../errors.ts'

/** A text that is no matrix of delays. */
export class MatrixFileError extends BaseError {
  override name = 'MatrixFileError' as const

  constructor(line: number, expected: string, found: string) {
    super(`Line ${line} of the matrix cannot be used.`, {
      metaMessages: [`Expected: ${expected}.`, `Found:    ${shortened(found)}`],
    })
  }
}

/** Delays between regions as they were read: row = from, column = to. */
export type ReadMatrix = {
  regions: readonly string[]
  p50Ms: readonly (readonly number[])[]
  p90Ms?: readonly (readonly number[])[] | undefined
}

const columns = ['from', 'to', 'p50_ms', 'p90_ms'] as const

/**
 * Reads a matrix with a line for each pair of regions: `from,to,p50_ms[,p90_ms]`, after a heading
 * that says so. What is given in one direction only holds for both; a pair that is missing is a
 * hole. Empty lines and those that begin with `#` say nothing.
 *
 * @throws MatrixFileError with the line where something is wrong.
 */
export function readMatrix(text: string): ReadMatrix {
  const numbers = new Map<string, number>()
  const cells: { from: number; to: number; values: number[] }[] = []
  let width = 0
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return
    const fields = line.split(',').map((field) => field.trim())
    const fail = (expected: string): never => {
      throw new MatrixFileError(index + 1, expected, line)
    }
    if (width === 0) {
      width = fields.length
      const isHeading = width >= 3 && width <= 4 && fields.every((name, k) => name === columns[k])
      if (!isHeading) fail('the heading from,to,p50_ms or from,to,p50_ms,p90_ms')
      return
    }
    if (fields.length !== width) fail(`${width} fields`)
    const [from, to] = fields.slice(0, 2).map((name) => {
      if (name === '') fail('the name of a region')
      if (!numbers.has(name)) numbers.set(name, numbers.size)
      return numbers.get(name)!
    })
    const values = fields.slice(2).map((field) => (field === '' ? Number.NaN : Number(field)))
    if (!values.every((value) => value >= 0 && Number.isFinite(value))) {
      fail('delays of at least 0 ms')
    }
    if (values.length === 2 && values[1]! < values[0]!) fail('a p90 of at least the p50')
    cells.push({ from: from!, to: to!, values })
  })
  if (cells.length === 0) throw new MatrixFileError(1, 'a heading and at least one line', 'none')
  const regions = [...numbers.keys()]
  const tableOf = (column: number): number[][] => {
    const table = regions.map(() => Array.from({ length: regions.length }, () => Number.NaN))
    for (const { from, to, values } of cells) table[to]![from] = values[column]!
    // Twice, so that what a direction says of itself counts.
    for (const { from, to, values } of cells) table[from]![to] = values[column]!
    return table
  }
  return { regions, p50Ms: tableOf(0), p90Ms: width === 4 ? tableOf(1) : undefined }
}
