import { LatencyMatrixError } from '../errors.ts'

/** One-way delays between regions; row = from, column = to. It need not be symmetric. */
export type LatencyMatrix = {
  regions: readonly string[]
  /** One-way delay, ms: half of the median round trip where it was measured by ping. */
  oneWayMs: readonly (readonly number[])[]
  /**
   * Spread of the one-way delay, ms: half of (p90 − p50) of the round trip. A matrix without it
   * serves jitter of the kinds `none` and `pareto`, which take nothing but the delay.
   */
  deviationMs?: readonly (readonly number[])[] | undefined
  source: string
}

/**
 * Makes sure that a matrix is square, complete and without a negative value.
 *
 * @throws LatencyMatrixError that names the first cell to mend.
 */
export function checkMatrix(matrix: LatencyMatrix): void {
  const { regions, oneWayMs, deviationMs } = matrix
  const twice = regions.find((region, index) => regions.indexOf(region) !== index)
  if (twice !== undefined) {
    const at = `the region '${twice}' is listed more than once`
    throw new LatencyMatrixError(at, 'every region once', regions.join(', '))
  }
  checkTable('oneWayMs', oneWayMs, regions)
  if (deviationMs !== undefined) checkTable('deviationMs', deviationMs, regions)
}

function checkTable(
  name: string,
  table: readonly (readonly number[])[],
  regions: readonly string[],
): void {
  const count = regions.length
  if (table.length !== count) {
    const at = `'${name}' has ${table.length} rows`
    throw new LatencyMatrixError(at, `${count} rows, one per region`, table.length)
  }
  regions.forEach((from, row) => {
    const cells = table[row]
    if (cells?.length !== count) {
      const at = `'${name}' has a row of ${cells?.length ?? 0} cells for '${from}'`
      throw new LatencyMatrixError(at, `${count} cells, one per region`, cells?.length)
    }
    regions.forEach((to, column) => {
      const found = cells[column]
      if (found !== undefined && found >= 0 && Number.isFinite(found)) return
      const at = `'${name}' from '${from}' to '${to}' (row ${row + 1}, column ${column + 1})`
      throw new LatencyMatrixError(at, 'a finite number of ms of at least 0', found)
    })
  })
}
