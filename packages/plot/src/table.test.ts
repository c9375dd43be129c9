import type { ReplicatedResult, RunResult } from '@counterpoise/lab'
import { expect, test } from 'vitest'
import { answer } from './answer.ts'
import { resultTable } from './table.ts'
import { exampleInput, exampleReplicatedInput } from './testing/exampleInput.ts'
import { idleInput } from './testing/idleInput.ts'

test('rails are columns, figures are rows', () => {
  const { columns, rows } = resultTable(exampleInput().result)
  const lines = rows.map(({ group, label, cells }) => [group, label, ...cells].join(' | '))
  expect([columns.join(' | '), ...lines].join('\n')).toMatchInlineSnapshot(`
    "bitcoin | ethereum | tempo | visa | hybrid
    Payments | offered | 36,000 | 36,000 | 36,000 | 36,000 | 36,000
    Payments | included | 35,676 | 35,978 | 35,993 | 30,996 | 35,993
    Payments | final | 34,632 | 35,953 | 35,993 | 0 | 35,986
    Payments | still open at the end | 1,076 | 27 | 1 | 31,496 | 8
    Payments | throughput while offered | 4.96/s | 5.00/s | 5.00/s | 4.30/s | 5.00/s
    Payments | busiest minute | 48.2/s | 7.90/s | 7.90/s | 7.90/s | 7.90/s
    Payments | failed or expired | 292 | 20 | 6 | 4,504 | 6
    Payments | failed: no answer in time | 292 | 20 | 6 | 4,504 | 6
    Time to inclusion | median (p50) | 7.70 min | 8.90 s | 612 ms | 820 ms | 655 ms
    Time to inclusion | p95 | 31.9 min | 31.2 s | 1.02 s | 1.95 s | 1.61 s
    Time to inclusion | p99 | 47.3 min | 1.97 min | 1.48 s | 3.90 s | 14.3 s
    Time to finality | median (p50) | 59.8 min | 15.1 min | 642 ms | – | 690 ms
    Time to finality | p95 | 1.70 h | 19 min | 1.07 s | – | 2.21 s
    Time to finality | p99 | 2.08 h | 38.5 min | 1.61 s | – | 15.2 min
    Cost of a payment | fee, mean | $0.874 | $0.0832 | $0.00098 | $0.412 | $0.0127
    Cost of a payment | fee, p95 | $2.36 | $0.225 | $0.00265 | $1.11 | $0.0343
    Cost of a payment | energy, allocated | 919 kWh | 56.7 Wh | 533 mWh | 2.00 Wh | 911 kWh
    Power | of the whole rail | 16.4 GW | 1.02 MW | 9.60 kW | 31 kW | 16.4 GW
    Blocks | in the chain | 24 | 1,192 | 27,639 | – | –
    Blocks | interval, mean | 9.95 min | 12.1 s | 521 ms | – | –
    Blocks | interval, p95 | 17.9 min | 21.7 s | 938 ms | – | –
    Blocks | stale share | 0.4 +13.8 −0.4 % | 0.02 +0.29 −0.02 % | 0.02 +0.03 −0.01 % | – | –
    During the outage | offered | 6,000 | 6,000 | 6,000 | 6,000 | 6,000
    During the outage | included | 93 % | 82 % | 99.5 % | 18 % | 99.8 %
    During the outage | time to inclusion, p50 | 9.24 min | 10.7 s | 734 ms | 984 ms | 786 ms
    During the outage | time to inclusion, p95 | 51.0 min | 49.9 s | 1.63 s | 3.12 s | 2.58 s
    During the outage | longest silence | 18.4 min | 1.40 min | 6.40 s | 7.18 min | 5.10 s
    During the outage | all open when it was over | 420 | 1,080 | 30 | 4,920 | 12
    During the outage | still open at the end | 0.7 % | 1.8 % | 0.05 % | 8.2 % | 0.02 %
    During the outage | failed or expired | 6.3 % | 16.2 % | 0.4 % | 73.8 % | 0.2 %
    During the outage | failed: no answer in time | 6.3 % | 16.2 % | 0.4 % | 73.8 % | 0.2 %
    Nakamoto coefficients | operators, > 1/3 of power | 2 | 4 | 3 | 1 | 3
    Nakamoto coefficients | operators, > 1/2 of power | 3 | 9 | 5 | 1 | 5
    Nakamoto coefficients | regions, > 1/3 of power | 2 | 2 | 1 | 1 | 2
    Nakamoto coefficients | regions, > 1/2 of power | 3 | 3 | 2 | 1 | 2
    Carried by | bitcoin | – | – | – | – | 0.2 %
    Carried by | ethereum | – | – | – | – | 4.1 %
    Carried by | tempo | – | – | – | – | 84.2 %
    Carried by | visa | – | – | – | – | 11.5 %"
  `)
})

test('behavior: exact numbers stand beside the rounded ones', () => {
  const row = resultTable(exampleInput().result).rows.find(({ label }) => label === 'fee, mean')
  expect([row?.cells[2], row?.exact[2]]).toEqual(['$0.00098', '0.00098'])
})

test('behavior: estimates show their margin', () => {
  const { rows } = resultTable(exampleReplicatedInput().result)
  expect(rows.find(({ label }) => label === 'fee, mean')?.cells[0]).toBe('$0.874 ± 0.035')
  // 1,104 s and 4 % of them, in minutes.
  expect(rows.find(({ label }) => label === 'longest silence')?.cells[0]).toBe('18.4 ± 0.7 min')
})

test('behavior: the margin of a share is its own, not that of a count', () => {
  const { result } = exampleReplicatedInput()
  const { tempo } = result.rails as ReplicatedResult['rails']
  const outage = {
    ...tempo!.outage!,
    included_share: { mean: 0.8, ci95: 0.013 },
    failed_share: null,
    failed_share_by_reason: { 'timed out': { mean: 0.1, ci95: 0.02 } },
  }
  const rails = { tempo: { ...tempo!, outage }, visa: tempo! }
  const { rows } = resultTable({ ...result, rails } as ReplicatedResult)
  const cellsOf = (wanted: string): string[] | undefined =>
    rows.find(({ group, label }) => group === 'During the outage' && label === wanted)?.cells
  expect(cellsOf('included')?.[0]).toBe('80.0 ± 1.3 %')
  expect(cellsOf('failed or expired')?.[0]).toBe('–')
  // A reason that a rail does not have is none of its failures.
  expect(cellsOf('failed: timed out')).toEqual(['10.0 ± 2.0 %', '0 %'])
})

test('behavior: without payments, what is told is of blocks', () => {
  const { rows } = resultTable(idleInput().result)
  const lines = rows.map(({ group, label, cells }) => [group, label, ...cells].join(' | '))
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "Power | of the whole rail | 16.4 GW
    Blocks | in the chain | 24
    Blocks | interval, mean | 9.95 min
    Blocks | interval, p95 | 17.9 min
    Blocks | stale share | 0.4 +13.8 −0.4 %
    Blocks | propagation, p50 | 2.10 s
    Blocks | propagation, p90 | 5.20 s
    Nakamoto coefficients | operators, > 1/3 of power | 2
    Nakamoto coefficients | operators, > 1/2 of power | 3
    Nakamoto coefficients | regions, > 1/3 of power | 2
    Nakamoto coefficients | regions, > 1/2 of power | 3"
  `)
})

test('behavior: a rail may be named like a property of every object', () => {
  const { result } = exampleInput()
  const tempo = result.rails['tempo']
  const rails = JSON.parse(`{"__proto__": ${JSON.stringify(tempo)}}`) as typeof result.rails
  const table = resultTable({ ...result, rails } as typeof result)
  expect(table.columns).toEqual(['__proto__'])
  expect(table.rows[0]?.cells).toEqual(['36,000'])
})

test('behavior: a number that not all replications had says of how many it is', () => {
  const { result, ...input } = exampleReplicatedInput()
  const { bitcoin } = result.rails as ReplicatedResult['rails']
  const p50 = { mean: 2_136_000, ci95: 0, replications: 1 }
  const times = { ...bitcoin!.time_to_finality_ms!, p50 }
  const rails = { bitcoin: { ...bitcoin!, time_to_finality_ms: times } }
  const few = { ...result, rails } as ReplicatedResult
  const row = resultTable(few).rows.find(
    ({ group, label }) => group === 'Time to finality' && label === 'median (p50)',
  )
  expect(row?.cells).toEqual(['35.6 min (of 1)'])
  const cautionOf = (of: ReplicatedResult): string => answer({ ...input, result: of }).at(-1)!.text
  expect(cautionOf(few)).toContain('A number marked “(of 1)” is of so many replications')
  expect(cautionOf(result as ReplicatedResult)).not.toContain('(of 1)')
})

test('behavior: a rail that was cut says so', () => {
  const { result } = exampleInput()
  const cut = [{ rail: 'tempo', by: 'interruption' as const, at_s: 60 }]
  const { columns } = resultTable({ ...result, cut })
  expect(columns).toEqual(['bitcoin', 'ethereum', 'tempo (cut)', 'visa', 'hybrid'])
})

test('behavior: no rails, no rows', () => {
  expect(resultTable({ ...exampleInput().result, rails: {} })).toEqual({ columns: [], rows: [] })
})

test('behavior: validators that depart from the protocol stand in the column of their rail', () => {
  const result = exampleInput().result as RunResult
  const figures = {
    ...{ validators: 10, liars: 4, survivable: 3, liars_share: 0.4, survivable_share: 0.3 },
    too_many: true,
  }
  const tempo = { ...result.rails['tempo']!, liars: { tempo: figures } }
  const hybrid = { ...result.rails['hybrid']!, liars: { tempo: figures, ethereum: figures } }
  const { rows } = resultTable({ ...result, rails: { ...result.rails, tempo, hybrid } })
  const shown = rows.filter(({ group }) => group === 'Validators that depart from the protocol')
  expect(shown.map(({ label, cells }) => [label, ...cells].join(' | '))).toEqual([
    'depart | – | – | 4 | – | –',
    'of all | – | – | 10 | – | –',
    'the protocol survives | – | – | 3 | – | –',
    'their part of the votes | – | – | 40 % | – | –',
    'part that the protocol survives | – | – | 30 % | – | –',
  ])
})
