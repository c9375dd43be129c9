import { hours, minutes, ms, seconds, type Time } from '@counterpoise/engine'
import { type FailureReason, type PaymentId, usd } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import type { CardRail } from './cardRail.ts'
import { cardDefaults } from './parameters.ts'
import { certain, createCardWorld, offerPoisson } from './testing.ts'

/** 60 ms there, 1 ms of service, 30 ms in the network, 250 ms at the issuer, 60 ms back. */
const path = ms(60 + 1 + 30 + 250 + 60)

type Life = { included: PaymentId[]; final: PaymentId[]; ended: [PaymentId, FailureReason][] }

const lifeOn = (rail: CardRail): Life => {
  const life: Life = { included: [], final: [], ended: [] }
  rail.observe({
    included: (payment) => life.included.push(payment),
    finalised: (payment) => life.final.push(payment),
    ended: (payment, reason) => life.ended.push([payment, reason]),
  })
  return life
}

describe('authorisation', () => {
  test('default: takes the sum of its path, in four events', () => {
    const { simulation, payments, pay, rail } = createCardWorld()
    const life = lifeOn(rail)
    const payment = pay({ intendedAt: seconds(1) })
    simulation.run({ until: seconds(1) })
    expect(payments.state(payment)).toBe('submitted')
    expect([rail.waiting(), rail.inFlight()]).toEqual([1, 1])
    const before = simulation.events()
    simulation.run({ until: seconds(2) })
    expect(payments.includedAt(payment)).toBe(seconds(1) + path)
    expect(simulation.events() - before).toBe(4)
    expect([rail.waiting(), rail.inFlight()]).toEqual([0, 1])
    expect(life).toEqual({ included: [payment], final: [], ended: [] })
  })

  test('behavior: holds the amount until the settlement, then pays the merchant', () => {
    const { simulation, payments, book, pay, rail } = createCardWorld()
    const life = lifeOn(rail)
    const payment = pay({ amount: usd(100) })
    simulation.run({ until: seconds(1) })
    expect(book.balance(0)).toBe(usd(99_900))
    expect(book.inFlight()).toBe(usd(100))
    expect(book.balance(1)).toBe(usd(100_000))
    simulation.run()
    expect(payments.state(payment)).toBe('final')
    expect(payments.fee(payment)).toBe(usd(2.35))
    expect(book.balance(1)).toBe(usd(100_097.65))
    expect(book.fees()).toBe(usd(2.35))
    expect(rail.inFlight()).toBe(0)
    expect(life.final).toEqual([payment])
  })

  test('behavior: fails for lack of funds', () => {
    const { simulation, payments, pay, rail, book } = createCardWorld({ openingUsd: 49 })
    const life = lifeOn(rail)
    const payment = pay()
    simulation.run()
    expect(life.ended).toEqual([[payment, 'insufficient funds']])
    expect(payments.endedAt(payment)).toBe(path)
    expect(rail.activity).toMatchObject({ authorised: 0, declined: 1 })
    expect([rail.waiting(), rail.inFlight(), book.inFlight()]).toEqual([0, 0, 0])
  })

  test('behavior: the issuer declines its share, within four standard errors', () => {
    const world = createCardWorld({ parameters: certain({ declineRate: 0.03 }) })
    const count = 20_000
    offerPoisson(world, { count, perSecond: 500, amount: usd(1) })
    world.simulation.run({ until: hours(1) })
    const error = Math.sqrt((0.03 * 0.97) / count)
    expect(Math.abs(world.rail.activity.declined / count - 0.03)).toBeLessThan(4 * error)
    expect(world.rail.activity.authorised + world.rail.activity.declined).toBe(count)
  })

  test('behavior: a card network by default answers within the popular two seconds', () => {
    const world = createCardWorld({ parameters: cardDefaults })
    const count = 20_000
    offerPoisson(world, { count, perSecond: 100, amount: usd(1) })
    world.simulation.run({ until: minutes(10) })
    const delays = includedDelays(world.payments, count).toSorted((a, b) => a - b)
    expect(delays[Math.floor(delays.length * 0.5)]).toBeLessThan(seconds(1))
    expect(delays[Math.floor(delays.length * 0.99)]).toBeLessThan(seconds(2))
  })
})

describe('waiting', () => {
  test('behavior: expires when the patience is over, and reverses the hold', () => {
    const { simulation, payments, book, pay, rail } = createCardWorld()
    const life = lifeOn(rail)
    const payment = pay({ intendedAt: seconds(5), patience: path - 1 })
    simulation.run({ until: seconds(5) + path - 2 })
    expect(book.inFlight()).toBe(usd(50))
    simulation.run()
    expect(payments.state(payment)).toBe('expired')
    expect(payments.endedAt(payment)).toBe(seconds(5) + path - 1)
    expect(life.ended).toEqual([[payment, 'timed out']])
    expect(book.inFlight()).toBe(0)
    expect([rail.waiting(), rail.inFlight()]).toEqual([0, 0])
  })

  test('behavior: a response at the end of the patience is in time', () => {
    const { simulation, payments, pay } = createCardWorld()
    const payment = pay({ patience: path })
    simulation.run()
    expect(payments.state(payment)).toBe('final')
  })

  test('behavior: the point of sale times out before a patient payer does', () => {
    const parameters = certain({ clientTimeOut: ms(400) })
    const { simulation, payments, pay } = createCardWorld({ parameters })
    const payment = pay()
    simulation.run()
    expect(payments.state(payment)).toBe('failed')
    expect(payments.reason(payment)).toBe('timed out')
    expect(payments.endedAt(payment)).toBe(ms(400))
  })

  test('behavior: a payment that ended may try again, with draws of its own', () => {
    const parameters = certain({ declineRate: 0.5 })
    const { simulation, payments, pay, rail } = createCardWorld({ parameters })
    rail.observe({ ended: (id, reason) => reason === 'declined' && rail.submit(id) })
    const ids = Array.from({ length: 10 }, () => pay({ patience: minutes(1) }))
    simulation.run()
    expect(ids.map((id) => payments.state(id))).toEqual(ids.map(() => 'final'))
    expect(Math.max(...ids.map((id) => payments.attempts(id)))).toBeGreaterThan(1)
  })

  test('behavior: a payment that is under way cannot be submitted', () => {
    const { simulation, pay, rail } = createCardWorld()
    const payment = pay()
    simulation.run({ until: 0 })
    expect(() => rail.submit(payment)).toThrow('submitted twice')
  })
})

describe('the random draws', () => {
  type Change = { outage?: boolean; elsewhere?: (payment: PaymentId) => boolean }

  /** 3,000 payments, one every 100 ms, in a network without queues. */
  const run = ({ outage = false, elsewhere = () => false }: Change = {}) => {
    const { delaysMs } = cardDefaults
    const attributes = { region: 'us-east-1', operator: 'network' }
    const dataCentres = [{ name: 'A', attributes, capacity: 1_000_000 }]
    const parameters = certain({ delaysMs, declineRate: 0.1 })
    const world = createCardWorld({ parameters, dataCentres })
    const { payments, rail, simulation } = world
    const submit = simulation.define('test/offer', (payment) => {
      if (!elsewhere(payment)) rail.submit(payment)
    })
    for (let index = 0; index < 3_000; index++) {
      const intendedAt = index * ms(100)
      const accounts = { from: index % 20, to: 20 + (index % 20) }
      payments.add({ ...accounts, intendedAt, amount: usd(5), patience: hours(1) })
      simulation.at(intendedAt, submit, index)
    }
    if (outage) {
      world.takeDownAt(seconds(30), 'acquirer 1')
      world.bringUpAt(seconds(90), 'acquirer 1')
    }
    simulation.run({ until: minutes(10) })
    const times = Float64Array.from({ length: 3_000 }, (_, id) => payments.includedAt(id))
    return { times, rail, digest: simulation.digest() }
  }

  const differing = (first: Float64Array, second: Float64Array): PaymentId[] =>
    [...first.keys()].filter((id) => first[id] !== second[id])

  test('behavior: a run repeats bit for bit', () => {
    expect(run({ outage: true }).digest).toBe(run({ outage: true }).digest)
  })

  test("behavior: an outage does not shift other payments' draws", () => {
    const [calm, rough] = [run(), run({ outage: true })]
    const moved = differing(calm.times, rough.times)
    expect(moved.length).toBeGreaterThan(100)
    expect(new Set(moved.map((id) => calm.rail.acquirerOf(20 + (id % 20))))).toEqual(new Set([0]))
  })

  test('behavior: nor do payments that take another rail', () => {
    const third = (payment: PaymentId): boolean => payment % 3 === 0
    const moved = differing(run().times, run({ elsewhere: third }).times)
    expect(moved.length).toBeGreaterThan(800)
    expect(moved.filter((id) => !third(id))).toEqual([])
  })
})

describe('quotes', () => {
  test('default: the path, the fee, the time of settlement and the risk', () => {
    const { payments, pay, rail } = createCardWorld()
    const quote = rail.quote(pay({ amount: usd(100) }))
    expect(quote).toEqual({
      available: true,
      fee: usd(2.35),
      timeToInclusion: path,
      timeToFinality: hours(15),
      risk: 0.00016,
    })
    expect(payments.count()).toBe(1)
  })

  test('behavior: agree with what is measured, within four standard errors', () => {
    const world = createCardWorld({ parameters: certain({ delaysMs: cardDefaults.delaysMs }) })
    const count = 40_000
    const quoted = world.rail.quote(world.pay())
    offerPoisson(world, { count, perSecond: 10, amount: usd(1) })
    world.simulation.run()
    const delays = includedDelays(world.payments, count)
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
    const variance = delays.reduce((sum, delay) => sum + (delay - mean) ** 2, 0) / delays.length
    const error = Math.sqrt(variance / delays.length)
    expect(Math.abs(mean - quoted.timeToInclusion)).toBeLessThan(4 * error)
    expect(world.payments.finalAt(0) - world.payments.intendedAt(0)).toBe(quoted.timeToFinality)
    expect(world.payments.fee(0)).toBe(quoted.fee)
  })

  test('behavior: nothing is offered to whom the rail cannot serve', () => {
    const { simulation, pay, rail, site } = createCardWorld()
    const payment = pay()
    expect(rail.quote(pay({ amount: usd(100_001) })).available).toBe(false)
    const acquirer = site(`acquirer ${rail.acquirerOf(1) + 1}`)
    acquirer.takeDown()
    expect(rail.quote(payment).available).toBe(false)
    acquirer.bringUp()
    expect(rail.quote(payment).available).toBe(true)
    site('A').takeDown()
    site('B').takeDown()
    // Nobody knows yet.
    expect(rail.quote(payment).available).toBe(true)
    simulation.run({ until: seconds(2) })
    expect(rail.quote(payment).available).toBe(false)
  })
})

test('behavior: at rest it makes no more events', () => {
  const { simulation, pay, rail, site } = createCardWorld()
  pay()
  pay({ intendedAt: seconds(1) })
  simulation.run({ until: seconds(1) })
  rail.rest()
  site('A').takeDown()
  simulation.run()
  expect(simulation.now()).toBe(seconds(1) + ms(60))
  expect(simulation.pending()).toBe(0)
  expect(rail.conserved()).toBe(true)
})

test('behavior: says what breaks, who has power and what it draws', () => {
  const { rail } = createCardWorld()
  expect(rail.sites.map(({ role, name }) => `${role} ${name}`)).toEqual([
    'network A',
    'network B',
    'acquirer acquirer 1',
    'acquirer acquirer 2',
    'issuer issuer 1',
    'issuer issuer 2',
  ])
  expect(rail.powers.map(({ power }) => power)).toEqual([1_000, 1_000])
  expect([rail.watts, rail.blocks(), rail.parts]).toEqual([1_000, undefined, []])
})

test('behavior: a network that cannot work is refused', () => {
  expect(() => createCardWorld({ dataCentres: [] })).toThrow('expects a data centre')
  expect(() => createCardWorld({ startsAt: 0.5 })).toThrow('a whole number of µs')
})

const includedDelays = (
  payments: ReturnType<typeof createCardWorld>['payments'],
  count: number,
): Time[] =>
  Array.from({ length: count }, (_, id) => id)
    .filter((id) => payments.includedAt(id) >= 0)
    .map((id) => payments.includedAt(id) - payments.intendedAt(id))
