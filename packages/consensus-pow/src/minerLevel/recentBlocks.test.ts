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
