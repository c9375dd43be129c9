import { describe, expect, test } from 'vitest'
import { awsLatency } from '../calibration/awsLatency.ts'
import { sixRegions2015, sixRegions2019 } from '../calibration/sixRegions.ts'
import { matrixLatency } from '../latency.ts'
import { checkMatrix, type LatencyMatrix } from './latencyMatrix.ts'

const good: LatencyMatrix = {
  regions: ['a', 'b'],
  oneWayMs: [[1, 20], [30, 2]],
  deviationMs: [[0, 1], [1, 0]],
  source: 'made up',
}

describe('a matrix', () => {
  test('may be asymmetric', () => {
    const places = good.regions.map((region) => ({
      name: region,
      attributes: { region, operator: 'o' },
    }))
    const latency = matrixLatency({ places, matrix: good })
    expect([latency.typical(0, 1), latency.typical(1, 0)]).toEqual([20_000, 30_000])
  })

  test.each([
    [{ oneWayMs: [[1, 20]] }, /'oneWayMs' has 1 rows.\n.*2 rows, one per region/],
    [{ oneWayMs: [[1, 20], [30]] }, /'oneWayMs' has a row of 1 cells for 'b'/],
    [{ oneWayMs: [[1, 20], [Number.NaN, 2]] }, /from 'b' to 'a' \(row 2, column 1\).*\n.*\n.*NaN/],
    [{ oneWayMs: [[1, -20], [30, 2]] }, /from 'a' to 'b' \(row 1, column 2\)[^]*-20/],
    [{ deviationMs: [[0, Infinity], [1, 0]] }, /'deviationMs' from 'a' to 'b'/],
    // oxlint-disable-next-line no-sparse-arrays
    [{ oneWayMs: [[1, 20], [, 2] as number[]] }, /from 'b' to 'a'[^]*undefined/],
    [{ regions: ['a', 'a'] }, /the region 'a' is listed more than once/],
  ])('error: %o', (change, message) => {
    expect(() => checkMatrix({ ...good, ...change })).toThrow(message)
    expect(() => matrixLatency({ places: [], matrix: { ...good, ...change } })).toThrow(
      expect.objectContaining({ name: 'LatencyMatrixError' }),
    )
  })
})

describe('calibration', () => {
  test('every table is complete', () => {
    for (const matrix of [awsLatency, sixRegions2015.latency, sixRegions2019.latency]) {
      expect(() => checkMatrix(matrix)).not.toThrow()
    }
  })

  test('six regions: symmetric, six of everything, shares of the whole', () => {
    for (const { latency, downloadMbps, uploadMbps, nodeShares } of [
      sixRegions2015,
      sixRegions2019,
    ]) {
      latency.oneWayMs.forEach((row, from) => {
        row.forEach((delay, to) => expect(latency.oneWayMs[to]![from]).toBe(delay))
      })
      for (const row of [downloadMbps, uploadMbps, nodeShares]) expect(row).toHaveLength(6)
      expect(nodeShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10)
    }
  })
})
