import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equalCommittee, createCommittee } from '../committee.ts'
import {
  createElectorate,
  hasHonest,
  isMajorQuorum,
  isMinorQuorum,
  isQuorum,
} from './electorate.ts'
import { createTimeouts } from './pacemaker.ts'
import { addVote, clearVoteSet, contradiction, createVoteSet, none, repeated } from './voteSet.ts'

const least = (holds: (weight: number) => boolean): number => {
  let weight = 0
  while (!holds(weight)) weight++
  return weight
}

describe('quorums of equal members', () => {
  test.each(Array.from({ length: 60 }, (_, index) => index + 1))('of %i', (n) => {
    const electorate = createElectorate(equalCommittee(n))
    const f = Math.floor((n - 1) / 3)
    expect(least((weight) => isQuorum(electorate, weight))).toBe(n - f)
    expect(least((weight) => hasHonest(electorate, weight))).toBe(Math.ceil(n / 3))
    const fifth = Math.floor((n - 1) / 5)
    expect(least((weight) => isMajorQuorum(electorate, weight))).toBe(n - fifth)
    const minor = least((weight) => isMinorQuorum(electorate, weight))
    // Never less than 2f + 1, and just that where n = 5f + 1.
    expect(minor).toBeGreaterThanOrEqual(2 * fifth + 1)
    if (n % 5 === 1) expect(minor).toBe(2 * fifth + 1)
    // A decision and a quorum to move on share an honest member.
    expect(minor + (n - fifth) - n).toBeGreaterThan(fifth)
  })
})

test('followers are those without weight', () => {
  const electorate = createElectorate(createCommittee([1, 0, 2, 0]))
  expect(electorate).toMatchObject({ voters: [0, 2], followers: [1, 3], totalWeight: 3 })
  expect(electorate.everybodyVotes).toBe(false)
})

test('timeouts grow by a factor, and no more after some steps', () => {
  const timeoutOf = createTimeouts({ first: 1_000_000, factor: 1.2, stepsMax: 6 })
  expect([0, 1, 2, 6, 7, 100].map(timeoutOf)).toEqual([
    1_000_000, 1_200_000, 1_440_000, 2_985_984, 2_985_984, 2_985_984,
  ])
})

test('property: a vote set counts as a list of first votes does', () => {
  const vote = fc.record({ member: fc.nat(6), block: fc.nat(3) })
  const cases = fc.record({
    votes: fc.array(vote, { maxLength: 30 }),
    weights: fc.array(fc.nat(5), { minLength: 7, maxLength: 7 }),
  })
  fc.assert(
    fc.property(cases, ({ votes, weights }) => {
      const set = createVoteSet(7)
      const first = new Map<number, number>()
      const caught = new Set<number>()
      for (const { member, block } of votes) {
        const result = addVote(set, member, block, weights[member]!)
        const earlier = first.get(member)
        if (earlier === undefined) {
          first.set(member, block)
          let weight = 0
          for (const [voter, choice] of first) if (choice === block) weight += weights[voter]!
          expect(result).toBe(weight)
        } else if (earlier === block || caught.has(member)) {
          expect(result).toBe(repeated)
        } else {
          expect(result).toBe(contradiction)
          caught.add(member)
        }
      }
      clearVoteSet(set)
      expect(set).toEqual(createVoteSet(7))
      expect(set.block).toBe(none)
    }),
    fuzzParameters(200),
  )
})
