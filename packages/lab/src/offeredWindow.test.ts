import { seconds, toSeconds } from '@counterpoise/engine'
import { usd } from '@counterpoise/ledger'
import { createWorld } from '@counterpoise/scenario'
import { expect, test } from 'vitest'
import { measureRail } from './measure.ts'
import { smallScenario } from './testing.ts'

test('behavior: what is included as the window ends is not within it', () => {
  const world = createWorld({ data: smallScenario().data, variant: 'tempo' })
  const { offeredUntil, payments } = world
  for (const at of [offeredUntil - 1, offeredUntil]) {
    const order = { intendedAt: 0, from: 0, to: 1, amount: usd(1), patience: seconds(99) }
    const payment = payments.add(order)
    payments.submit(payment, 0, 0)
    payments.include(payment, at, 0)
  }
  expect(measureRail(world).result.throughput_per_s).toBe(1 / toSeconds(offeredUntil))
})
