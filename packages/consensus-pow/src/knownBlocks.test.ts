import { createBlockStore, genesis } from '@counterpoise/ledger'
import fc from 'fast-check'
import { fuzzParameters } from '@counterpoise/dev'
import { expect, test } from 'vitest'
import { createKnownBlocks } from './knownBlocks.ts'

/** A store with a tree: block k + 1 stands on the block `parents[k]` (modulo what exists). */
const treeOf = (parents: readonly number[]) => {
  const blocks = createBlockStore()
  parents.forEach((parent, index) =>
    blocks.append({ parent: parent % (index + 1), proposer: 0, time: index, round: index }),
  )
  return blocks
}

test('property: in whatever order blocks come, all are connected, parents first', () => {
  const shuffled = fc
    .array(fc.nat(), { minLength: 1, maxLength: 40 })
    .chain((parents) =>
      fc.tuple(
        fc.constant(parents),
        fc.shuffledSubarray(
          parents.map((_, index) => index + 1),
          { minLength: parents.length },
        ),
      ),
    )
  fc.assert(
    fc.property(shuffled, ([parents, order]) => {
      const blocks = treeOf(parents)
      const known = createKnownBlocks(blocks, () => true)
      const connected = [genesis]
      for (const block of order) {
        for (const next of known.take(block)) {
          expect(connected).toContain(blocks.parent(next))
          connected.push(next)
        }
        expect(known.take(block)).toEqual([])
      }
      expect(connected).toHaveLength(blocks.size())
      expect(known.missing()).toBeUndefined()
    }),
    fuzzParameters(200),
  )
})

test('behavior: the first gap on the way to the heaviest kept block is missing', () => {
  // 1 ← 2 ← 3 ← 4, and 5 on 0, 6 on 5.
  const known = createKnownBlocks(treeOf([0, 1, 2, 3, 0, 5]), () => true)
  expect(known.take(6)).toEqual([])
  expect(known.missing()).toBe(5)
  expect(known.take(4)).toEqual([])
  expect(known.missing()).toBe(3)
  expect(known.take(3)).toEqual([])
  expect(known.missing()).toBe(2)
  expect(known.take(1)).toEqual([1])
  expect(known.take(2)).toEqual([2, 3, 4])
  expect(known.missing()).toBe(5)
})

test('behavior: what stands on a refused block is refused, whenever it comes', () => {
  const known = createKnownBlocks(treeOf([0, 1, 2, 2]), (block) => block !== 1)
  expect(known.take(3)).toEqual([])
  expect(known.take(2)).toEqual([])
  expect(known.take(1)).toEqual([])
  expect(known.take(4)).toEqual([])
  expect(known.missing()).toBeUndefined()
  expect([1, 2, 3, 4].map(known.isConnected)).toEqual([false, false, false, false])
})
