import type { RailSeries, ReportInput } from '@counterpoise/lab'
import { expect, test } from 'vitest'
import { exampleInput } from '../testing/exampleInput.ts'
import { type FigureTable, figureTables } from './figureTables.ts'

const linesOf = ({ columns, rows }: FigureTable): string[] => [
  columns.join(' | '),
  ...rows.map(({ label, cells }) => [label, ...cells].join(' | ')),
]

/** Tempo alone, with curves that can be counted by hand. */
const counted = (): ReportInput => {
  const input = exampleInput()
  const tempo: RailSeries = {
    bin_s: 300,
    // Two hours in 24 bins, of which every second one is better.
    offered_per_s: Array.from({ length: 24 }, (_, bin) => (bin < 12 ? 4 : 8)),
    included_per_s: Array.from({ length: 24 }, (_, bin) => (bin % 2 === 0 ? 2 : 6)),
    waiting: Array.from({ length: 24 }, (_, bin) => bin * 10),
    inclusion_quantiles_ms: Array.from({ length: 100 }, (_, index) => index + 1),
    finality_quantiles_ms: Array.from({ length: 100 }, (_, index) => (index + 1) * 1_000),
  }
  const rails = { tempo: input.result.rails['tempo']! }
  const result = { ...input.result, rails } as ReportInput['result']
  return { ...input, result, series: { tempo } }
}

test('throughput: means of neighbours, what was included of what was offered', () => {
  const [head, ...rows] = linesOf(figureTables(counted()).throughput)
  expect(head).toBe('from | tempo')
  // At most sixteen rows: twelve, of ten minutes each.
  expect(rows).toHaveLength(12)
  expect(rows.slice(0, 2)).toEqual(['0 minutes | 4/s of 4/s', '10 minutes | 4/s of 4/s'])
  expect(rows.at(-1)).toBe('110 minutes | 4/s of 8/s')
})

test('what waits: means of neighbours', () => {
  expect(linesOf(figureTables(counted()).mempool).slice(0, 3)).toEqual([
    ...['from | tempo', '0 minutes | 5', '10 minutes | 25'],
  ])
})

test('latency: the first of the levels that reach a share, and who got there at all', () => {
  // Of 100 levels in the middles of the hundredths, the sixth is the first beyond 5 %.
  expect(linesOf(figureTables(counted()).latency)).toEqual([
    'within | tempo, included | tempo, final',
    '5 % of those that got there | 6 ms | 6 s',
    '25 % of those that got there | 26 ms | 26 s',
    '50 % of those that got there | 51 ms | 51 s',
    '75 % of those that got there | 76 ms | 1.27 min',
    '90 % of those that got there | 91 ms | 1.52 min',
    '95 % of those that got there | 96 ms | 1.60 min',
    '99 % of those that got there | 100 ms | 1.67 min',
    'got there, of the payments offered | >99.9 % | >99.9 %',
  ])
})

test('cost: of every rail, drawn or not', () => {
  const input = exampleInput()
  const { bitcoin, tempo, visa } = input.result.rails
  const free = { ...tempo!, fee_usd: null, energy_wh_per_payment: null }
  const result = { ...input.result, rails: { bitcoin, visa, free } } as ReportInput['result']
  expect(linesOf(figureTables({ ...input, result }).cost)).toEqual([
    'rail | finality, median | finality, p95 | fee, mean | energy, allocated',
    'bitcoin | 59.8 min | 1.70 h | $0.874 | 919 kWh',
    'visa | – | – | $0.412 | 2.00 Wh',
    'free (not drawn) | 642 ms | 1.07 s | – | –',
  ])
})

test('distribution: coefficients, finality, and what was included in the outage or in all', () => {
  const input = exampleInput()
  const { ethereum, visa } = input.result.rails
  const tableOf = (rails: object): string[] =>
    linesOf(
      figureTables({ ...input, result: { ...input.result, rails } as ReportInput['result'] })
        .distribution,
    )
  const head =
    'rail | operators, > 1/3 | operators, > 1/2 | regions, > 1/3 | regions, > 1/2 | ' +
    'finality, median | included, of '
  expect(tableOf({ ethereum, visa })).toEqual([
    `${head}those of the outage`,
    'ethereum | 4 | 9 | 2 | 3 | 15.1 min | 82 %',
    'visa | 1 | 1 | 1 | 1 | – | 18 %',
  ])
  const calm = { visa: { ...visa!, outage: null } }
  expect(tableOf(calm)).toEqual([`${head}all offered`, 'visa | 1 | 1 | 1 | 1 | – | 86.1 %'])
})
