import { describe, expect, test } from 'vitest'
import {
  type AssociationMember,
  type AssociationMotion,
  type AssociationRules,
  decideMotions,
  votesNeeded,
} from './association.ts'
import { AssociationError } from './errors.ts'

const rules: AssociationRules = {
  ...{ investmentUsd: 10_000_000, membersMax: 100, majority: { needs: 2, of: 3 } },
}
const member = (name: string, investmentUsd = 10_000_000): AssociationMember => ({
  ...{ name, investmentUsd, isNonProfit: false },
})
const council = (count: number): AssociationMember[] =>
  Array.from({ length: count }, (_, k) => member(`m${k}`))
const verdictsOf = (count: number, ...motions: AssociationMotion[]): string[] =>
  decideMotions(council(count), rules, motions).verdicts

describe('votes', () => {
  test('default: two thirds, rounded up', () => {
    const needed = [3, 4, 5, 6, 21, 28, 100].map((voters) => votesNeeded(rules, voters))
    expect(needed).toEqual([2, 3, 4, 4, 14, 19, 67])
    expect(() => votesNeeded({ ...rules, majority: { needs: 4, of: 3 } }, 3)).toThrow(
      AssociationError,
    )
  })

  test('behavior: who is recused neither votes nor counts', () => {
    const remove = { what: 'remove', member: 'm0' } as const
    expect(verdictsOf(21, { ...remove, inFavour: 13, recused: 0 })).toEqual(['too few votes'])
    expect(verdictsOf(21, { ...remove, inFavour: 14, recused: 0 })).toEqual(['passed'])
    expect(verdictsOf(21, { ...remove, inFavour: 13, recused: 2 })).toEqual(['passed'])
    expect(() => verdictsOf(21, { ...remove, inFavour: 20, recused: 2 })).toThrow('from 0 to 19')
    expect(() => verdictsOf(3, { ...remove, inFavour: 1, recused: 4 })).toThrow('recused')
    expect(() => verdictsOf(3, { ...remove, inFavour: 0.5, recused: 0 })).toThrow(AssociationError)
  })
})

describe('members', () => {
  const admit = (who: AssociationMember, inFavour: number): AssociationMotion => ({
    ...{ what: 'admit', member: who, inFavour, recused: 0 },
  })

  test('default: ten million dollars, or no profit; at most so many', () => {
    expect(verdictsOf(3, admit(member('new', 9_999_999), 3))).toEqual(['investment too small'])
    expect(verdictsOf(3, admit({ ...member('new', 0), isNonProfit: true }, 3))).toEqual(['passed'])
    expect(verdictsOf(100, admit(member('new'), 100))).toEqual(['no seat left'])
    expect(verdictsOf(99, admit(member('new'), 66))).toEqual(['passed'])
    expect(verdictsOf(3, admit(member('m1'), 3))).toEqual(['a member already'])
  })

  test('behavior: each motion finds what those before it left', () => {
    const { members, verdicts } = decideMotions(council(4), rules, [
      { what: 'remove', member: 'm1', inFavour: 3, recused: 0 },
      { what: 'remove', member: 'm1', inFavour: 3, recused: 0 },
      admit(member('m9'), 2),
      // Four members again: two are too few now.
      { what: 'remove', member: 'm2', inFavour: 2, recused: 0 },
    ])
    expect(verdicts).toEqual(['passed', 'not a member', 'passed', 'too few votes'])
    expect(members.map(({ name }) => name)).toEqual(['m0', 'm2', 'm3', 'm9'])
  })
})
