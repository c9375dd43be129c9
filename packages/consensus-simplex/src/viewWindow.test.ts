import { addVote } from '@counterpoise/consensus/parts'
import { expect, test } from 'vitest'
import { createViewWindow, forgetBelow, knownView, openView, viewForVote } from './viewWindow.ts'

test('votes come in from the base to as many views ahead as are tracked', () => {
  const window = createViewWindow(4, 256, 1_001)
  expect(viewForVote(window, 1_000)).toBeUndefined()
  expect(viewForVote(window, 1_001)?.view).toBe(1_001)
  expect(viewForVote(window, 1_256)?.view).toBe(1_256)
  expect(viewForVote(window, 1_257)).toBeUndefined()
  expect(knownView(window, 1_257)).toBeUndefined()
})

test('behavior: certificates open views however far ahead, and the ring widens for them', () => {
  const window = createViewWindow(4, 8)
  const first = openView(window, 1)!
  const last = openView(window, 17)!
  first.notarised = 5
  // The ring had 16 slots: both views would have had the same one.
  expect(knownView(window, 1)).toBe(first)
  expect(knownView(window, 17)).toBe(last)
  expect(knownView(window, 16)).toBeUndefined()
  expect(knownView(window, 1_000)).toBeUndefined()
})

test('behavior: what is forgotten is used again as if it were new', () => {
  const window = createViewWindow(4, 8)
  const old = openView(window, 3)!
  addVote(old.notarise, 1, 7, 1)
  addVote(old.nullify, 1, 0, 1)
  addVote(old.finalise, 1, 7, 1)
  Object.assign(old, { notarised: 7, uncertified: 8, nullified: true, finalised: 7 })
  Object.assign(old, { ownNotarise: 7, ownNullify: true, ownFinalise: true })
  const kept = openView(window, 4)!
  forgetBelow(window, 4)
  expect(openView(window, 3)).toBeUndefined()
  expect(knownView(window, 4)).toBe(kept)
  const again = openView(window, 9)!
  expect(again).toBe(old)
  expect(again).toEqual({ ...openView(createViewWindow(4, 8), 9)! })
  // The base never goes back.
  forgetBelow(window, 2)
  expect(openView(window, 3)).toBeUndefined()
})
