import { fuzzParameters } from '@counterpoise/dev'
import { BaseError, createSimulation, ms, seconds } from '@counterpoise/engine'
import { createPayments, type FailureReason, type PaymentId } from '@counterpoise/ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRouter, type Quote, type Rail, type RailObserver } from './index.ts'

/** What a fake rail offers, and how each payment on it ends: refused, lost later, or final. */
type Fake = {
  fee?: number
  timeMs?: number
  finalMs?: number
  available?: boolean
  outcome?: 'refuse' | 'lose' | 'settle'
}

function createWorld(fakes: readonly Fake[], deadlineFor: 'inclusion' | 'finality' = 'inclusion') {
  const simulation = createSimulation({ seed: 'router' })
  const payments = createPayments()
  const submitted: string[] = []
  const told: string[] = []

  const rails = fakes.map((fake, index): Rail => {
    const { fee = 10, timeMs = 100, finalMs = 200, available = true, outcome = 'settle' } = fake
    const observers: RailObserver[] = []
    const [waiting, included] = [new Set<PaymentId>(), new Set<PaymentId>()]
    const fail = (payment: PaymentId, reason: FailureReason): void => {
      waiting.delete(payment)
      payments.fail(payment, simulation.now(), reason)
      for (const observer of observers) observer.ended?.(payment, reason)
    }
    const includeKind = simulation.define(`rail${index}/include`, (payment) => {
      if (outcome === 'lose') return fail(payment, 'evicted')
      waiting.delete(payment)
      included.add(payment)
      payments.include(payment, simulation.now(), fee)
      for (const observer of observers) observer.included?.(payment)
      simulation.after(ms(finalMs - timeMs), finaliseKind, payment)
    })
    const finaliseKind = simulation.define(`rail${index}/finalise`, (payment) => {
      included.delete(payment)
      payments.finalise(payment, simulation.now())
      for (const observer of observers) observer.finalised?.(payment)
    })
    const quote: Quote = {
      ...{ available, fee, risk: 0 },
      ...{ timeToInclusion: ms(timeMs), timeToFinality: ms(finalMs) },
    }
    return {
      name: `rail${index}`,
      quote: () => quote,
      submit: (payment) => {
        submitted.push(`${payment} to ${index}`)
        payments.submit(payment, index, simulation.now())
        waiting.add(payment)
        if (outcome === 'refuse') fail(payment, 'declined')
        else simulation.after(ms(timeMs), includeKind, payment)
      },
      observe: (observer) => void observers.push(observer),
      inFlight: () => waiting.size + included.size,
      waiting: () => waiting.size,
      parts: [],
      sites: [
        {
          ...{ name: `site${index}`, role: 'network', takeDown: () => {}, bringUp: () => {} },
          attributes: { region: 'home', operator: 'one' },
        },
      ],
      powers: [{ attributes: { region: 'home', operator: 'one' }, power: index + 1 }],
      watts: 100 * (index + 1),
      isStalled: (since) => since < index,
      blocks: () => undefined,
      conserved: () => fake.fee !== -1,
      violations: () => (fake.fee === -1 ? [`rail${index} is broken`] : []),
      rest: () => void submitted.push(`rest ${index}`),
    }
  })

  const router = createRouter(simulation, { name: 'router', rails, payments, deadlineFor })
  router.observe({
    included: (payment) => told.push(`${payment} included`),
    finalised: (payment) => told.push(`${payment} final`),
    ended: (payment, reason) => told.push(`${payment} ${reason}`),
  })
  const add = (patienceMs = 10_000): PaymentId =>
    payments.add({
      ...{ intendedAt: simulation.now(), from: 0, to: 1, amount: 5 },
      patience: ms(patienceMs),
    })
  const pay = (patienceMs?: number): PaymentId => {
    const payment = add(patienceMs)
    router.submit(payment)
    return payment
  }
  return { simulation, payments, rails, router, submitted, told, add, pay }
}

describe('choice', () => {
  test('default: the cheapest of those that are in time', () => {
    const fakes = [{ fee: 9 }, { fee: 2, timeMs: 2_000, finalMs: 9_000 }, { fee: 4 }, { fee: 4 }]
    const { pay, add, router, submitted } = createWorld(fakes)
    pay(1_000)
    pay(2_000)
    expect(submitted).toEqual(['0 to 2', '1 to 1'])
    expect(router.quote(add(1_000)).fee).toBe(4)
  })

  test('finality may be what has to be in time', () => {
    const fakes = [{ fee: 9 }, { fee: 2, timeMs: 100, finalMs: 9_000 }]
    const { pay, submitted } = createWorld(fakes, 'finality')
    pay(8_999)
    pay(9_000)
    expect(submitted).toEqual(['0 to 0', '1 to 1'])
  })

  test('behavior: the fastest where none is in time', () => {
    const { pay, submitted } = createWorld([{ fee: 1, timeMs: 900 }, { timeMs: 700 }])
    pay(500)
    expect(submitted).toEqual(['0 to 1'])
  })

  test('behavior: what is left of the patience counts, not what it was', () => {
    const { simulation, add, router, submitted } = createWorld([{ fee: 1, timeMs: 900 }, {}])
    const payment = add(1_000)
    simulation.run({ until: ms(101) })
    router.submit(payment)
    expect(submitted).toEqual(['0 to 1'])
  })

  test('behavior: no rail is available', () => {
    const { pay, add, payments, router, told } = createWorld([{ available: false }])
    const payment = pay()
    expect([payments.state(payment), payments.reason(payment)]).toEqual(['failed', 'no route'])
    expect(payments.endedAt(payment)).toBe(0)
    expect(told).toEqual(['0 no route'])
    expect(router.quote(add()).available).toBe(false)
  })
})

describe('failover', () => {
  test('default: the next best takes over, and the payment ends where it settles', () => {
    const fakes: Fake[] = [{ fee: 1, outcome: 'refuse' }, { fee: 3 }, { fee: 2, outcome: 'lose' }]
    const { simulation, pay, payments, submitted, told } = createWorld(fakes)
    const payment = pay()
    simulation.run()
    expect(submitted).toEqual(['0 to 0', '0 to 2', '0 to 1'])
    expect(told).toEqual(['0 included', '0 final'])
    expect([payments.rail(payment), payments.attempts(payment)]).toEqual([1, 3])
  })

  test('behavior: each rail once, and the last reason stands', () => {
    const fakes: Fake[] = [{ fee: 1, outcome: 'lose' }, { outcome: 'refuse' }]
    const { simulation, pay, payments, submitted, told } = createWorld(fakes)
    const payment = pay()
    simulation.run()
    expect(submitted).toEqual(['0 to 0', '0 to 1'])
    expect(told).toEqual(['0 declined'])
    expect(payments.state(payment)).toBe('failed')
  })

  test('behavior: none when the patience is over', () => {
    const fakes: Fake[] = [{ fee: 1, timeMs: 500, outcome: 'lose' }, { timeMs: 900 }]
    const { simulation, pay, submitted, told } = createWorld(fakes)
    pay(500)
    pay(501)
    simulation.run({ until: ms(600) })
    expect(submitted).toEqual(['0 to 0', '1 to 0', '1 to 1'])
    expect(told).toEqual(['0 evicted'])
  })

  test('behavior: payments that a rail got from somebody else are not touched', () => {
    const { simulation, add, rails, submitted, told } = createWorld([{ outcome: 'lose' }, {}])
    const [lost, settled] = [add(), add()]
    rails[0]!.submit(lost)
    rails[1]!.submit(settled)
    simulation.run()
    expect(submitted).toEqual(['0 to 0', '1 to 1'])
    expect(told).toEqual([])
  })
})

test('each payment is told of once, as it ended', () => {
  const fake = fc.record({
    fee: fc.integer({ min: 0, max: 5 }),
    timeMs: fc.nat(900),
    finalMs: fc.integer({ min: 900, max: 1_500 }),
    available: fc.boolean(),
    outcome: fc.constantFrom('refuse' as const, 'lose' as const, 'settle' as const),
  })
  const patiences = fc.array(fc.nat(2_000), { minLength: 1, maxLength: 10, size: 'max' })
  fc.assert(
    fc.property(fc.array(fake, { maxLength: 5, size: 'max' }), patiences, (fakes, patience) => {
      const world = createWorld(fakes)
      for (const each of patience) {
        world.pay(each)
        world.simulation.run({ until: world.simulation.now() + ms(100) })
      }
      world.simulation.run({ until: seconds(20) })
      for (let payment = 0; payment < patience.length; payment++) {
        const ended = world.told.filter((line) => /^\d+ (?!included)/.test(line))
        const mine = ended.filter((line) => line.startsWith(`${payment} `))
        const state = world.payments.state(payment)
        expect(['final', 'failed']).toContain(state)
        const outcome = state === 'final' ? 'final' : world.payments.reason(payment)
        expect(mine).toEqual([`${payment} ${outcome}`])
        const tries = world.submitted.filter((line) => line.startsWith(`${payment} `))
        expect(new Set(tries).size).toBe(tries.length)
        expect(tries.length).toBe(world.payments.attempts(payment))
      }
      expect([world.router.inFlight(), world.router.waiting()]).toEqual([0, 0])
    }),
    fuzzParameters(150),
  )
})

test('a router is the sum of its parts', () => {
  const { simulation, router, rails, pay, submitted } = createWorld([{}, { fee: 1 }, {}])
  pay()
  expect([router.inFlight(), router.waiting()]).toEqual([1, 1])
  simulation.run({ until: ms(100) })
  expect([router.inFlight(), router.waiting()]).toEqual([1, 0])
  expect([router.name, router.parts, router.watts]).toEqual(['router', rails, 600])
  expect(router.sites.map(({ name }) => name)).toEqual(['site0', 'site1', 'site2'])
  expect(router.powers.map(({ power }) => power)).toEqual([1, 2, 3])
  expect([1, 2].map(router.isStalled)).toEqual([true, false])
  expect([router.blocks(), router.conserved(), router.violations()]).toEqual([undefined, true, []])
  router.rest()
  expect(submitted.slice(-3)).toEqual(['rest 0', 'rest 1', 'rest 2'])
})

test('behavior: one broken rail breaks the whole', () => {
  const { router } = createWorld([{}, { fee: -1 }])
  expect([router.conserved(), router.violations()]).toEqual([false, ['rail1 is broken']])
})

test('behavior: 31 rails are the most', () => {
  const fakes = Array.from({ length: 31 }, (_, index): Fake => ({ fee: index, outcome: 'refuse' }))
  const { pay, submitted, told } = createWorld(fakes)
  pay()
  expect([submitted.length, new Set(submitted).size, told]).toEqual([31, 31, ['0 declined']])
  expect(() => createWorld([...fakes, {}])).toThrow(BaseError)
})
