import { describe, expect, test } from 'vitest'
import { estimated } from './estimate.ts'
import { clopperPearson, estimateOf } from './interval.ts'
import type { Kind } from './kinds.ts'
import { railKinds } from './railKinds.ts'
import type { RailResult } from './results.ts'

/** What was the same wherever it was. */
const same = (value: number) => ({ mean: value, ci95: 0, low: value, high: value })

/** What one of several had. */
const once = (value: number) => ({ mean: value, ci95: null, replications: 1 })

const counts = (): Kind => 'count'

test('default: every number becomes its estimate, wherever it stands', () => {
  const kinds = { offered: 'count', blocks: { count: 'count' } } as const
  expect(
    estimated(
      [
        { offered: 1, blocks: { count: 4 } },
        { offered: 3, blocks: { count: 4 } },
      ],
      kinds,
    ),
  ).toEqual({
    offered: { mean: 2, ci95: expect.closeTo(12.706, 9), low: 0, high: expect.closeTo(14.706, 9) },
    blocks: { count: same(4) },
  })
})

test('behavior: entries of lists are estimated as what stands elsewhere is', () => {
  const runs = [0.5, 1].map((held_share) => ({ changes: [{ what: 'join', held_share }] }))
  const some = estimated(runs, { changes: { held_share: 'share' } })
  expect(some.changes![0]).toEqual({ what: 'join', held_share: estimateOf([0.5, 1], 'share') })
})

describe('shares of trials', () => {
  type Run = { made: Record<string, number>; stale: Record<string, number | null> }
  const kinds = {
    made: counts,
    stale: () => ({
      outOf: ({ made }: Run, miner?: string) => made[miner!],
      isApart: ({ made }: Run) => made['three'] === undefined,
    }),
  }

  test('default: their trials are found by the names on the way', () => {
    const run: Run = { made: { one: 10, two: 20 }, stale: { one: 0, two: 0.1 } }
    const { stale } = estimated([run, run], kinds)
    expect(stale['one']).toMatchObject(clopperPearson(0, 20))
    expect(stale['two']).toMatchObject(clopperPearson(4, 40))
  })

  test('behavior: of results without any, there are no trials', () => {
    const [none, some]: Run[] = [
      { made: { one: 0 }, stale: { one: null } },
      { made: { one: 40 }, stale: { one: 0.1 } },
    ]
    const { stale } = estimated([none!, some!], kinds)
    expect(stale['one']).toMatchObject({ ...clopperPearson(4, 40), replications: 1 })
  })

  test('behavior: whether they are apart is asked of the results', () => {
    const run: Run = { made: { one: 10, three: 5 }, stale: { one: 0 } }
    expect(estimated([run], kinds).stale['one']).toEqual({ mean: 0, ci95: null })
  })
})

test('behavior: a name that a scenario gives is not taken for a figure', () => {
  const rail = {
    ...{ routed: 20, routed_share: { offered: 0.5 } },
    blocks: { count: 8, attacks: { gamma: { gamma: 0.4, tie_blocks: 5, elsewhere: 3 } } },
    failed_by_reason: { final_share: 5 },
  } as unknown as RailResult
  const { blocks, failed_by_reason, routed_share } = estimated([rail, rail], railKinds)
  expect(routed_share!['offered']).toMatchObject(clopperPearson(20, 40))
  expect(failed_by_reason['final_share']).toEqual(same(5))
  expect(blocks!.attacks!['gamma']!['gamma']).toMatchObject(clopperPearson(4, 10))
  expect(blocks!.attacks!['gamma']!['elsewhere']).toEqual(same(3))
})

test('behavior: where a figure is null, the others count, and it says how many', () => {
  expect(estimated([{ fee: null }, { fee: 2 }, { fee: 2 }], { fee: 'amount' })).toEqual({
    fee: { ...same(2), replications: 2 },
  })
  const kinds = { times: { p50: 'time' } } as const
  expect(estimated([{ times: null }, { times: { p50: 7 } }], kinds)).toEqual({
    times: { p50: once(7) },
  })
})

test('behavior: what is null everywhere stays null', () => {
  const none: { fee: number | null }[] = [{ fee: null }, { fee: null }]
  expect(estimated(none, { fee: 'amount' })).toEqual({ fee: null })
})

test('behavior: a reason that some runs do not have counts as none there', () => {
  const found = estimated<Record<string, number>>([{ declined: 4 }, {}, { evicted: 6 }], counts)
  expect(found['declined']!.mean).toBeCloseTo(4 / 3, 12)
  expect(found['evicted']!.mean).toBe(2)
})

test('behavior: keys under a null are not taken for missing', () => {
  const kinds = { outage: { offered: 'count' } } as const
  const found = estimated([{ outage: null }, { outage: { offered: 8 } }], kinds)
  expect(found).toEqual({ outage: { offered: once(8) } })
})

test('behavior: lists alike but for their numbers stay lists, others are those of nobody', () => {
  type Run = { changes: { at_s: number; left: string[] }[]; left: string[] }
  const run = (at: number, left: string[]): Run => ({ changes: [{ at_s: at, left }], left })
  const found = (...runs: Run[]) => estimated(runs, { changes: { at_s: 'time' } })
  expect(found(run(2, ['visa']), run(2, ['visa']))).toEqual({
    changes: [{ at_s: same(2), left: ['visa'] }],
    left: ['visa'],
  })
  expect(found(run(2, ['visa']), run(2, ['zodia']))).toEqual({ changes: null, left: null })
  expect(found(run(2, []), { changes: [], left: [] })).toEqual({ changes: null, left: [] })
})
