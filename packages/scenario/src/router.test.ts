import { expect, test } from 'vitest'
import { broken } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { createWorld } from './world.ts'

/** How many payments went to Ethereum, and how many to a dear Tempo, that can wait five minutes. */
function carried(deadlineFor: 'inclusion' | 'finality'): number[] {
  const { data } = scenarioOf(
    broken('hybrid', (draft) => {
      const { ethereum, tempo } = draft.rails
      draft.rails = { ethereum, tempo }
      tempo.usdPerNativeUnit = 1e-14
      tempo.wallet.budgetUsd = { median: 1_000, sigma: 0 }
      draft.router = { deadlineFor }
      draft.workload.for = '1m'
      draft.workload.arrivals = [{ kind: 'regular', ratePerSecond: 1 }]
      draft.workload.patience = [{ for: '5m' }]
      draft.faults = []
    }),
  )
  const { payments, rails, run } = createWorld({ data, variant: 'hybrid' })
  run()
  const counts = rails.map(() => 0)
  for (let payment = 0; payment < payments.count(); payment++) {
    counts[payments.rail(payment)]! += 1
  }
  return counts
}

test('the router promises what the scenario says: a block in time, or finality in time', () => {
  // A slot is sixteen seconds away at most, an epoch that is final a quarter of an hour.
  const [ethereum, tempo] = carried('inclusion')
  expect(ethereum).toBeGreaterThan(tempo!)
  expect(carried('finality')).toEqual([0, 60])
})
