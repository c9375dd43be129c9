import { describe, expect, test } from 'vitest'
import { actions, type Fork, forks, type Strategy } from './attack.ts'
import { createStrategist } from './strategist.ts'
import { majorityMining, selfishMining } from './strategies.ts'

/** A tree whose blocks have works of their own, and an attacker in it. */
function play(strategy: Strategy) {
  const parents = [-1]
  const works = [0]
  const hidden = new Set<number>()
  const published: number[] = []
  const heightOf = (block: number): number => (block === 0 ? 0 : heightOf(parents[block]!) + 1)
  const commonAncestor = (one: number, other: number): number => {
    if (one === other) return one
    return one > other
      ? commonAncestor(parents[one]!, other)
      : commonAncestor(one, parents[other]!)
  }
  const strategist = createStrategist({
    strategy,
    tree: {
      ...{ heightOf, commonAncestor },
      workOf: (block) => works[block]!,
      parentOf: (block) => parents[block]!,
      isHidden: (block) => hidden.has(block),
      publish: (block) => {
        hidden.delete(block)
        published.push(block)
      },
      isTarget: () => false,
      made: () => parents.length,
    },
  })
  const add = (parent: number, work: number): number => {
    works.push(works[parent]! + work)
    return parents.push(parent) - 1
  }
  return {
    ...{ strategist, published },
    find: (work: number): number => {
      const block = add(strategist.ownTip(), work)
      hidden.add(block)
      strategist.find(block, 0)
      return block
    },
    hear: (parent: number, work: number): number => {
      const block = add(parent, work)
      strategist.hear(block, 0)
      return block
    },
  }
}

describe('after a retarget, work counts and not blocks', () => {
  test('override: shows no more blocks that are less work, and enough when it has them', () => {
    const { find, hear, published } = play(majorityMining())
    const first = hear(0, 1)
    hear(first, 1)
    const own = [0.5, 0.5, 0.5].map(find)
    // Three blocks against two, but less work.
    expect(published).toEqual([])
    own.push(find(0.5))
    // As much is not more.
    expect(published).toEqual([])
    own.push(find(0.5))
    expect(published).toEqual(own)
  })

  test('override: one heavy block is enough', () => {
    const { find, hear, published } = play(majorityMining())
    hear(hear(0, 1), 1)
    const own = find(4)
    expect(published).toEqual([own])
  })

  test('override: of its branch no more than what is needed', () => {
    const counting: Strategy = {
      name: 'patient',
      decide: (own, others) => (own > others && others > 0 ? actions.override : actions.wait),
    }
    const { find, hear, published, strategist } = play(counting)
    const [one, two] = [find(2), find(2)]
    find(2)
    hear(0, 3)
    expect(published).toEqual([one, two])
    expect(strategist.ownTip()).toBe(3)
  })

  test('what others show is a branch where it is more work, though it is no longer', () => {
    const { find, hear, strategist } = play(selfishMining())
    const light = hear(0, 1)
    expect(strategist.ownTip()).toBe(light)
    const heavy = hear(0, 2)
    expect(strategist.ownTip()).toBe(heavy)
    hear(hear(light, 0.25), 0.25)
    expect(strategist.ownTip()).toBe(heavy)
    find(1)
    expect(strategist.ownTip()).not.toBe(heavy)
  })
})

test('behavior: what has been shown is not shown again', () => {
  const { find, hear, published } = play(selfishMining())
  const own = find(1)
  // Level: it shows its block against the other one; then it finds another, and is ahead.
  hear(0, 1)
  expect(published).toEqual([own])
  const next = find(1)
  expect(published).toEqual([own, next])
})

test('behavior: of two equal blocks of the others, the one heard of first counts', () => {
  const { find, hear, strategist } = play(selfishMining())
  const own = find(1)
  const first = hear(0, 1)
  hear(0, 1)
  expect(strategist.race()).toEqual([own, first])
  expect(strategist.result().tieBlocks).toBe(0)
})

test('behavior: a fork stays open when the attacker finds a block, not when others do', () => {
  const seen: [own: number, others: number, fork: Fork][] = []
  const matching: Strategy = {
    name: 'matching',
    decide: (own, others, fork) => {
      seen.push([own, others, fork])
      return fork === forks.relevant && own >= others ? actions.match : actions.wait
    },
  }
  const { find, hear, published, strategist } = play(matching)
  const { active, irrelevant, relevant } = forks
  const own = [find(1), find(1)]
  const other = hear(0, 1)
  expect(published).toEqual([own[0]])
  own.push(find(1))
  expect(strategist.race()).toEqual([own[0], other])
  const next = hear(other, 1)
  expect(published).toEqual([own[0], own[1]])
  expect(strategist.race()).toEqual([own[1], next])
  expect(seen).toEqual([
    [1, 0, irrelevant],
    [2, 0, irrelevant],
    [2, 1, relevant],
    [3, 1, active],
    [3, 2, relevant],
  ])
})

test('what others find on either side of an open fork is counted, and what on the own side', () => {
  const { find, hear, strategist } = play(selfishMining())
  const tieOn = (side: 'own' | 'other'): void => {
    const own = find(1)
    const other = hear(strategist.held()[0]!, 1)
    expect(strategist.race()).toEqual([own, other])
    hear(side === 'own' ? own : other, 1)
  }
  tieOn('own')
  tieOn('other')
  tieOn('own')
  expect(strategist.result()).toMatchObject({ tieBlocks: 3, tieBlocksOnOwn: 2 })
})

test('an attempt succeeds where its branch is shown, and fails where it is given up', () => {
  const plan: (typeof actions)[keyof typeof actions][] = []
  const planned: Strategy = {
    name: 'planned',
    decide: () => plan.shift()!,
    begins: (own, others) => own === 1 && others === 0,
  }
  const { find, hear, strategist } = play(planned)
  const { adopt, override, release, wait } = actions
  for (const end of [override, release, adopt]) {
    plan.push(wait, end)
    find(1)
    hear(strategist.held()[0]!, 0.5)
  }
  // After the block that it begins with, one more is found in each.
  expect(strategist.result()).toMatchObject({ attempts: 3, successes: 2, blocksInAttempts: 3 })
})
