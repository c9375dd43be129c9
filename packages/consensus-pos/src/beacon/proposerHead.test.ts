import { expect, test } from 'vitest'
import { type HeadFacts, leavesHeadOut } from './proposerHead.ts'

const late: HeadFacts = {
  ...{ slot: 321, headSlot: 320, parentSlot: 319 },
  ...{ isLate: true, isOnTime: true, isEquivocation: false },
  ...{ headJustified: 8, parentJustified: 8, quietEpochs: 2 },
  ...{ headEther: 199, parentEther: 1_601, slotEther: 1_000 },
}

test('a late, weak head is left out for a strong parent', () => {
  expect(leavesHeadOut(late)).toBe(true)
})

test.each<[string, Partial<HeadFacts>]>([
  ['the head came in time', { isLate: false }],
  ['the proposal itself is late', { isOnTime: false }],
  ['an epoch begins: the shuffling would change', { slot: 320, headSlot: 319, parentSlot: 318 }],
  ['the head justifies more than its parent', { headJustified: 9 }],
  ['three epochs since the final one', { quietEpochs: 3 }],
  ['a slot between parent and head was empty', { parentSlot: 318 }],
  ['a slot after the head was empty', { slot: 322 }],
  ['a fifth of the slot’s stake voted for the head', { headEther: 200 }],
  ['the parent has 160 % of a slot, not more', { parentEther: 1_600 }],
])('behavior: not where %s', (_reason, change) => {
  expect(leavesHeadOut({ ...late, ...change })).toBe(false)
})

test('a weak head whose proposer made two blocks is left out in any case', () => {
  const twice: HeadFacts = {
    ...late,
    ...{ isLate: false, isEquivocation: true, parentEther: 0, headJustified: 9, quietEpochs: 9 },
  }
  expect(leavesHeadOut(twice)).toBe(true)
  expect(leavesHeadOut({ ...twice, headEther: 200 })).toBe(false)
  expect(leavesHeadOut({ ...twice, slot: 322 })).toBe(false)
})
