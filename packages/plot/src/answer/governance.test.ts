import type { ReplicatedResult, RunResult } from '@counterpoise/lab'
import { describe, expect, test } from 'vitest'
import { answer } from '../answer.ts'
import { resultTable } from '../table.ts'
import { exampleInput, exampleReplicatedInput } from '../testing/exampleInput.ts'
import { railsOf, viewResult } from '../view.ts'
import { governanceAnswer } from './governance.ts'

type Result = RunResult | ReplicatedResult

/** The example with more figures of Tempo. */
function withTempo(result: Result, figures: object): Result {
  const { tempo } = result.rails
  return { ...result, rails: { ...result.rails, tempo: { ...tempo, ...figures } } } as Result
}

const textOf = (figures: object, result: Result = exampleInput().result): string =>
  governanceAnswer(railsOf(viewResult(withTempo(result, figures))))

const rowsOf = (figures: object): string[] =>
  resultTable(withTempo(exampleInput().result, figures)).rows
    .filter(({ group }) => group === 'Who validates')
    .map(({ label, cells }) => `${label}: ${cells.join(' ')}`)

describe('an association', () => {
  const motion = (member: string, verdict: string): object => ({
    ...{ what: 'remove', member, verdict },
  })
  const association = (...decisions: object[]): object => ({
    association: {
      ...{ members: 20, votes_needed: 14, motions: { passed: 1, 'too few votes': 6 } },
      decisions,
    },
  })

  test('default: each motion with what became of it', () => {
    const one = association(motion('uber', 'passed'))
    expect(textOf(one)).toBe(
      'The association of tempo voted on 1 motion: remove uber (passed). It has 20 members, and ' +
        'a further change needs 14 votes.',
    )
    expect(rowsOf(one)).toEqual([
      'members of the association: – – 20 – –',
      'votes that a change needs: – – 14 – –',
      'motions: passed: – – 1 – –',
      'motions: too few votes: – – 6 – –',
    ])
  })

  test('behavior: many motions by what became of them', () => {
    const many = Array.from({ length: 7 }, () => motion('uber', 'passed'))
    expect(textOf(association(...many))).toContain('7 motions: 1 passed and 6 too few votes. It')
  })

  test('behavior: without a motion there is nothing to tell', () => {
    const { association: figures } = association() as { association: object }
    const silent = { association: { ...figures, motions: {} } }
    expect({ text: textOf(silent), rows: rowsOf(silent) }).toEqual({ text: '', rows: [] })
  })
})

describe('a committee', () => {
  const figures = { validators: ['stripe'], size: 1, epochs: 4, failed_ceremonies: 3 }
  const change = (at: number, joined: string[], left: string[]): object => ({
    ...{ at_s: at, height: 59, joined, left },
  })

  test('default: epochs, ceremonies that failed, and who came and went', () => {
    const changes = [change(38, ['c2', 'e'], ['visa']), change(76, [], ['zodia'])]
    expect(textOf({ committee: { ...figures, changes } })).toBe(
      '4 epochs of tempo ended, 3 with a ceremony that failed; c2 and e joined and visa left ' +
        'after 38 s, zodia left after 1.27 min; validators at the end: 1.',
    )
    expect(rowsOf({ committee: { ...figures, changes } })).toEqual([
      'validators at the end: – – 1 – –',
      'epochs that ended: – – 4 – –',
      'ceremonies that failed: – – 3 – –',
    ])
  })

  test('behavior: nothing happened, and very much', () => {
    const idle = { ...figures, epochs: 0, failed_ceremonies: 0, changes: [] }
    expect(textOf({ committee: idle })).toBe(
      'No epoch of tempo ended within the run; who validates never changed; validators at the ' +
        'end: 1.',
    )
    const many = Array.from({ length: 8 }, (_, k) => change(k, [], ['visa']))
    expect(textOf({ committee: { ...figures, changes: many } })).toContain(', and 3 more changes;')
    const names = Array.from({ length: 8 }, (_, k) => `v${k}`)
    const all = { ...figures, changes: [change(1, names, [])] }
    expect(textOf({ committee: all })).toContain('8 joined after 1 s;')
  })

  test('behavior: of replications that differ only the counts are told', () => {
    const mean = (value: number): object => ({ mean: value, ci95: 0 })
    const committee = {
      ...{ validators: null, changes: null, size: { mean: 9.5, ci95: 6.35 } },
      ...{ epochs: mean(1), failed_ceremonies: mean(0) },
    }
    expect(textOf({ committee }, exampleReplicatedInput().result)).toBe(
      '1 epoch of tempo ended; who validates changed in other ways in other replications; ' +
        'validators at the end: 9.50 ± 6.35.',
    )
    const late = { ...change(0, [], ['visa']), at_s: { mean: 38, ci95: 2.5 } }
    expect(
      textOf({ committee: { ...committee, changes: [late] } }, exampleReplicatedInput().result),
    ).toContain('visa left after 38.0 ± 2.5 s;')
  })
})

test('default: the answer of the terminal and the report has it', () => {
  const committee = { validators: ['a'], size: 1, epochs: 0, failed_ceremonies: 0, changes: [] }
  const input = exampleInput()
  const findings = answer({ ...input, result: withTempo(input.result, { committee }) })
  expect(findings.find(({ topic }) => topic === 'Who validates')?.text).toContain('No epoch of')
  expect(answer(input).map(({ topic }) => topic)).not.toContain('Who validates')
})

test('behavior: other scenarios have nothing of it', () => {
  expect(textOf({})).toBe('')
  expect(rowsOf({})).toEqual([])
})
