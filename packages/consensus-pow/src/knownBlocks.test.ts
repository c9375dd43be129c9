import { createStream } from '@counterpoise/engine'
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

test('property: who inherits blocks knows as much as who has taken them all', () => {
  const trees = fc
    .tuple(fc.array(fc.nat(), { minLength: 300, maxLength: 700 }), fc.nat({ max: 600 }), fc.nat())
    .map(([jumps, inherited, seed]) => {
      // Mostly chains: now and then a block stands far back.
      const parents = jumps.map((jump, index) => (jump % 20 === 0 ? jump % (index + 1) : index))
      return { parents, inherited: Math.min(inherited, parents.length), seed }
    })
  fc.assert(
    fc.property(trees, ({ parents, inherited, seed }) => {
      const whole = treeOf(parents)
      const stream = createStream({ seed: `${seed}`, replication: 0, purpose: 'order' })
      const isGood = (block: number): boolean => block % 97 !== 96
      const every = createKnownBlocks(whole, isGood)
      const has = new Set<number>([genesis])
      for (let block = 1; block <= inherited; block++) {
        // An old one in ten is missing, and what stands on it with it.
        const isThere = stream.below(10) > 0 && isGood(block) && has.has(whole.parent(block))
        if (isThere && every.take(block).length > 0) has.add(block)
      }
      // When it takes over, there are no others in the store.
      const store = treeOf(parents.slice(0, inherited))
      const heir = createKnownBlocks(store, isGood, (block) => has.has(block))
      parents.slice(inherited).forEach((parent, index) => {
        const round = inherited + index
        store.append({ parent: parent % (round + 1), proposer: 0, time: round, round })
      })
      const rest = Array.from({ length: whole.size() - 1 }, (_, index) => index + 1)
      const expected: number[] = []
      while (rest.length > 0) {
        const [block] = rest.splice(stream.below(rest.length), 1)
        const taken = every.take(block!)
        expect(heir.take(block!)).toEqual(taken)
        expected.push(...taken)
        if (rest.length % 20 === 0) expect(heir.missing()).toBe(every.missing())
      }
      for (let block = 0; block < whole.size(); block++) {
        expect(heir.isConnected(block)).toBe(every.isConnected(block))
      }
      const isSound = expected.length + has.size === whole.size()
      expect(heir.learned()).toEqual(isSound ? expected : undefined)
    }),
    fuzzParameters(20),
  )
})

test('behavior: what was learned, while nothing waits and nothing was refused', () => {
  const blocks = treeOf([0, 1, 2, 3])
  const known = createKnownBlocks(blocks, (block) => block !== 4, (block) => block < 2)
  expect(known.learned()).toEqual([])
  known.take(3)
  expect(known.learned()).toBeUndefined()
  known.take(2)
  expect(known.learned()).toEqual([2, 3])
  known.take(4)
  expect(known.learned()).toBeUndefined()
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
