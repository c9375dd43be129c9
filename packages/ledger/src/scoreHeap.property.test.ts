import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createScoreHeap } from './scoreHeap.ts'

type Entry = { score: number; sequence: number; id: number }

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ push: fc.integer({ min: -5, max: 5 }) }) },
  { weight: 3, arbitrary: fc.constant('pop' as const) },
  { weight: 1, arbitrary: fc.record({ keepThoseNotDivisibleBy: fc.integer({ min: 2, max: 4 }) }) },
)

test('behaves as a sorted array: largest score first, then smallest sequence', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
      const heap = createScoreHeap()
      let sorted: Entry[] = []
      for (const [index, action] of steps.entries()) {
        if (action === 'pop') {
          if (sorted.length > 0) heap.pop()
          sorted.shift()
        } else if ('push' in action) {
          // Sequences that go up and down, ids that tell the entries apart.
          const sequence = index % 2 === 0 ? index : -index
          heap.push(action.push, sequence, index * 10)
          sorted.push({ score: action.push, sequence, id: index * 10 })
          sorted.sort((a, b) => b.score - a.score || a.sequence - b.sequence)
        } else {
          const divisor = action.keepThoseNotDivisibleBy
          const stays = (sequence: number, id: number): boolean =>
            (Math.abs(sequence) + id) % divisor !== 0
          heap.keep(stays)
          sorted = sorted.filter(({ sequence, id }) => stays(sequence, id))
        }
        expect(heap.size()).toBe(sorted.length)
        if (sorted.length === 0) continue
        const top = { score: heap.topScore(), sequence: heap.topSequence(), id: heap.topId() }
        expect(top).toEqual(sorted[0])
      }
    }),
    fuzzParameters(200),
  )
})
