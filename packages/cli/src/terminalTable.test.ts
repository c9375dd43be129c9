import { inProcess, type ReplicatedResult, type RunResult, runScenario } from '@counterpoise/lab'
import { presets, scenarioOf, vary } from '@counterpoise/scenario'
import { beforeAll, describe, expect, test } from 'vitest'
import { terminalTable } from './terminalTable.ts'

let result: RunResult | ReplicatedResult
beforeAll(async () => {
  const small = vary(presets.hybrid, (draft) => {
    const { tempo, visa } = presets.hybrid.rails
    draft.rails = { tempo, visa, first: tempo, second: visa }
    draft.workload.for = '10s'
    draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 4 }]
    draft.drain = '5s'
    draft.faults = []
  })
  ;({ result } = await runScenario(scenarioOf(small), { executor: inProcess() }))
})

const widest = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length))
const headers = (text: string): string[] =>
  text.split('\n').filter((line) => /^ {20}.*(tempo|visa|first|second|hybrid)/.test(line))

describe('terminalTable', () => {
  test('default: rails side by side, numbers under each other', () => {
    const text = terminalTable(result, 120)
    expect(headers(text).length).toBe(1)
    const [header] = headers(text)
    const offered = text.split('\n').find((line) => line.startsWith('  offered'))!
    expect(offered.length).toBe(header!.length)
    expect(text).toContain('  operators, > 1/3 of power  ')
  })

  test('behavior: at 80 columns labels are broken, the rails stay together', () => {
    const text = terminalTable(result, 76)
    expect(widest(text)).toBeLessThanOrEqual(76)
    expect(headers(text).length).toBe(1)
    expect(text).toMatch(/\n {2}operators, > [^\n]*\d\n {4}power\n/)
  })

  test('behavior: on a narrow terminal the rails come in several tables', () => {
    const text = terminalTable(result, 50)
    expect(widest(text)).toBeLessThanOrEqual(50)
    const shown = headers(text).join(' ').split(/ +/).filter(Boolean)
    expect(shown).toEqual(Object.keys(result.rails))
    expect(headers(text).length).toBeGreaterThan(1)
  })

  test('behavior: of several tables, each leaves out what none of its rails has', () => {
    const rail = Object.values(result.rails)[0]!
    const visa = result.rails['visa']!
    const two = { ...result, rails: { tempo: rail, visa } } as RunResult
    const [ofTempo, ofVisa] = terminalTable(two, 30).split(/\n(?= +visa)/)
    expect(ofTempo).toContain('\nBlocks\n')
    expect(ofVisa).toContain('\nPayments\n')
    expect(ofVisa).not.toContain('Blocks')
    // Side by side, a rail without blocks has dashes.
    expect(terminalTable(two, 120)).toMatch(/ {2}in the chain +\d+ +–\n/)
  })

  test('behavior: a column that fits nowhere is shown all the same', () => {
    expect(headers(terminalTable(result, 10)).length).toBe(5)
  })
})
