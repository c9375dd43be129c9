import { expect, test } from 'vitest'
import { estimated } from './estimate.ts'

test('default: every number becomes its estimate, wherever it stands', () => {
  expect(estimated([{ offered: 1, blocks: { count: 4 } }, { offered: 3, blocks: { count: 4 } }]))
    .toEqual({
      offered: { mean: 2, ci95: expect.closeTo(12.706, 9) },
      blocks: { count: { mean: 4, ci95: 0 } },
    })
})

test('behavior: where a figure is null, the others count', () => {
  expect(estimated([{ fee: null }, { fee: 2 }, { fee: 2 }])).toEqual({ fee: { mean: 2, ci95: 0 } })
  expect(estimated<unknown>([{ times: null }, { times: { p50: 7 } }])).toEqual({
    times: { p50: { mean: 7, ci95: 0 } },
  })
})

test('behavior: what is null everywhere stays null', () => {
  expect(estimated([{ fee: null }, { fee: null }])).toEqual({ fee: null })
})

test('behavior: a reason that some runs do not have counts as none there', () => {
  const found = estimated<Record<string, number>>([{ declined: 4 }, {}, { evicted: 6 }])
  expect(found['declined']!.mean).toBeCloseTo(4 / 3, 12)
  expect(found['evicted']!.mean).toBe(2)
})

test('behavior: keys under a null are not taken for missing', () => {
  const found = estimated<unknown>([{ outage: null }, { outage: { offered: 8 } }])
  expect(found).toEqual({ outage: { offered: { mean: 8, ci95: 0 } } })
})

test('behavior: lists alike but for their numbers stay lists, others are those of nobody', () => {
  const run = (at: number, left: string[]) => ({ changes: [{ at_s: at, left }], left })
  expect(estimated([run(2, ['visa']), run(2, ['visa'])])).toEqual({
    changes: [{ at_s: { mean: 2, ci95: 0 }, left: ['visa'] }],
    left: ['visa'],
  })
  expect(estimated([run(2, ['visa']), run(2, ['zodia'])])).toEqual({ changes: null, left: null })
  expect(estimated([run(2, []), { changes: [], left: [] }])).toEqual({ changes: null, left: [] })
})
