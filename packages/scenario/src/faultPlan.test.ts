import { createSimulation } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { endOf, faultPlanOf, faultText, plannedFault } from './faultPlan.ts'
import { fault } from './schema/faults.ts'
import { broken, type Draft } from './testing.ts'
import { scenarioOf } from './validate.ts'

const planned = (given: Draft) => plannedFault(fault.parse({ at: '2s', ...given }), 60e6)
const [where, to] = [{ region: 'us-east-1' }, { region: 'eu-west-1' }]

test('default: what a fault does, in µs and in parts of one', () => {
  const times = { at: 2e6, duration: 58e6 }
  expect(planned({ what: 'outage', where })).toEqual({ what: 'outage', ...times, where })
  const cut = { what: 'partition', sides: [where] }
  expect(planned({ ...cut, mode: 'hold', for: '3s' })).toMatchObject({
    ...{ mode: 'hold', duration: 3e6 },
  })
  expect(planned({ ...cut, mode: { slowMs: 250 } })).toMatchObject({ mode: { slow: 250_000 } })
  for (const what of [
    { what: 'loss', probability: 0.25 },
    { what: 'throttle', share: 0.25 },
  ]) {
    expect(planned({ ...what, where, to })).toEqual({ ...what, ...times, where, to })
  }
  expect(planned({ what: 'delay', where, to, delayMs: 7 })).toEqual({
    ...{ what: 'delay', ...times, where, to, delay: { kind: 'constant', value: 7 } },
  })
})

test('default: a fault in words, shares as per cent', () => {
  const text = (given: Draft): string => faultText(fault.parse({ at: '2s', where, ...given }))
  expect(text({ what: 'loss', probability: 0.25 })).toBe('25 % lost on links of us-east-1')
  expect(text({ what: 'throttle', to, share: 0.2 })).toBe(
    'links of us-east-1 to eu-west-1 at 20 %',
  )
  expect(text({ what: 'delay', delayMs: 7 })).toBe('7 ms more on links of us-east-1')
})

test('behavior: faults at random do not follow each other', () => {
  const flicker = {
    ...{ what: 'outage', at: '10s', for: '1s', where: { name: 'stripe' } },
    repeat: { every: '20s', spread: 'exponential' },
  }
  const { data } = scenarioOf(broken('tempo', (draft) => (draft.faults = [flicker, flicker])))
  const { detachedStream } = createSimulation({ seed: '1' })
  const all = faultPlanOf(data, detachedStream).map(({ at }) => at)
  const [first, second] = [all.indexOf(10e6), all.lastIndexOf(10e6)]
  expect([first, second > 0]).toEqual([0, true])
  const later = new Set(all.slice(1, second))
  expect(later.size).toBeGreaterThan(10)
  expect(all.slice(second + 1).filter((at) => later.has(at))).toEqual([])
})

describe('the end of a run', () => {
  const end = (recipe: (draft: Draft) => void): number =>
    endOf(scenarioOf(broken('bitcoin', recipe)).data) / 3_600e6

  test('default: the load and its drain, or `until` where that is sooner, h', () => {
    expect(end(() => {})).toBe(30)
    expect(end((draft) => (draft.until = '29h'))).toBe(29)
    expect(end((draft) => (draft.until = '31h'))).toBe(30)
  })

  test('default: where blocks are waited for, four times as long and 200 blocks more', () => {
    // Ten minutes a block.
    expect(end((draft) => (draft.blocks = 100))).toBe((4 * 100 + 200) / 6)
    expect(end((draft) => Object.assign(draft, { blocks: 100, until: '50h' }))).toBe(50)
    const slow = (draft: Draft): void => {
      draft.blocks = 100
      draft.rails.bitcoin.access.typicalInterval = '20m'
    }
    expect(end(slow)).toBe((4 * 100 + 200) / 3)
    // Nor sooner than the load is over.
    expect(end((draft) => Object.assign(draft, { blocks: 1, drain: '90h' }))).toBe(24 + 90)
  })
})
