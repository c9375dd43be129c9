import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Attestation, sameVote } from './attestation.ts'
import { emptyNodeSet, hasNode } from './bits.ts'
import { watchEquivocations } from './equivocations.ts'

const slotsPerEpoch = 4
const size = 40

/** A vote in slot 1 of an epoch, from a source, for a head, by the nodes of a mask. */
const voteOf = (epoch: number, source: number, head: number, mask: number): Attestation => {
  const voters = emptyNodeSet(size)
  voters[0] = mask & 0xff
  voters[1] = mask >>> 8
  return {
    ...{ slot: epoch * slotsPerEpoch + 1, head, voters },
    ...{ source: { epoch: source, root: 0 }, target: { epoch, root: 0 } },
  }
}

/** Who is caught by these votes, in their order. */
function caughtBy(votes: readonly Attestation[]): number[] {
  const caught: number[] = []
  const watch = watchEquivocations({
    ...{ size, slotsPerEpoch, onEquivocation: (_slot, node) => caught.push(node) },
  })
  for (const vote of votes) watch(vote)
  return caught.toSorted((a, b) => a - b)
}

describe('caught is who', () => {
  test.each([
    ['votes for two heads in one epoch', voteOf(5, 4, 1, 0b11), voteOf(5, 4, 2, 0b110), [1]],
    ['names two sources in one epoch', voteOf(5, 4, 1, 0b1), voteOf(5, 3, 1, 0b1), [0]],
    ['votes around an earlier vote', voteOf(5, 4, 1, 0b1), voteOf(6, 3, 1, 0b1), [0]],
    ['votes inside a later vote', voteOf(6, 3, 1, 0x100), voteOf(5, 4, 1, 0x100), [32]],
  ])('%s', (_name, one, other, expected) => {
    expect(caughtBy([one, other])).toEqual(expected)
  })

  test.each([
    ['says the same twice', voteOf(5, 4, 1, 0b1), voteOf(5, 4, 1, 0b1)],
    ['votes from one source in two epochs', voteOf(5, 3, 1, 0b1), voteOf(6, 3, 2, 0b1)],
    ['goes on from what it justified', voteOf(5, 4, 1, 0b1), voteOf(6, 5, 2, 0b1)],
    ['is another sub-committee', voteOf(5, 4, 1, 0b1), { ...voteOf(5, 4, 2, 0b1), slot: 22 }],
  ])('behavior: but nobody who %s', (_name, one, other) => {
    expect(caughtBy([one, other])).toEqual([])
  })
})

test('old votes that come again are no offence, and do not push out others', () => {
  const votes = [3, 4, 5, 6, 7].map((epoch) => voteOf(epoch, epoch - 1, epoch, 0b1))
  const again = votes.flatMap((vote) => [vote, vote, { ...vote }, { ...vote }])
  expect(caughtBy([...again, ...votes])).toEqual([])
  // The epoch before the last one, twice.
  expect(caughtBy([...again, voteOf(6, 5, 1, 0b1)])).toEqual([0])
  // One that comes late is the first to go.
  const late = [5, 6, 4, 7].map((epoch) => voteOf(epoch, epoch - 1, epoch, 0b1))
  expect(caughtBy([...late, voteOf(5, 4, 1, 0b1)])).toEqual([0])
})

test('all pairs of votes that the rule forbids are found', () => {
  const vote = fc.record({
    epoch: fc.integer({ min: 3, max: 9 }),
    back: fc.integer({ min: 1, max: 4 }),
    head: fc.nat(1),
    mask: fc.integer({ min: 1, max: 0x3ff }),
    late: fc.constantFrom(0, 0, 1.5),
  })
  let [some, none] = [0, 0]
  fc.assert(
    fc.property(fc.array(vote, { maxLength: 8 }), (given) => {
      // Votes come an epoch late at most, as in a run.
      const votes = given
        .toSorted((a, b) => a.epoch + a.late - b.epoch - b.late)
        .map(({ epoch, back, head, mask }) => voteOf(epoch, epoch - back, head, mask))
      const expected = new Set<number>()
      for (const one of votes) {
        for (const two of votes) {
          const isDouble = one.target.epoch === two.target.epoch && !sameVote(one, two)
          const surrounds =
            one.source.epoch < two.source.epoch && two.target.epoch < one.target.epoch
          for (let node = 0; node < size; node++) {
            const isBoth = hasNode(one.voters, node) && hasNode(two.voters, node)
            if (isBoth && (isDouble || surrounds)) expected.add(node)
          }
        }
      }
      expect(caughtBy(votes)).toEqual([...expected].toSorted((a, b) => a - b))
      if (expected.size > 0) some++
      else none++
    }),
    fuzzParameters(2_000),
  )
  expect(Math.min(some, none)).toBeGreaterThan(200)
})
