import { fuzzParameters } from '@counterpoise/dev'
import { hours, minutes, ms, seconds, type Time } from '@counterpoise/engine'
import { type PaymentId, type Payments, usd } from '@counterpoise/ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certain, type CardWorld, createCardWorld } from './testing.ts'

/** The path without the issuer's 250 ms. */
const network = ms(60 + 1 + 30 + 60)
const timeOut = seconds(10)

/** An account whose issuer has the given number. */
const accountOf = (world: CardWorld, issuer: number): number => {
  for (let account = 0; ; account++) if (world.rail.issuerOf(account) === issuer) return account
}

const delayOf = (payments: Payments, payment: PaymentId): Time =>
  payments.includedAt(payment) - payments.intendedAt(payment)

describe('an issuer outage of an hour (CN-3)', () => {
  /** One payment per second for two hours from the issuer, which is down in the middle of them. */
  const run = (amountUsd: number): { world: CardWorld; ids: PaymentId[] } => {
    const world = createCardWorld({ openingUsd: 10_000_000 })
    const from = accountOf(world, 0)
    const ids = Array.from({ length: 7_200 }, (_, index) =>
      world.pay({ intendedAt: seconds(index), from, amount: usd(amountUsd) }),
    )
    world.takeDownAt(minutes(30), 'issuer 1')
    world.bringUpAt(minutes(90), 'issuer 1')
    world.simulation.run({ until: hours(3) })
    return { world, ids }
  }

  test('default: every payment up to the floor limit is authorised', () => {
    const { world, ids } = run(150)
    expect(ids.filter((id) => world.payments.state(id) !== 'included')).toEqual([])
    expect(world.rail.activity).toMatchObject({ standInApproved: 3_600, late: 0, declined: 0 })
    // The first ten seconds' payments wait for the time-out; then the network knows.
    const slow = ids.filter((id) => delayOf(world.payments, id) > seconds(1))
    expect(slow.map((id) => id - 1_800)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(delayOf(world.payments, slow[0]!)).toBe(network + timeOut)
    expect(delayOf(world.payments, 1_800 + 10)).toBe(network)
    expect(delayOf(world.payments, 1_800 + 3_600)).toBe(network + ms(250))
  })

  test('behavior: amounts over the floor limit are declined, and only those', () => {
    const { world, ids } = run(150.01)
    const declined = ids.filter((id) => world.payments.reason(id) === 'declined')
    expect(declined.length).toBe(3_600)
    expect(declined.length).toBe(world.rail.activity.standInDeclined)
    expect(ids.filter((id) => world.payments.state(id) === 'included').length).toBe(3_600)
    expect(world.book.inFlight()).toBe(3_600 * usd(150.01))
  })

  test('behavior: other issuers are not touched', () => {
    const world = createCardWorld()
    world.site('issuer 1').takeDown()
    const payment = world.pay({ from: accountOf(world, 1) })
    world.simulation.run({ until: minutes(1) })
    expect(delayOf(world.payments, payment)).toBe(network + ms(250))
    expect(world.rail.activity.standInApproved).toBe(0)
  })

  test('behavior: a quote knows of the stand-in once the network does', () => {
    const world = createCardWorld()
    const { rail, simulation } = world
    const from = accountOf(world, 0)
    world.site('issuer 1').takeDown()
    const [small, large] = [world.pay({ from }), world.pay({ from, amount: usd(151) })]
    expect(rail.quote(small).timeToInclusion).toBe(network + ms(250))
    expect(rail.quote(large).available).toBe(true)
    simulation.run({ until: minutes(1) })
    expect(rail.quote(small).timeToInclusion).toBe(network)
    const [limit, above] = [usd(150), usd(150) + 1].map((amount) => world.pay({ from, amount }))
    expect([small, limit!, above!, large].map((id) => rail.quote(id).available)).toEqual([
      ...[true, true, false, false],
    ])
  })
})

describe('stand-in processing', () => {
  test('behavior: an issuer that falls with a request in hand is answered for at T_out', () => {
    const world = createCardWorld()
    const from = accountOf(world, 0)
    const payment = world.pay({ from })
    world.takeDownAt(ms(200), 'issuer 1')
    world.bringUpAt(ms(201), 'issuer 1')
    world.simulation.run({ until: minutes(1) })
    expect(delayOf(world.payments, payment)).toBe(network + timeOut)
    // It signed on again: the network goes on asking it.
    const later = world.pay({ from })
    world.simulation.run({ until: minutes(2) })
    expect(delayOf(world.payments, later)).toBe(network + ms(250))
  })

  test('behavior: T_out counts from the request that an issuer fell with', () => {
    const world = createCardWorld()
    const from = accountOf(world, 0)
    world.pay({ from })
    // Asked at 91 ms, and would have answered at 341 ms.
    world.takeDownAt(ms(200), 'issuer 1')
    const asked = ms(60 + 1 + 30)
    const ids = [timeOut - ms(5), timeOut].map((intendedAt) => world.pay({ from, intendedAt }))
    world.simulation.run({ until: minutes(1) })
    expect(ids.map((id) => delayOf(world.payments, id))).toEqual([network + timeOut, network])
    expect(world.payments.includedAt(0)).toBe(asked + timeOut + ms(60))
  })

  test('behavior: an answer at T_out is in time', () => {
    const delaysMs = { ...certain().delaysMs, issuer: { kind: 'constant', value: 10_000 } as const }
    const world = createCardWorld({ parameters: certain({ delaysMs }) })
    const payment = world.pay()
    world.simulation.run({ until: minutes(1) })
    expect(delayOf(world.payments, payment)).toBe(network + timeOut)
    expect(world.rail.activity).toMatchObject({ late: 0, standInApproved: 0 })
  })

  test('behavior: a late answer is discarded, and is no outage', () => {
    const delaysMs = { ...certain().delaysMs, issuer: { kind: 'constant', value: 10_001 } as const }
    const world = createCardWorld({ parameters: certain({ delaysMs, declineRate: 1 }) })
    const ids = [world.pay(), world.pay({ intendedAt: seconds(30) })]
    world.simulation.run({ until: minutes(2) })
    expect(ids.map((id) => delayOf(world.payments, id))).toEqual([
      network + timeOut,
      network + timeOut,
    ])
    expect(world.rail.activity).toMatchObject({ late: 2, standInApproved: 2, declined: 0 })
  })

  test('behavior: switches over later where the rules say so', () => {
    const standIn = { ...certain().standIn, switchOver: seconds(20) }
    const world = createCardWorld({ parameters: certain({ standIn }) })
    const from = accountOf(world, 0)
    world.site('issuer 1').takeDown()
    const ids = [0, 15, 29, 31].map((at) => world.pay({ intendedAt: seconds(at), from }))
    world.simulation.run({ until: minutes(2) })
    const slow = ids.map((id) => delayOf(world.payments, id) > timeOut)
    expect(slow).toEqual([true, true, true, false])
  })

  test('behavior: an impatient payer does not keep the network from noticing', () => {
    const world = createCardWorld()
    const from = accountOf(world, 0)
    world.site('issuer 1').takeDown()
    const impatient = world.pay({ from, patience: seconds(8) })
    const later = world.pay({ intendedAt: seconds(11), from, patience: seconds(8) })
    world.simulation.run({ until: minutes(1) })
    expect(world.payments.state(impatient)).toBe('expired')
    expect(delayOf(world.payments, later)).toBe(network)
  })

  test('behavior: lends no money and approves the share that it should', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 }), (tenths) => {
        const standIn = { ...certain().standIn, approval: tenths / 10 }
        const world = createCardWorld({ parameters: certain({ standIn }), openingUsd: 300 })
        const from = accountOf(world, 0)
        world.site('issuer 1').takeDown()
        for (let index = 0; index < 1_000; index++) world.pay({ from, amount: usd(1) })
        world.simulation.run({ until: minutes(1) })
        const { standInApproved } = world.rail.activity
        const error = Math.sqrt(1_000 * (tenths / 10) * (1 - tenths / 10))
        const expected = Math.min(300, 100 * tenths)
        expect(Math.abs(standInApproved - expected)).toBeLessThanOrEqual(4 * error)
        expect(world.book.balance(from)).toBe(usd(300 - standInApproved))
      }),
      fuzzParameters(11),
    )
  })
})
