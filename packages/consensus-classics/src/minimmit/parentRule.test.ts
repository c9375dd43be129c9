import { none } from '@counterpoise/consensus/parts'
import { createBlockStore, genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { type Core, findParent, judgeParent, viewOf } from './core.ts'
import { holdFinalisation } from './views.ts'

/** A follower of views 1 to 5, each with a block on the one before. */
function createMember() {
  const blocks = createBlockStore()
  for (let round = 1; round <= 5; round++) {
    blocks.append({ parent: round - 1, proposer: 0, round, time: round })
  }
  let final: number = genesis
  const nothing = (): void => {}
  const core = {
    context: { blocks, committee: { size: 6 }, setTimer: nothing, clearTimer: nothing },
    finality: { final: () => final, decide: (block: number) => (final = block) },
    ...{ settings: {}, votes: false, view: 1, views: new Map(), finalView: 0 },
  } as unknown as Core
  return {
    ...{ core, blocks },
    notarise: (view: number, block = view) => void viewOf(core, view).notarised.push(block),
    nullify: (view: number) => void (viewOf(core, view).nullified = true),
    finalise: (view: number) => holdFinalisation(core, viewOf(core, view), view, none),
  }
}

describe('the parent of a proposal', () => {
  test('default: is notarised, and all views between are nullified', () => {
    const { core, notarise, nullify } = createMember()
    expect(judgeParent(core, 1, genesis)).toBe('justified')
    expect(judgeParent(core, 4, 2)).toBe('missing')
    nullify(3)
    expect(judgeParent(core, 4, 2)).toBe('missing')
    notarise(2)
    expect([judgeParent(core, 4, 2), findParent(core, 4)]).toEqual(['justified', 2])
    expect(judgeParent(core, 5, 2)).toBe('missing')
    // No certificate makes one of a later view right.
    expect([judgeParent(core, 2, 2), judgeParent(core, 1, 2)]).toEqual(['refused', 'refused'])
  })

  test('behavior: two blocks of a view may be built upon where its leader lies', () => {
    const { blocks, core, notarise } = createMember()
    const twin = blocks.append({ parent: 1, proposer: 0, round: 2, time: 0 })
    for (const block of [2, twin]) notarise(2, block)
    expect([2, twin].map((parent) => judgeParent(core, 3, parent))).toEqual(
      ['justified', 'justified'],
    )
  })

  test('behavior: the final block or one above it, whatever is held of those below', () => {
    const { blocks, core, finalise, notarise, nullify } = createMember()
    const twin = blocks.append({ parent: 1, proposer: 0, round: 3, time: 0 })
    for (const view of [1, 2]) notarise(view)
    notarise(3, twin)
    finalise(3)
    nullify(3)
    expect(judgeParent(core, 4, 3)).toBe('justified')
    for (const parent of [2, 1, genesis, twin]) {
      expect(judgeParent(core, 4, parent)).toBe('refused')
    }
    expect(findParent(core, 4)).toBe(3)
  })
})

test('views below the final one are forgotten, as nobody asks for them', () => {
  const { core, finalise, notarise } = createMember()
  for (let view = 1; view <= 5; view++) notarise(view)
  finalise(4)
  expect([...core.views.keys()]).toEqual([4, 5])
  // One that is final as well, and is heard of late, takes nothing back.
  finalise(2)
  expect([core.finalView, core.finality.final()]).toEqual([4, 4])
})
