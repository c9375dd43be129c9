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
  quorumOf,
} from './electorate.ts'
import { createTimeouts } from './pacemaker.ts'
import {
  addVote,
  clearVoteSet,
  contradiction,
  createVoteSet,
  hasVoted,
  none,
  repeated,
  voteOf,
  weightBehind,
} from './voteSet.ts'

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
    expect(quorumOf(n)).toBe(n - f)
    expect(least((weight) => hasHonest(electorate, weight))).toBe(Math.ceil(n / 3))
    const fifth = Math.floor((n - 1) / 5)
    expect(least((weight) => isMajorQuorum(electorate, weight))).toBe(n - fifth)
    const minor = least((weight) => isMinorQuorum(electorate, weight))
    // More than two fifths: never less than 2f + 1, and just that where n = 5f + 1.
    expect(minor).toBe(Math.floor((2 * n) / 5) + 1)
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

test.each([7, 252, 253, 1_000])('property: a vote set of %i counts as a list does', (members) => {
  const vote = fc.record({ member: fc.nat(members - 1), block: fc.nat(3) })
  const everybody = fc.constant(
    Array.from({ length: members }, (_, member) => ({ member, block: member + 5 })),
  )
  const cases = fc.record({
    // Each for another block, or a few votes that meet and contradict each other.
    first: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, everybody),
    votes: fc.array(vote, { maxLength: 30 }),
    weights: fc.array(fc.nat(5), { minLength: 7, maxLength: 7 }),
  })
  fc.assert(
    fc.property(cases, ({ first: early, votes, weights }) => {
      const set = createVoteSet(members)
      const first = new Map<number, number>()
      const caught = new Set<number>()
      const sums = new Map<number, number>()
      for (const { member, block } of [...early, ...votes]) {
        const result = addVote(set, member, block, weights[member % 7]!)
        const earlier = first.get(member)
        if (earlier === undefined) {
          first.set(member, block)
          sums.set(block, (sums.get(block) ?? 0) + weights[member % 7]!)
          expect(result).toBe(sums.get(block))
        } else if (earlier === block || caught.has(member)) {
          expect(result).toBe(repeated)
        } else {
          expect(result).toBe(contradiction)
          caught.add(member)
        }
      }
      const everyone = Array.from({ length: members }, (_, member) => member)
      const found = everyone.map((member) => [hasVoted(set, member), voteOf(set, member)])
      expect(found).toEqual(
        everyone.map((member) => {
          const block = caught.has(member) ? -2 : (first.get(member) ?? none)
          return [first.has(member), block]
        }),
      )
      for (let block = 0; block < 9; block++) {
        expect(weightBehind(set, block)).toBe(sums.get(block) ?? 0)
      }
      clearVoteSet(set)
      expect(set).toEqual(createVoteSet(members))
    }),
    fuzzParameters(members > 7 ? 20 : 200),
  )
})

test('a vote for no block counts for nothing', () => {
  const set = createVoteSet(3)
  expect(addVote(set, 0, none, 1)).toBe(repeated)
  expect(addVote(set, 0, 4, 1)).toBe(1)
  expect(set).toMatchObject({ block: 4, weight: 1 })
})
