import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BlockId, type BlockStore, createBlockStore, genesis } from './index.ts'

/** A tree: for each block a number that picks its parent among the blocks before it. */
const tree = fc.array(fc.nat(), { minLength: 1, maxLength: 60, size: 'max' })

const grow = (picks: readonly number[]): BlockStore => {
  const blocks = createBlockStore()
  for (const [index, pick] of picks.entries()) {
    // Mostly near the end, so that chains get long.
    const parent = Math.max(0, index - (pick % 4 === 0 ? pick % (index + 1) : pick % 3))
    const work = 1 + (pick % 3)
    blocks.append({ parent, proposer: index % 5, time: index * 10, round: index, work })
  }
  return blocks
}

const pathDown = (blocks: BlockStore, from: BlockId): BlockId[] =>
  from === genesis ? [genesis] : [from, ...pathDown(blocks, blocks.parent(from))]

test('ancestors are those on the path to the genesis block', () => {
  fc.assert(
    fc.property(tree, fc.nat(), fc.nat(), (picks, first, second) => {
      const blocks = grow(picks)
      const one = first % blocks.size()
      const other = second % blocks.size()
      const path = pathDown(blocks, one)
      expect(blocks.height(one)).toBe(path.length - 1)
      for (const block of path) expect(blocks.ancestorAt(one, blocks.height(block))).toBe(block)
      expect(blocks.ancestorAt(one, path.length)).toBe(-1)
      expect(blocks.isAncestor(other, one)).toBe(path.includes(other))
      const others = new Set(pathDown(blocks, other))
      expect(blocks.commonAncestor(one, other)).toBe(path.find((block) => others.has(block)))
    }),
    fuzzParameters(300),
  )
})

test('work adds up along the chain', () => {
  fc.assert(
    fc.property(tree, (picks) => {
      const blocks = grow(picks)
      for (let block = 1; block < blocks.size(); block++) {
        const sum = blocks.totalWork(blocks.parent(block)) + 1 + (picks[block - 1]! % 3)
        expect(blocks.totalWork(block)).toBe(sum)
      }
    }),
    fuzzParameters(50),
  )
})

test('payloads and columns survive growth', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { minLength: 300, maxLength: 700 }), (sizes) => {
      const blocks = createBlockStore()
      const payloads = sizes.map((size, index) => Array.from({ length: size }, (_, k) => index + k))
      payloads.forEach((payments, index) =>
        blocks.append({
          ...{ parent: index, proposer: index, time: index * 1e9, round: index * 5 },
          ...{ payments, gas: index * 2, bytes: index * 3, data: { index } },
        }),
      )
      payloads.forEach((payments, index) => {
        const block = index + 1
        expect([...blocks.payments(block)]).toEqual(payments)
        expect(blocks.paymentCount(block)).toBe(payments.length)
        expect(blocks.data(block)).toEqual({ index })
        expect([blocks.proposer(block), blocks.round(block)]).toEqual([index, index * 5])
        expect([blocks.time(block), blocks.gas(block), blocks.bytes(block)]).toEqual([
          index * 1e9,
          index * 2,
          index * 3,
        ])
      })
    }),
    fuzzParameters(10),
  )
})

test('a new store holds the genesis block alone', () => {
  const blocks = createBlockStore()
  expect(blocks.size()).toBe(1)
  expect([blocks.parent(genesis), blocks.height(genesis), blocks.totalWork(genesis)]).toEqual([
    -1, 0, 0,
  ])
  expect([...blocks.payments(genesis)]).toEqual([])
})

test('defaults: a block weighs 1 and is empty', () => {
  const blocks = createBlockStore()
  const block = blocks.append({ parent: genesis, proposer: 0, time: 5, round: 1 })
  expect([blocks.totalWork(block), blocks.bytes(block), blocks.gas(block)]).toEqual([1, 0, 0])
})
