import { none } from '@counterpoise/consensus/parts'
import { createBlockStore, genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import type { Core } from './core.ts'
import { messageTypes, type ViewChange } from './messages.ts'
import { boundTo } from './viewChange.ts'

const blocks = createBlockStore()
const append = (parent: number, round: number): number =>
  blocks.append({ parent, proposer: 0, round, time: round })
const [one, rival] = [append(genesis, 1), append(genesis, 2)]
const [two, twin] = [append(one, 3), append(one, 4)]
const core = { context: { blocks } } as unknown as Core

/** What is shown in changes to view 5: what is final, and what was prepared in which view. */
const bound = (...shown: [final: number, prepared: number, preparedView: number][]) => {
  const changes = shown.map(([final, prepared, preparedView], from): ViewChange => {
    return { type: messageTypes.viewChange, from, view: 5, final, prepared, preparedView }
  })
  return boundTo(core, { type: messageTypes.newView, view: 5, changes })
}

describe('what a new primary is bound to', () => {
  test('default: nothing where nobody has prepared anything', () => {
    expect(bound([genesis, none, -1], [genesis, none, -1])).toEqual({ final: genesis, block: none })
  })

  test('behavior: the highest final block, wherever it stands', () => {
    for (const shown of [[one, genesis], [genesis, one]]) {
      const found = bound(...shown.map((final): [number, number, number] => [final, none, -1]))
      expect(found).toEqual({ final: one, block: none })
    }
  })

  test('behavior: what was prepared in the highest view, wherever it stands', () => {
    expect(bound([genesis, one, 2], [genesis, rival, 3]).block).toBe(rival)
    expect(bound([genesis, rival, 3], [genesis, one, 2]).block).toBe(rival)
    // Of one view there is one only; if not, the first.
    expect(bound([genesis, one, 3], [genesis, rival, 3]).block).toBe(one)
  })

  test('behavior: only what stands at the height after the final one', () => {
    expect(bound([one, two, 2], [genesis, rival, 4])).toEqual({ final: one, block: two })
    expect(bound([one, none, -1], [genesis, one, 4])).toEqual({ final: one, block: none })
    expect(bound([genesis, one, 1], [one, twin, 4])).toEqual({ final: one, block: twin })
  })
})
