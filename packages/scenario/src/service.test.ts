import { expect, test } from 'vitest'
import { broken, type Draft, messages } from './testing.ts'
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

const zero = { voteUs: 0, certificateUs: 0, paymentUs: 0, persistNsPerByte: 0 }
const none = run(zero)

test('default: what is left out has the published figures of its signatures', () => {
  // Ten validators: the six others of a quorum are checked in one batch.
  const world = run({ voteUs: 230, certificateUs: 1_380, paymentUs: 0, persistNsPerByte: 0 })
  expect(run(undefined).simulation.digest()).toBe(world.simulation.digest())
  expect(run({}).simulation.digest()).toBe(world.simulation.digest())
  expect(run({ voteUs: 0, certificateUs: 0 }).simulation.digest()).toBe(none.simulation.digest())
})

/** What a chain's nodes take, as the scenario is run. */
function timesOf(recipe: (rail: Draft) => void, name: 'bitcoin' | 'libra' | 'tempo') {
  const { data } = scenarioOf(
    broken(name, (draft) => {
      for (const rail of Object.values<Draft>(draft.rails)) {
        if (rail.kind === 'chain') recipe(rail)
      }
    }),
  )
  const rail = data.rails[name]!
  if (rail.kind !== 'chain') throw new Error(`'${name}' is not a chain.`)
  const { block, network, service } = rail
  return { service, bandwidth: network.bandwidth, unitsPerSecond: block.unitsPerSecond }
}

/** Nothing is said. */
const silence = (rail: Draft): void => {
  delete rail.service
  delete rail.network.bandwidth
  delete rail.block.unitsPerSecond
}
const gigabit = { mode: 'queue', upMbps: 1_000, downMbps: 1_000 }

test('default: lists of Ed25519 signatures, ECDSA, a disk, a link and a processor', () => {
  expect(timesOf(silence, 'libra')).toEqual({
    // 21 members: certificates of 15 signatures.
    service: { voteUs: 46, certificateUs: 690, paymentUs: 60, persistNsPerByte: 7.6 },
    ...{ bandwidth: gigabit, unitsPerSecond: 1_250_000_000 },
  })
  expect(timesOf(silence, 'tempo')).toEqual({
    service: { voteUs: 230, certificateUs: 1_380, paymentUs: 0, persistNsPerByte: 0 },
    ...{ bandwidth: gigabit, unitsPerSecond: 1_250_000_000 },
  })
})

test('behavior: all of it can be nothing, or a part', () => {
  const nothing = { service: zero, bandwidth: { mode: 'queue' }, unitsPerSecond: 0 }
  const free = (rail: Draft): void => {
    rail.service = zero
    rail.network.bandwidth = {}
    rail.block.unitsPerSecond = 0
  }
  expect(timesOf(free, 'libra')).toEqual(nothing)
  const part = timesOf((rail) => (rail.service = { paymentUs: 0 }), 'libra')
  expect(part.service).toEqual({ ...zero, voteUs: 46, certificateUs: 690, persistNsPerByte: 7.6 })
})

test('behavior: on a chain without votes what is left out takes no time', () => {
  expect(timesOf(silence, 'bitcoin')).toEqual({
    ...{ service: undefined, bandwidth: undefined, unitsPerSecond: 0 },
  })
  const part = timesOf((rail) => (rail.service = { paymentUs: 7 }), 'bitcoin')
  expect(part.service).toEqual({ ...zero, paymentUs: 7 })
})

test.each([
  { voteUs: 5_000 },
  { certificateUs: 5_000 },
  { paymentUs: 2_000 },
  { persistNsPerByte: 20_000 },
])('behavior: %o makes payments wait longer', (service) => {
  const world = run({ ...zero, ...service })
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
