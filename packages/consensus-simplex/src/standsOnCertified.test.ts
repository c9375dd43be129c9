import { genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import type { Core } from './core.ts'
import { standsOnCertified } from './terms.ts'
import { createViewWindow, noteNotarised, openView } from './viewWindow.ts'

/** A member whose leaders lead terms of four views: 1 to 4, 5 to 8, … */
function createMember(optimisticViews: number, finalisedView = 0) {
  const core = {
    settings: { termViews: 4, optimisticViews },
    ...{ window: createViewWindow(4, 64), finalisedView, finalisedBlock: genesis },
  } as unknown as Core
  const notarise = (view: number): void =>
    noteNotarised(core.window, openView(core.window, view)!, view)
  const stands = (view: number): boolean => standsOnCertified(core, openView(core.window, view)!)
  return { core, notarise, stands }
}

describe('whether a notarised block stands on what is certified', () => {
  test('default: in the midst of a term, if the block of the view before is', () => {
    const { core, notarise, stands } = createMember(3)
    expect(stands(7)).toBe(false)
    // Votes for it are there, a certificate that is followed is not.
    openView(core.window, 6)!.uncertified = 6
    expect(stands(7)).toBe(false)
    // What is certified somewhere in the term, or above, does not help.
    for (const view of [5, 8]) notarise(view)
    expect(stands(7)).toBe(false)
    expect(stands(6)).toBe(true)
    notarise(6)
    expect(stands(7)).toBe(true)
  })

  test('behavior: the first one of a term stands on what justified its proposal', () => {
    const { stands } = createMember(3)
    expect([1, 2, 5, 6, 9, 10].map(stands)).toEqual([true, false, true, false, true, false])
  })

  test('behavior: on what is final, with whatever certificate', () => {
    const { stands } = createMember(3, 6)
    expect([6, 7, 8].map(stands)).toEqual([true, true, false])
  })

  test('behavior: always, where nobody votes before the parent is notarised', () => {
    const { stands } = createMember(0)
    expect([5, 6, 7, 8].map(stands)).toEqual([true, true, true, true])
  })
})
