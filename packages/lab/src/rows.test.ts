import { describe, expect, test } from 'vitest'
import { inProcess } from './executor.ts'
import { type ResultRow, resultRows, rowsToCsv } from './rows.ts'
import { runScenario } from './runScenario.ts'
import { smallScenario } from './testing.ts'

const row: ResultRow = {
  scenario: 'small',
  scenario_hash: '0123456789abcdef',
  seed: '1',
  replication: 0,
  version: '0.1.0',
  digest: 'fedcba9876543210',
  partial: false,
  rail: 'tempo',
  metric: 'offered',
  value: 5,
}

describe('rowsToCsv', () => {
  test('default: a header and a line per row', () => {
    expect(rowsToCsv([row])).toBe(
      'scenario,scenario_hash,seed,replication,version,digest,partial,rail,metric,value\n' +
        'small,0123456789abcdef,1,0,0.1.0,fedcba9876543210,false,tempo,offered,5\n',
    )
  })

  test.each([
    ['a, b', '"a, b"'],
    ['say "so"', '"say ""so"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@sum', "'@sum"],
    ['=a,"b"', '"\'=a,""b"""'],
    ['plain-text', 'plain-text'],
  ])('behavior: the text %j is written as %j', (text, written) => {
    const line = rowsToCsv([{ ...row, scenario: text }]).slice(rowsToCsv([]).length)
    expect(line.startsWith(`${written},0123`)).toBe(true)
  })

  test('behavior: a missing figure is an empty field, a number keeps its sign', () => {
    expect(rowsToCsv([{ ...row, value: null }])).toMatch(/,offered,\n$/)
    expect(rowsToCsv([{ ...row, value: -0.5 }])).toMatch(/,offered,-0\.5\n$/)
  })
})

test('default: every figure of every run is a row that can be read back', async () => {
  const outcome = await runScenario(smallScenario(), { executor: inProcess(), replications: 2 })
  const rows = resultRows(outcome)
  const lines = rowsToCsv(rows).trimEnd().split('\n').slice(1)
  expect(lines.length).toBe(rows.length)
  const readBack = lines.map((line) => {
    const fields = line.split(',')
    const [replication, rail, metric, value] = [3, 7, 8, 9].map((k) => fields[k]!)
    return { replication: Number(replication), rail, metric, value: value && Number(value) }
  })
  readBack.forEach(({ replication, rail, metric, value }) => {
    const figures = outcome.runs[replication]!.rails[rail!]
    const found = metric!.split('.').reduce<any>((node, key) => node[key], figures)
    expect(value === '' ? null : value).toBe(found)
  })
  const metrics = new Set(readBack.map(({ metric }) => metric))
  expect(metrics).toContain('time_to_finality_ms.p99')
  expect(metrics).toContain('nakamoto.operators.third')
  expect(metrics).toContain('outage.longest_silence_s')
  expect(new Set(readBack.map(({ replication }) => replication))).toEqual(new Set([0, 1]))
  // Both have run to their end.
  expect(rows.every(({ partial }) => !partial)).toBe(true)
  const [cut] = resultRows({ ...outcome, runs: [{ ...outcome.runs[0]!, partial: true }] })
  expect(cut!.partial).toBe(true)
})
