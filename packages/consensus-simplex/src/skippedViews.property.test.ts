import { none } from '@counterpoise/consensus/parts'
import { fuzzParameters } from '@counterpoise/dev'
import { genesis } from '@counterpoise/ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Core } from './core.ts'
import { findParent } from './parentRule.ts'
import { lastUnskipped } from './skippedViews.ts'
import { isNullified, noteNullification } from './terms.ts'
import { createViewWindow, knownView, noteNotarised, openView } from './viewWindow.ts'

function createMember(termViews: number, viewsToTrack = 64) {
  const core = {
    settings: { termViews, epochBlocks: 0 },
    ...{ epoch: 0, finalisedView: 0, finalisedBlock: genesis },
    ...{ nullifiedFrom: new Map(), window: createViewWindow(4, viewsToTrack) },
  } as unknown as Core
  const { window } = core
  return {
    core,
    nullify: (view: number): void => {
      openView(window, view)!.nullified = true
      noteNullification(core, view)
    },
    notarise: (view: number): void => noteNotarised(window, openView(window, view)!, 100 + view),
  }
}

/** The same, view by view. */
function walked(core: Core, view: number, floor: number): number {
  for (let below = view - 1; below > floor; below--) {
    const block = knownView(core.window, below)?.notarised ?? none
    if (block !== none || !isNullified(core, below)) return below
  }
  return floor
}

describe('views that are skipped', () => {
  const view = fc.integer({ min: 1, max: 24 })
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ what: fc.constant('nullify' as const), view }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('notarise' as const), view }) },
    { weight: 3, arbitrary: fc.record({ what: fc.constant('look' as const), view, floor: view }) },
  )

  test.each([1, 3])('are the same, however they were found (terms of %i views)', (termViews) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 80 }), (steps) => {
        const { core, notarise, nullify } = createMember(termViews)
        for (const each of steps) {
          if (each.what === 'nullify') nullify(each.view)
          else if (each.what === 'notarise') notarise(each.view)
          else {
            const floor = Math.min(each.floor, each.view) - 1
            const found = lastUnskipped(core, each.view, floor)
            expect(found).toBe(walked(core, each.view, floor))
          }
        }
      }),
      fuzzParameters(500),
    )
  })

  const views = 2_000
  /** How often the state of a view is read. */
  const counted = ({ window }: Core) => {
    let reads = 0
    window.slots = new Proxy(window.slots, {
      get: (slots, key, self) => {
        reads++
        return Reflect.get(slots, key, self)
      },
    })
    return (look: () => void): number => {
      reads = 0
      look()
      return reads
    }
  }

  test('behavior: a leader looks at few of them, however many there are', () => {
    const { core, nullify } = createMember(1, views)
    const readsOf = counted(core)
    for (let view = 1; view < views; view++) {
      const look = (): void => expect(findParent(core, view + 1)).toBe(genesis)
      const lookInVain = (): void => expect(findParent(core, view + 1)).toBe(none)
      expect(readsOf(lookInVain)).toBeLessThan(8)
      nullify(view)
      expect(readsOf(look)).toBeLessThan(8)
    }
  })

  test('behavior: nor again at those below one whose certificate was late', () => {
    const { core, nullify } = createMember(1, views)
    for (let view = 1; view < views; view++) if (view !== 1_500) nullify(view)
    const readsOf = counted(core)
    const look = (): void => void findParent(core, views)
    expect(readsOf(look)).toBeGreaterThan(400)
    nullify(1_500)
    expect(readsOf(look)).toBeGreaterThan(1_400)
    expect(readsOf(look)).toBeLessThan(8)
    expect(findParent(core, views)).toBe(genesis)
  })

  test('behavior: one that is notarised late is found', () => {
    const { core, notarise, nullify } = createMember(1, views)
    notarise(1)
    for (let view = 2; view < views; view++) nullify(view)
    expect(findParent(core, views)).toBe(101)
    notarise(1_000)
    expect(findParent(core, views)).toBe(1_100)
    // And so is what lies below it.
    expect(lastUnskipped(core, 1_000, 0)).toBe(1)
  })
})
