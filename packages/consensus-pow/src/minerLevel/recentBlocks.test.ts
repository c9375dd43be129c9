import { describe, expect, test } from 'vitest'
import { RecentBlocks } from './recentBlocks.ts'

/** Blocks on these parents, numbered from 1, after the first one. */
function createTree(parents: readonly number[]): RecentBlocks {
  const tree = new RecentBlocks(2, (_from, _to, released) => released)
  for (const parent of parents) tree.append(parent, 0, 0, 0)
  return tree
}

describe('the last common ancestor', () => {
  // 0 ← 1 ← 2 ← 4 ← 6, 2 ← 3 ← 5, 0 ← 7
  const parents = [0, 1, 2, 2, 3, 4, 0]

  test('default: where two branches part', () => {
    const tree = createTree(parents)
    const pairs = [[6, 5], [5, 6], [4, 6], [6, 6], [7, 6], [7, 1]] as const
    expect(pairs.map(([one, other]) => tree.commonAncestor(one, other))).toEqual(
      [2, 2, 4, 6, 0, 0],
    )
  })

  test('behavior: also if it is the oldest one that is kept', () => {
    const tree = createTree(parents)
    tree.makeRoom(2)
    expect(tree.oldest).toBe(2)
    expect([tree.commonAncestor(5, 6), tree.commonAncestor(6, 2)]).toEqual([2, 2])
  })

  test('behavior: none where it is kept no more, whoever gets there first', () => {
    const tree = createTree(parents)
    tree.makeRoom(2)
    expect([tree.commonAncestor(7, 6), tree.commonAncestor(6, 7)]).toEqual([-1, -1])
    tree.makeRoom(3)
    expect(tree.oldest).toBe(3)
    expect([tree.commonAncestor(5, 6), tree.commonAncestor(6, 5)]).toEqual([-1, -1])
    // Of one branch, both are there.
    expect([tree.commonAncestor(3, 5), tree.commonAncestor(6, 4)]).toEqual([3, 4])
  })
})

describe('which of two blocks of a height a miner has first', () => {
  /** Blocks of miner 0 on the first one: when each was found, and when it was let go. */
  const firstOf = (delays: readonly number[], ...times: [created: number, released: number][]) => {
    let draws = 0
    const tree = new RecentBlocks(2, (_from, _to, released) => released + delays[draws++]!)
    for (const [created, released] of times) tree.append(0, 0, created, released)
    return [tree.firstAt(1, 1), tree.firstAt(1, 1), tree.firstAt(1, 0), draws]
  }

  test('default: that which arrives first, drawn once; its finder has its first', () => {
    expect(firstOf([5, 5], [10, 10], [12, 12])).toEqual([1, 1, 1, 2])
    // Levels list their newest block first.
    expect(firstOf([1, 9], [10, 10], [12, 12])).toEqual([2, 2, 1, 2])
  })

  test('behavior: at one instant the older one, unless it was withheld until then', () => {
    expect(firstOf([3, 5], [10, 10], [12, 12])).toEqual([1, 1, 1, 2])
    expect(firstOf([5, 5], [10, 12], [12, 12])).toEqual([2, 2, 1, 2])
    // Both were withheld, and are shown parents first.
    expect(firstOf([5, 5], [10, 14], [12, 14])).toEqual([1, 1, 1, 2])
  })

  test('behavior: one that nobody else knows of is first for nobody else', () => {
    expect(firstOf([5], [10, Number.POSITIVE_INFINITY], [12, 12])).toEqual([2, 2, 1, 1])
  })
})

test('behavior: a ring that grows keeps all that it knew of the blocks and their arrivals', () => {
  let draws = 0
  const tree = new RecentBlocks(3, (_from, _to, released) => released + ++draws)
  const { capacity } = tree
  const count = capacity / 2 + 10
  const arrivals: number[] = []
  for (let block = 1; block <= count; block++) {
    // Every third block has a rival.
    const parent = block % 3 === 0 ? Math.max(0, block - 2) : block - 1
    expect(tree.append(parent, block % 2, 10 * block, 10 * block + 5)).toBe(block)
    const slot = block & tree.mask
    tree.works[slot] = block / 2
    tree.difficulties[slot] = block / 4
    tree.periodStarts[slot] = block / 8
    tree.marks[slot] = block % 4
    arrivals[block] = tree.arrivalAt(block, 2)
  }
  const level = (height: number): number[] => {
    const found: number[] = []
    let block = tree.newestAt[height & tree.mask]!
    for (; block >= 0; block = tree.older[block & tree.mask]!) found.push(block)
    expect(found).toHaveLength(tree.countAt[height & tree.mask]!)
    return found
  }
  const heights = Array.from({ length: tree.topHeight + 1 }, (_, height) => height)
  const levels = heights.map(level)
  tree.makeRoom(0)
  expect(tree.capacity).toBe(2 * capacity)
  expect(heights.map(level)).toEqual(levels)
  for (let block = 1; block <= count; block++) {
    const slot = block & tree.mask
    expect([
      ...[tree.created[slot], tree.released[slot], tree.finders[slot], tree.marks[slot]],
      ...[tree.works[slot], tree.difficulties[slot], tree.periodStarts[slot]],
      ...[tree.parents[slot], tree.arrivalAt(block, 2)],
    ]).toEqual([
      ...[10 * block, 10 * block + 5, block % 2, block % 4],
      ...[block / 2, block / 4, block / 8],
      ...[block % 3 === 0 ? Math.max(0, block - 2) : block - 1, arrivals[block]],
    ])
  }
  expect(draws).toBe(count)
})
