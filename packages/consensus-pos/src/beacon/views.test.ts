import { expect, test } from 'vitest'
import { createBeaconState } from '../transition/validatorGroup.ts'
import type { BeaconBlock } from './blocks.ts'
import { createBeaconChain } from './chain.ts'
import type { Choice, View } from './heads.ts'
import { createViews } from './views.ts'

const due = 4_000

/** Views of one node over a chain of these blocks, with what the fork choice is asked. */
function viewsOf(drafts: readonly { parent: number; slot: number; seen: number }[], slot: number) {
  const beacon = createBeaconState({ groups: [{ entity: 'all', count: 1 }], start: 'running' })
  const chain = createBeaconChain({ epoch: 8, tip: 0, beacon }, { firstSlot: 256, nodes: 1 })
  const asked: View[] = []
  const settled: number[] = []
  const head = { now: 0 }
  const choose = (view: View): Choice => {
    asked.push(view)
    const root = { epoch: 7, block: 0 }
    const weights = { isFull: true, weightOf: () => 0, equivocatingEther: 0 }
    return { head: head.now, justified: root, finalised: root, ...weights }
  }
  const views = createViews(chain, {
    choose,
    prune: () => undefined,
    settle: (id) => settled.push(id),
  })
  for (const { parent, slot: at, seen } of drafts) {
    const before = chain.blocks[parent]!
    const block: BeaconBlock = {
      ...before,
      ...{ id: chain.blocks.length, parent, slot: at },
      ...{ seen: Float64Array.of(seen), settled: seen },
    }
    chain.blocks.push(block)
  }
  views.begin(0, slot, due)
  for (const block of chain.blocks.slice(1)) views.add({ block: block.id })
  return { chain, views, asked, settled, head }
}

const boostedAt = (
  drafts: readonly { parent: number; slot: number; seen: number }[],
  time: number,
): number => {
  const { views, asked } = viewsOf(drafts, 300)
  views.choice(0, time)
  return asked.at(-1)!.boosted
}

test('the slot’s block is boosted if it came before votes were due', () => {
  expect(boostedAt([{ parent: 0, slot: 300, seen: 3_999 }], 5_000)).toBe(1)
  expect(boostedAt([{ parent: 0, slot: 300, seen: 4_000 }], 5_000)).toBe(-1)
  // Not before it is there, and no block of another slot.
  expect(boostedAt([{ parent: 0, slot: 300, seen: 3_000 }], 2_999)).toBe(-1)
  expect(boostedAt([{ parent: 0, slot: 299, seen: 1_000 }], 5_000)).toBe(-1)
})

test('of two blocks the first that came is boosted', () => {
  const two = [
    { parent: 0, slot: 300, seen: 2_000 },
    { parent: 0, slot: 300, seen: 1_000 },
  ]
  expect(boostedAt(two, 5_000)).toBe(2)
  expect(boostedAt(two.toReversed(), 5_000)).toBe(1)
})

test('a block with another shuffling than the head before it is not boosted', () => {
  // Epoch 9 hangs on what stood at the end of epoch 7 and before, slot 255.
  const at = (slot: number, parents: [number, number], head: number): number => {
    const drafts = [
      { parent: 0, slot: 270, seen: 0 },
      { parent: parents[0], slot: 320, seen: 0 },
      { parent: parents[1], slot, seen: 1_000 },
    ]
    const { views, asked, head: chosen } = viewsOf(drafts, slot)
    chosen.now = head
    views.choice(0, 5_000)
    return asked.at(-1)!.boosted
  }
  // In epoch 11 blocks hang on slot 319: block 1 for one branch, the first block for the other.
  expect(at(352, [1, 0], 2)).toBe(-1)
  expect(at(352, [1, 1], 2)).toBe(3)
  expect(at(352, [1, 0], 0)).toBe(3)
  // In epoch 10 they hang on slot 287, before which both branches parted as well.
  expect(at(330, [1, 0], 2)).toBe(-1)
  // Who builds on the other branch's block has its shuffling.
  expect(at(352, [1, 2], 2)).toBe(3)
})
