import { describe, expect, test } from 'vitest'
import { foundersOf, validatorsOf } from './planned.ts'
import { presets } from './presets/index.ts'
import type { ChainConfig } from './schema/rails.ts'
import { broken, type Draft, messages } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { createWorld } from './world.ts'

const withMotions = (...motions: Draft[]): unknown =>
  broken('libra', ({ rails }) => (rails.libra.association.motions = motions))
const configOf = (input: unknown): ChainConfig =>
  scenarioOf(input).data.rails['libra'] as ChainConfig
const newcomer = { name: 'new', region: 'us-east-1', operator: 'New', investmentUsd: 10_000_000 }

describe('an association', () => {
  test('default: its founders validate, with one vote each', () => {
    const members = validatorsOf(configOf(presets.libra))
    expect(members.map(({ weight }) => weight)).toEqual(Array.from({ length: 21 }, () => 1))
    expect(new Set(members.map(({ attributes }) => attributes.operator)).size).toBe(21)
  })

  test('behavior: two thirds admit and remove; who is admitted has the next seat', () => {
    const config = configOf(
      withMotions(
        { what: 'remove', member: 'uber', inFavour: 14 },
        { what: 'remove', member: 'lyft', inFavour: 13 },
        { what: 'admit', member: newcomer, inFavour: 14 },
        { what: 'admit', member: { ...newcomer, name: 'late', investmentUsd: 1 }, inFavour: 20 },
      ),
    )
    const names = validatorsOf(config).map(({ name }) => name)
    expect(names).toEqual([
      ...foundersOf(config).map(({ name }) => name).filter((name) => name !== 'uber'),
      'new',
    ])
    expect(validatorsOf(config).at(-1)).toMatchObject({
      ...{ weight: 1, attributes: { operator: 'New', region: 'us-east-1' } },
    })
    const world = createWorld({ data: scenarioOf(withMotions()).data, variant: 'libra' })
    expect(world.council).toMatchObject({ decisions: [], votesNeeded: 14 })
    expect(world.rails[0]!.powers).toHaveLength(21)
  })

  test('behavior: who makes no profit is admitted without an investment', () => {
    const poor = { ...newcomer, investmentUsd: 0 }
    const admitted = (member: Draft): string[] =>
      validatorsOf(configOf(withMotions({ what: 'admit', member, inFavour: 14 })))
        .map(({ name }) => name)
        .slice(21)
    expect(admitted(poor)).toEqual([])
    expect(admitted({ ...poor, nonProfit: true })).toEqual(['new'])
  })

  test('behavior: votes that nobody has, shares that are no votes, unknown places', () => {
    expect(messages(withMotions({ what: 'remove', member: 'uber', inFavour: 22 }))).toContain(
      'rails.libra.association.motions: expected votes that can be, found the votes in favour ' +
        'must be from 0 to 21 (Found: 22)',
    )
    const heavy = broken('libra', ({ rails }) => (rails.libra.validators.value[3].weight = 2))
    expect(messages(heavy)).toContain('found 2 for breakthrough-initiatives')
    const lost = { what: 'admit', member: { ...newcomer, region: 'mars' }, inFavour: 21 }
    expect(messages(withMotions(lost))).toContain(
      'rails.libra.association.motions[0].member.region: expected a region of the latency matrix',
    )
  })

  test('behavior: a motion against somebody whom nobody knows is refused', () => {
    const against = (member: string): Draft => ({ what: 'remove', member, inFavour: 14 })
    expect(messages(withMotions(against('uber'), against('lift')))).toMatch(
      /motions\[1\]\.member: expected a member, .*found "lift" \(did you mean `lyft`\?\)/,
    )
    const later = { what: 'admit', member: newcomer, inFavour: 1 }
    expect(messages(withMotions(against('new'), later))).toContain('motions[0].member: expected')
    // Whether the votes suffice is what a study changes.
    expect(messages(withMotions(later, against('new'), against('uber'), against('uber')))).toBe('')
  })
})
