import { seconds } from '@counterpoise/engine'
import { createPayments, usd } from '@counterpoise/ledger'
import { createWorld } from '@counterpoise/scenario'
import { expect, test } from 'vitest'
import { measureRail } from './measure.ts'
import { smallScenario } from './testing.ts'

test('behavior: what is included when the offered window is over is no throughput of it', () => {
  const world = createWorld({ data: smallScenario().data, variant: 'tempo' })
  const payments = createPayments()
  for (const included of [59.999999, 60]) {
    const order = { from: 0, to: 1, amount: usd(5), patience: seconds(60) }
    const payment = payments.add({ ...order, intendedAt: seconds(10) })
    payments.submit(payment, 0, seconds(10))
    payments.include(payment, seconds(included), 0)
  }
  expect(measureRail({ ...world, payments }).result.throughput_per_s).toBe(1 / 60)
})

test('behavior: a fault that begins when the run is over was none', () => {
  // It begins at 20 s.
  const outages = ['20s', '20001ms'].map((until) => {
    const scenario = smallScenario((draft) => (draft.until = until))
    const world = createWorld({ data: scenario.data, variant: 'visa' })
    world.run()
    return measureRail(world).result.outage
  })
  expect([outages[0], outages[1] === null]).toEqual([null, false])
})
