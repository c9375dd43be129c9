import type { CutRail, ReplicatedResult, ReportInput } from '@counterpoise/lab'
import { describe, expect, test } from 'vitest'
import { answer } from '../answer.ts'
import { exampleInput, exampleReplicatedInput } from '../testing/exampleInput.ts'

const textOf = (input: ReportInput): string =>
  answer(input)
    .map(({ topic, text }) => `${topic}: ${text}`)
    .join('\n')

describe('a comparison that was ended early', () => {
  const cutAt = (cut: CutRail[], changes: object = {}): ReportInput => {
    const input = exampleReplicatedInput()
    const result = { ...input.result, partial: true, cut, replications: 1, ...changes }
    return { ...input, result: { ...result, replications_wanted: 3 } as ReplicatedResult }
  }
  const interrupted = (rail: string, at_s: number | null): CutRail => ({
    ...{ rail, by: 'interruption', at_s },
  })

  test('default: of whole replications, it says how many there are of how many', () => {
    const text = textOf(cutAt([], { replications: 2 }))
    expect(text).toMatch(/^What is missing: The numbers are of 2 of 3 replications\.\n/)
    expect(text).toContain('Finality came first on tempo')
  })

  test('behavior: what was cut is named, and not ranked', () => {
    const cut = [interrupted('tempo', 5_400), interrupted('visa', 60), interrupted('libra', null)]
    const text = textOf(cutAt(cut))
    expect(text.split('\n')[0]).toBe(
      'What is missing: None of 3 replications is whole; the numbers are of the first. ' +
        'tempo (after 1.50 h) and visa (after 1 min) were cut off; libra had not begun. ' +
        'Only what is whole is compared: bitcoin, ethereum and hybrid.',
    )
    const rest = text.slice(text.indexOf('\n'))
    expect(rest).not.toMatch(/ on visa|visa (?:took|\d)|first on tempo|best of the rails/)
    expect(rest).toContain('Finality came first on ethereum')
  })

  test('behavior: where all met the limit, nothing is compared', () => {
    const input = exampleInput()
    const cut = Object.keys(input.result.rails).map((rail): CutRail => ({
      ...{ rail, by: 'limit', at_s: 3 },
    }))
    const text = textOf({ ...input, result: { ...input.result, partial: true, cut } })
    expect(text).toContain('The limit on events ended bitcoin (after 3 s), ethereum (after 3 s),')
    expect(text).toContain('No rail is whole, so none is compared with another.')
    expect(text).not.toMatch(/What it costs|Speed|Fees|Outage|The router/)
  })

  test('behavior: a rail alone is told of, as far as it came', () => {
    const input = cutAt([interrupted('tempo', 5)])
    const { tempo } = input.result.rails
    const result = { ...input.result, rails: { tempo } } as ReplicatedResult
    const text = textOf({ ...input, result })
    expect(text).toContain('tempo (after 5 s) was cut off.\n')
    expect(text).toContain('On tempo, half of its payments')
  })
})
