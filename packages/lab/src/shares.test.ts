import { createWorld } from '@counterpoise/scenario'
import { describe, expect, test } from 'vitest'
import { estimated } from './estimate.ts'
import { inProcess } from './executor.ts'
import { estimateOf } from './interval.ts'
import { measureRail } from './measure.ts'
import { railKinds } from './railKinds.ts'
import type { RailResult, ReplicatedResult } from './results.ts'
import { runScenario } from './runScenario.ts'
import { shareOf } from './statistics.ts'
import { type Change, smallScenario } from './testing.ts'

function measured(variant: string, change?: Change): RailResult {
  const world = createWorld({ data: smallScenario(change).data, variant })
  world.run()
  return measureRail(world).result
}

/** A share of the payments of one run, which tells nothing of others. */
const once = (share: number) => ({ mean: share, ci95: null, replications: 1 })

/** No payment ever, and a fault all the same. */
const nothingOffered: Change = (draft) => {
  draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 0 }]
}

test('default: shares are of the payments that were offered to the run, or in the outage', () => {
  const result = measured('visa')
  expect(result).toMatchObject({
    included_share: result.included / result.offered,
    final_share: result.final / result.offered,
    failed_share: result.failed / result.offered,
  })
  const outage = result.outage!
  expect(outage.failed).toBeGreaterThan(0)
  const { failed_by_reason: byReason, offered } = outage
  expect(outage).toMatchObject({
    included_share: outage.included / offered,
    failed_share: outage.failed / offered,
    failed_share_by_reason: Object.fromEntries(
      Object.entries(byReason).map(([reason, count]) => [reason, count / offered]),
    ),
  })
})

test('default: the margin of a share is that of the shares of the replications', async () => {
  const options = { executor: inProcess(), replications: 4 }
  const { runs, result } = await runScenario(smallScenario(), options)
  const { visa } = (result as ReplicatedResult).rails
  const rails = runs.map((run) => run.rails['visa']!)
  const outages = rails.map(({ outage }) => outage!)
  const shares = outages.map(({ included_share }) => included_share!)
  expect(new Set(shares).size).toBeGreaterThan(1)
  const ofOutage = { numbers: outages.map(({ offered }) => offered), areApart: false }
  expect(visa!.outage!.included_share).toEqual(estimateOf(shares, 'share', ofOutage))
  const ofAll = { numbers: rails.map(({ offered }) => offered), areApart: false }
  const failed = rails.map(({ failed_share }) => failed_share!)
  expect(visa!.failed_share).toEqual(estimateOf(failed, 'share', ofAll))
})

describe('where nothing was offered', () => {
  test('behavior: there is no share', () => {
    expect(shareOf(0, 0)).toBeNull()
    const shares = { included_share: null, failed_share: null }
    expect(measured('hybrid', nothingOffered)).toMatchObject({
      ...{ ...shares, final_share: null, routed_share: null },
      outage: { ...shares, offered: 0, failed_share_by_reason: null },
    })
  })

  test('behavior: the other replications count', () => {
    const [some, none] = [measured('hybrid'), measured('hybrid', nothingOffered)]
    const found = estimated([none, some], railKinds)
    const { included_share: share, outage, routed_share: routed } = found
    expect(share).toEqual(once(some.included_share!))
    const { failed_share_by_reason: reasons } = some.outage!
    expect(outage!.failed_share_by_reason).toEqual(
      Object.fromEntries(
        Object.entries(reasons!).map(([reason, each]) => [
          reason,
          once(each),
        ]),
      ),
    )
    expect(routed!['tempo']).toEqual(once(some.routed_share!['tempo']!))
    expect(estimated([none, none], railKinds)).toMatchObject({
      ...{ included_share: null, routed_share: null },
    })
  })
})
