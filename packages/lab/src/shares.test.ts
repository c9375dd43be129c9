import { createWorld } from '@counterpoise/scenario'
import { describe, expect, test } from 'vitest'
import { estimated } from './estimate.ts'
import { inProcess } from './executor.ts'
import { measureRail } from './measure.ts'
import type { RailResult, ReplicatedResult } from './results.ts'
import { runScenario } from './runScenario.ts'
import { shareEstimateOf, shareOf } from './statistics.ts'
import { type Change, smallScenario } from './testing.ts'

function measured(variant: string, change?: Change): RailResult {
  const world = createWorld({ data: smallScenario(change).data, variant })
  world.run()
  return measureRail(world).result
}

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
  const shares = runs.map(({ rails }) => rails['visa']!.outage!.included_share!)
  expect(new Set(shares).size).toBeGreaterThan(1)
  expect(visa!.outage!.included_share).toEqual(shareEstimateOf(shares))
  const failed = runs.map(({ rails }) => rails['visa']!.failed_share!)
  expect(visa!.failed_share).toEqual(shareEstimateOf(failed))
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
    const { included_share: share, outage, routed_share: routed } = estimated([none, some])
    expect(share).toEqual({ ...shareEstimateOf([some.included_share!]), replications: 1 })
    const { failed_share_by_reason: reasons } = some.outage!
    expect(outage!.failed_share_by_reason).toEqual(
      Object.fromEntries(
        Object.entries(reasons!).map(([reason, each]) => [
          reason,
          { ...shareEstimateOf([each]), replications: 1 },
        ]),
      ),
    )
    expect(routed!['tempo']).toMatchObject(shareEstimateOf([some.routed_share!['tempo']!]))
    expect(estimated([none, none])).toMatchObject({ included_share: null, routed_share: null })
  })
})
