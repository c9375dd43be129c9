import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Flows, maxMinShares } from './maxMinShares.ts'

type Row = [from: number, to: number, cap?: number]

const flowsOf = (rows: readonly Row[]): Flows => ({
  from: rows.map(([from]) => from),
  to: rows.map(([, to]) => to),
  cap: rows.map(([, , cap = Number.POSITIVE_INFINITY]) => cap),
})

const shares = (rows: readonly Row[], up: number[], down: number[]): number[] => [
  ...maxMinShares(flowsOf(rows), Float64Array.from(up), Float64Array.from(down)),
]

const three: Row[] = [
  [0, 1],
  [0, 2],
  [0, 3],
]

describe('closed forms', () => {
  const none = [0, 0, 0, 0]
  type Case = [what: string, rows: Row[], up: number[], down: number[], rates: number[]]
  const chain: Row[] = [
    [0, 3],
    [0, 2],
    [1, 2],
  ]
  const oneSlow: Row[] = [[0, 1, 2], ...three.slice(1)]
  test.each<Case>([
    ['equal flows share an uplink', three, [12, 0, 0, 0], none, [4, 4, 4]],
    ['a slow receiver leaves the rest', three, [12, 0, 0, 0], [0, 2, 0, 0], [2, 5, 5]],
    ['all receivers slower than the sender', three, [12, 0, 0, 0], [0, 1, 2, 3], [1, 2, 3]],
    ['a slow link leaves the rest', oneSlow, [12, 0, 0, 0], none, [2, 5, 5]],
    ['no limit at all', [[0, 1]], [0, 0], [0, 0], [Number.POSITIVE_INFINITY]],
    // 0 → 2 is held down by node 0, so 1 → 2 has what is left of the receiver.
    ['two bottlenecks in a chain', chain, [4, 0, 0, 0], [0, 0, 10, 0], [2, 2, 8]],
    ['nothing', [], [1], [1], []],
  ])('%s', (_, rows, up, down, expected) => {
    expect(shares(rows, up, down)).toEqual(expected)
  })
})

test('property: nobody is over its limit, and each flow has a bottleneck of its own', () => {
  const size = 5
  const rates = fc.array(fc.nat(9), { minLength: size, maxLength: size })
  const rows = fc.array(
    fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.constantFrom(1, 3, Number.POSITIVE_INFINITY)),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(rows, rates, rates, (flows, up, down) => {
      const rate = shares(flows, up, down)
      const through = (is: (row: Row) => boolean): number[] =>
        rate.filter((_, flow) => is(flows[flow]!))
      const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
      flows.forEach(([from, to, cap], flow) => {
        const ends = [
          { limit: up[from]!, sharing: through((row) => row[0] === from) },
          { limit: down[to]!, sharing: through((row) => row[1] === to) },
        ].filter(({ limit }) => limit > 0)
        for (const { limit, sharing } of ends) {
          expect(sum(sharing)).toBeLessThanOrEqual(limit * (1 + 1e-9))
        }
        // Max-min fair: full at some end where it has as much as anybody.
        const hasBottleneck = ends.some(
          ({ limit, sharing }) =>
            sum(sharing) >= limit * (1 - 1e-9) &&
            rate[flow]! >= Math.max(...sharing) * (1 - 1e-9),
        )
        expect(hasBottleneck || rate[flow] === cap).toBe(true)
      })
    }),
    fuzzParameters(300),
  )
})
