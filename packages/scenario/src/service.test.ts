import { expect, test } from 'vitest'
import { broken, messages } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { createWorld, type World } from './world.ts'

/** Tempo for twenty seconds with some payments. */
function run(service: object | undefined): World {
  const input = broken('tempo', (draft) => {
    draft.workload.for = '15s'
    draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 50 }]
    draft.faults = []
    draft.until = '20s'
    draft.rails.tempo.service = service
  })
  const world = createWorld({ data: scenarioOf(input).data, variant: 'tempo' })
  world.run()
  return world
}

/** Mean time from the intended start of a payment to its finality, ms. */
function meanLatency({ payments }: World): number {
  const all = Array.from({ length: payments.count() }, (_, payment) => payment)
  const done = all.filter((payment) => payments.state(payment) === 'final')
  expect(done.length).toBeGreaterThan(300)
  const sum = done.reduce(
    (total, payment) => total + payments.finalAt(payment) - payments.intendedAt(payment),
    0,
  )
  return sum / done.length / 1_000
}

const none = run(undefined)

test('default: work that takes no time changes nothing', () => {
  expect(run({}).simulation.digest()).toBe(none.simulation.digest())
})

test.each([
  { voteUs: 5_000 },
  { certificateUs: 5_000 },
  { paymentUs: 2_000 },
  { persistNsPerByte: 20_000 },
])('behavior: %o makes payments wait longer', (service) => {
  const world = run(service)
  expect(world.violations()).toEqual({ conservation: [], agreement: [], liveness: [] })
  expect(meanLatency(world)).toBeGreaterThan(meanLatency(none) + 2)
})

test('behavior: time below zero is refused', () => {
  const refused = broken('tempo', (draft) => (draft.rails.tempo.service = { voteUs: -1 }))
  expect(messages(refused)).toMatch(/rails\.tempo\.service\.voteUs/)
})

test('behavior: a consensus without votes verifies none', () => {
  const refused = broken('bitcoin', (draft) => {
    draft.rails[Object.keys(draft.rails)[0]!].service = { voteUs: 5, paymentUs: 5 }
  })
  expect(messages(refused)).toMatch(/service\.voteUs.*expected 0.*nakamoto/s)
})
