import { seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { blockRulesOf } from './blockRules.ts'
import { unclesOf } from './difficulty.ts'
import { nakamotoParameters } from './parameters.ts'
import {
  createMiners,
  createWorkChain,
  equalWeights,
  runBlocks,
  type WorkChain,
} from './testing.ts'
import { areUnclesValid, findUncles } from './uncles.ts'

const everything = (): boolean => true

/** Blocks 1 … length, each on the one before; block n stands at height n. */
function chainOf(length: number): WorkChain {
  const chain = createWorkChain()
  for (let parent = 0; parent < length; parent++) chain.add(parent, parent + 1)
  return chain
}

describe('which blocks may be named', () => {
  // The next block on head 8 stands at height 9. Its uncles stand at heights 3 to 8: geth's seven
  // ancestors are the blocks of heights 2 to 8, and an uncle's parent is one of them, not the last.
  test.each([
    [1, false],
    [2, false],
    [3, true],
    [5, true],
    [8, true],
  ])('a sibling of the block at height %i: %s', (height, isAllowed) => {
    const { blocks, add } = chainOf(8)
    const uncle = add(height - 1, 100)
    expect(findUncles(blocks, 8, 2, everything)).toEqual(isAllowed ? [uncle] : [])
    expect(areUnclesValid(blocks, add(8, 200, { uncles: [uncle] }))).toBe(isAllowed)
  })

  test('behavior: not a sibling of the block that names', () => {
    const { blocks, add } = chainOf(3)
    const rival = add(3, 100)
    expect(areUnclesValid(blocks, add(3, 200, { uncles: [rival] }))).toBe(false)
  })

  test('behavior: not a block of the chain itself, nor the first of all', () => {
    const { blocks, add } = chainOf(4)
    for (const own of [0, 1, 3, 4]) {
      expect(areUnclesValid(blocks, add(4, 100 + own, { uncles: [own] }))).toBe(false)
    }
  })

  test('behavior: not the child of an uncle, whose parent is no ancestor', () => {
    const { blocks, add } = chainOf(5)
    const uncle = add(2, 100)
    const child = add(uncle, 101)
    expect(findUncles(blocks, 5, 2, everything)).toEqual([uncle])
    expect(areUnclesValid(blocks, add(5, 200, { uncles: [child] }))).toBe(false)
  })

  test('behavior: each once in a chain, whatever other chains name', () => {
    const { blocks, add } = chainOf(3)
    const uncle = add(1, 100)
    const naming = add(3, 101, { uncles: [uncle] })
    const next = add(naming, 102)
    expect(findUncles(blocks, naming, 2, everything)).toEqual([])
    expect(findUncles(blocks, next, 2, everything)).toEqual([])
    expect(areUnclesValid(blocks, add(next, 103, { uncles: [uncle] }))).toBe(false)
    expect(areUnclesValid(blocks, add(3, 104, { uncles: [uncle] }))).toBe(true)
    expect(areUnclesValid(blocks, add(3, 105, { uncles: [uncle, uncle] }))).toBe(false)
  })

  test('behavior: a miner names what it knows, the oldest first, as many as allowed', () => {
    const { blocks, add } = chainOf(4)
    const [one, two, three] = [add(1, 100), add(2, 101), add(3, 102)]
    expect(findUncles(blocks, 4, 2, everything)).toEqual([one, two])
    expect(findUncles(blocks, 4, 3, everything)).toEqual([one, two, three])
    expect(findUncles(blocks, 4, 2, (block) => block !== two)).toEqual([one, three])
  })
})

test('behavior: the very first block can be an uncle', () => {
  const { blocks, add } = createWorkChain()
  const [first, second] = [add(0, 10), add(0, 11)]
  expect(findUncles(blocks, add(second, 20), 2, everything)).toEqual([first])
})

test.each([
  [0, false],
  [1, false],
  [2, true],
])('where %i uncles are allowed, a block with two is valid: %s', (unclesMax, isAllowed) => {
  const { blocks, add } = chainOf(3)
  const uncles = [add(1, 20), add(2, 21)]
  const block = add(3, 22, { uncles })
  const parameters = nakamotoParameters.parse({ retarget: 'none', unclesMax })
  expect(blockRulesOf(parameters, blocks).isValid(block)).toBe(isAllowed)
})

test('a block that names one uncle which it may not name is invalid', () => {
  const { blocks, add } = chainOf(3)
  const stale = add(1, 20)
  const parameters = nakamotoParameters.parse({ retarget: 'none', unclesMax: 2 })
  const { isValid } = blockRulesOf(parameters, blocks)
  expect(isValid(add(3, 22, { uncles: [stale] }))).toBe(true)
  expect(isValid(add(3, 23, { uncles: [2] }))).toBe(false)
})

test('default: in a network, nearly every stale block is named, once', () => {
  const parameters = { retarget: 'none', unclesMax: 2 } as const
  const miners = createMiners({ weights: equalWeights(20), delay: seconds(60), parameters })
  runBlocks(miners, 2_000)
  const { cluster, blocks } = miners
  const head = cluster.head(0)
  const named: number[] = []
  for (let block = head; block > 0; block = blocks.parent(block)) {
    expect(unclesOf(blocks, block).length).toBeLessThanOrEqual(2)
    named.push(...unclesOf(blocks, block))
  }
  const stale = blocks.size() - 1 - blocks.height(head)
  expect(new Set(named).size).toBe(named.length)
  expect(named.filter((block) => blocks.isAncestor(block, head))).toEqual([])
  expect(stale).toBeGreaterThan(120)
  expect(named.length).toBeGreaterThan(0.95 * stale - 3)
})
