import { fuzzParameters } from '@counterpoise/dev'
import { days, hours, seconds } from '@counterpoise/engine'
import { usd } from '@counterpoise/ledger'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cardDefaults } from './parameters.ts'
import { type CardWorld, createCardWorld } from './testing.ts'

const sites = ['A', 'B', 'acquirer 1', 'acquirer 2', 'issuer 1', 'issuer 2']

/** Seconds in the first two minutes, or around the cut-off at 3 o'clock. */
const moment = fc.oneof(
  fc.integer({ min: 0, max: 120_000 }),
  fc.integer({ min: 10_780_000, max: 10_820_000 }),
)

const outage = fc.record({
  site: fc.constantFrom(...sites),
  fromMs: moment,
  lengthMs: fc.integer({ min: 0, max: 60_000 }),
})

const payment = fc.record({
  atMs: moment,
  from: fc.integer({ min: 0, max: 9 }),
  to: fc.integer({ min: 0, max: 9 }),
  cents: fc.integer({ min: 1, max: 30_000 }),
  patienceMs: fc.integer({ min: 0, max: 40_000 }),
})

type Case = {
  seed: string
  outages: { site: string; fromMs: number; lengthMs: number }[]
  payments: { atMs: number; from: number; to: number; cents: number; patienceMs: number }[]
}

const cases: fc.Arbitrary<Case> = fc.record({
  seed: fc.string(),
  outages: fc.array(outage, { maxLength: 8 }),
  payments: fc.array(payment, { maxLength: 60 }),
})

function build({ seed, outages, payments }: Case): CardWorld {
  const world = createCardWorld({ seed, parameters: cardDefaults, openingUsd: 400, accounts: 10 })
  for (const { site, fromMs, lengthMs } of outages) {
    world.takeDownAt(fromMs * 1_000, site)
    world.bringUpAt((fromMs + lengthMs) * 1_000, site)
  }
  for (const { atMs, cents, patienceMs, ...accounts } of payments) {
    const patience = patienceMs * 1_000
    world.pay({ ...accounts, intendedAt: atMs * 1_000, amount: usd(cents / 100), patience })
  }
  return world
}

/** What must be true at any moment of a run. */
function expectSound({ rail, payments, book }: CardWorld): void {
  const ids = Array.from({ length: payments.count() }, (_, id) => id)
  const inState = (state: string): number[] => ids.filter((id) => payments.state(id) === state)
  const included = inState('included').reduce((sum, id) => sum + payments.amount(id), 0)
  expect(rail.conserved()).toBe(true)
  expect(rail.violations()).toEqual([])
  expect(rail.waiting()).toBe(inState('submitted').length)
  expect(rail.inFlight()).toBe(inState('submitted').length + inState('included').length)
  // Holds of approvals on their way to the point of sale come on top.
  expect(book.inFlight()).toBeGreaterThanOrEqual(included)
  if (rail.waiting() === 0) expect(book.inFlight()).toBe(included)
  for (const id of ids) {
    if (payments.includedAt(id) < 0) continue
    const delay = payments.includedAt(id) - payments.intendedAt(id)
    expect(delay).toBeLessThanOrEqual(Math.min(payments.patience(id), cardDefaults.clientTimeOut))
  }
}

test('behavior: money is conserved and positions add up to 0, whatever breaks', () => {
  fc.assert(
    fc.property(cases, (each) => {
      const world = build(each)
      for (const until of [15, 60, 130, 10_800, 10_830]) {
        world.simulation.run({ until: seconds(until) })
        expectSound(world)
      }
      world.simulation.run()
      expectSound(world)
      const { payments, rail, book, simulation } = world
      for (let id = 0; id < payments.count(); id++) {
        expect(['final', 'failed', 'expired']).toContain(payments.state(id))
      }
      expect([rail.inFlight(), book.inFlight(), simulation.pending()]).toEqual([0, 0, 0])
      for (const { positions, settledAt } of rail.settlements) {
        expect(positions.reduce((sum, position) => sum + position, 0)).toBe(0)
        expect(settledAt % days(1)).toBe(hours(15))
      }
    }),
    fuzzParameters(150),
  )
})

test('behavior: the same plan of outages gives the same run', () => {
  fc.assert(
    fc.property(cases, (each) => {
      const [first, second] = [build(each), build(each)]
      first.simulation.run()
      second.simulation.run()
      expect(second.simulation.digest()).toBe(first.simulation.digest())
    }),
    fuzzParameters(20),
  )
})
