import { expect, test } from 'vitest'
import { estimated } from './estimate.ts'

test('default: every number becomes its estimate, wherever it stands', () => {
  expect(estimated([{ offered: 1, blocks: { count: 4 } }, { offered: 3, blocks: { count: 4 } }]))
    .toEqual({
      offered: { mean: 2, ci95: expect.closeTo(12.706, 9) },
      blocks: { count: { mean: 4, ci95: 0 } },
    })
})

test('default: the interval of a share stays within 0 and 1', () => {
  const [low, high] = [{ included_share: 0.5 }, { included_share: 1 }]
  const { included_share: share } = estimated<unknown>([low, high]) as any
  expect(share.mean).toBe(0.75)
  expect(share.ci95).toBeGreaterThan(3)
  expect(share).toMatchObject({ low: 0, high: 1 })
  const narrow = estimated<unknown>([{ participation: 0.5 }, { participation: 0.501 }]) as any
  const { mean, ci95 } = narrow.participation
  expect(narrow.participation).toMatchObject({ low: mean - ci95, high: mean + ci95 })
})

test('behavior: entries of lists are estimated as what stands elsewhere is', () => {
  const runs = [0.5, 1, null].map((held_share) => ({ changes: [{ what: 'join', held_share }] }))
  const some = estimated<unknown>(runs.slice(0, 2)) as any
  expect(some.changes[0]).toMatchObject({ what: 'join', held_share: { low: 0, high: 1 } })
})

test('behavior: what is a share is told by the name of the figure, not by other names', () => {
  const figures = {
    routed_share: { tempo: 0.5 },
    failed_share_by_reason: { declined: 0.1 },
    stale_by_miner: { one: 0.2 },
    blocks_by_miner: { head_accuracy: 3, big_share: 4 },
    failed_by_reason: { no_share: 5 },
    revenue_by_miner: { one: { share_of_chain: 0.3, subsidy_native: 6 } },
    attacks: { selfish_share: { revenue_share: 0.4, blocks: 7 } },
    blocks: { stale_share: 0, interval_ms: { mean: 8 } },
  }
  const shares: string[] = []
  const visit = (value: any, path: string): void => {
    if ('mean' in value && 'ci95' in value) {
      if ('low' in value) shares.push(path)
    } else for (const [key, each] of Object.entries(value)) visit(each, `${path}/${key}`)
  }
  visit(estimated([figures, figures]), '')
  expect(shares).toEqual([
    '/routed_share/tempo',
    '/failed_share_by_reason/declined',
    '/stale_by_miner/one',
    '/revenue_by_miner/one/share_of_chain',
    '/attacks/selfish_share/revenue_share',
    '/blocks/stale_share',
  ])
})

test('behavior: where a figure is null, the others count, and it says how many', () => {
  expect(estimated([{ fee: null }, { fee: 2 }, { fee: 2 }])).toEqual({
    fee: { mean: 2, ci95: 0, replications: 2 },
  })
  expect(estimated<unknown>([{ times: null }, { times: { p50: 7 } }])).toEqual({
    times: { p50: { mean: 7, ci95: 0, replications: 1 } },
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
  expect(found).toEqual({ outage: { offered: { mean: 8, ci95: 0, replications: 1 } } })
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
