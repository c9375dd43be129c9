import { days, hours, ms, seconds, type Time } from '@counterpoise/engine'
import { createBook, usd } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { parseInstant } from './civil.ts'
import { certain, createCardWorld } from './testing.ts'

/** When a payment of an instant becomes final. */
const finalityOf = (paidAt: string): Time => {
  const { simulation, payments, pay } = createCardWorld({ startsAt: parseInstant(paidAt)! })
  const payment = pay()
  simulation.run()
  expect(payments.includedAt(payment)).toBeLessThan(seconds(1))
  return payments.finalAt(payment) + parseInstant(paidAt)!
}

describe('settlement on banking days (CN-4)', () => {
  test.each([
    // Wednesday evening in New York to Thursday 10 a.m.
    ['2023-03-02T01:00Z', '2023-03-02T15:00Z'],
    // After the cut-off: presented in the following night.
    ['2023-03-02T03:30Z', '2023-03-03T15:00Z'],
    // Friday noon, Friday evening and the whole weekend: Monday.
    ['2023-03-10T17:00Z', '2023-03-13T15:00Z'],
    ['2023-03-11T02:59Z', '2023-03-13T15:00Z'],
    ['2023-03-12T20:00Z', '2023-03-13T15:00Z'],
    // Sunday night, after the cut-off of Monday 03:00 UTC: Tuesday.
    ['2023-03-13T03:30Z', '2023-03-14T15:00Z'],
    // Friday evening before Washington's Birthday: Tuesday.
    ['2023-02-17T23:00Z', '2023-02-21T15:00Z'],
    // Before New Year's Day on a Sunday, observed on Monday, 2 January 2023.
    ['2022-12-30T23:00Z', '2023-01-03T15:00Z'],
    // New Year's Day 2022 is a Saturday: Friday, 31 December 2021 is a banking day.
    ['2021-12-31T01:00Z', '2021-12-31T15:00Z'],
    ['2021-12-31T23:00Z', '2022-01-03T15:00Z'],
    // Thanksgiving.
    ['2024-11-28T01:00Z', '2024-11-29T15:00Z'],
  ])('default: paid at %s, final at %s', (paidAt, finalAt) => {
    expect(finalityOf(paidAt)).toBe(parseInstant(finalAt))
  })

  test('behavior: the quote says so beforehand', () => {
    const { pay, rail } = createCardWorld({ startsAt: parseInstant('2023-02-17T23:00Z')! })
    expect(rail.quote(pay()).timeToFinality).toBe(days(3) + hours(16))
  })

  test('behavior: captured at the moment of the cut-off is in time', () => {
    const { simulation, payments, pay } = createCardWorld()
    const inclusion = ms(60 + 1 + 30 + 250 + 60)
    const inTime = pay({ intendedAt: hours(3) - inclusion })
    const late = pay({ intendedAt: hours(3) - inclusion + ms(2) })
    simulation.run()
    expect(payments.finalAt(inTime)).toBe(hours(15))
    expect(payments.finalAt(late)).toBe(days(1) + hours(15))
  })

  test('behavior: with one hour for both, a batch settles a banking day later', () => {
    const parameters = certain({ cutOff: hours(15), settlement: hours(15) })
    const { simulation, payments, pay, rail } = createCardWorld({ parameters })
    const ids = [pay(), pay({ intendedAt: days(1) })]
    simulation.run()
    const finals = ids.map((id) => payments.finalAt(id))
    expect(finals).toEqual([days(1) + hours(15), days(2) + hours(15)])
    expect(rail.violations()).toEqual([])
  })
})

describe('multilateral netting', () => {
  test('default: what issuers owe is what acquirers get', () => {
    const parameters = certain({ interchange: { basisPoints: 125, fixed: 0 } })
    const { simulation, pay, rail } = createCardWorld({ parameters })
    const expected = [0, 0, 0, 0]
    for (let index = 0; index < 40; index++) {
      const [from, to, dollars] = [index, (index * 7) % 40, 1 + index]
      pay({ from, to, amount: usd(dollars) })
      expected[rail.issuerOf(from)]! -= usd(dollars * 0.9875)
      expected[2 + rail.acquirerOf(to)]! += usd(dollars * 0.9875)
    }
    simulation.run()
    expect(rail.settlements.length).toBe(1)
    const [settlement] = rail.settlements
    expect(settlement).toMatchObject({ settledAt: hours(15), payments: 40, gross: usd(820) })
    expect([...settlement!.positions]).toEqual(expected)
    expect(settlement!.positions.every((position) => position !== 0)).toBe(true)
    expect(rail.violations()).toEqual([])
  })

  test('behavior: one settlement for the cut-offs of a weekend', () => {
    const startsAt = parseInstant('2023-03-10T17:00Z')!
    const { simulation, pay, rail } = createCardWorld({ startsAt })
    for (const hour of [0, 24, 48]) pay({ intendedAt: hours(hour) })
    simulation.run()
    expect(rail.settlements.map(({ payments }) => payments)).toEqual([3])
    // 125 bp of each 50 dollars stay with the issuer.
    const due = 3 * usd(50 * 0.9875)
    expect([...rail.settlements[0]!.positions].sort((a, b) => a - b)).toEqual([-due, 0, 0, due])
    expect(rail.violations()).toEqual([])
  })

  test('behavior: an acquirer that is down at the cut-off presents at the next one', () => {
    const world = createCardWorld()
    const { simulation, payments, rail } = world
    const acquirer = `acquirer ${rail.acquirerOf(1) + 1}`
    const other = Array.from({ length: 40 }, (_, account) => account).find(
      (account) => rail.acquirerOf(account) !== rail.acquirerOf(1),
    )
    const [late, inTime] = [world.pay(), world.pay({ to: other! })]
    world.takeDownAt(hours(2), acquirer)
    world.bringUpAt(hours(4), acquirer)
    simulation.run()
    expect(payments.finalAt(inTime)).toBe(hours(15))
    expect(payments.finalAt(late)).toBe(days(1) + hours(15))
  })

  test('behavior: money that does not arrive is a violation', () => {
    const book = createBook({ accounts: 40, opening: usd(100) })
    const lossy = { ...book, settle: (to: number, amount: number) => book.settle(to, amount, 0) }
    const { simulation, pay, rail } = createCardWorld({ book: lossy })
    pay({ amount: usd(100) })
    simulation.run()
    expect(rail.violations()).toEqual([
      'card: at 54000 s 100000000 µ$ were presented, but 97650000 µ$ were settled',
    ])
  })

  test('behavior: a payment that somebody else has ended is a violation', () => {
    const { simulation, payments, pay, rail } = createCardWorld()
    const payment = pay()
    simulation.run({ until: hours(4) })
    payments.expire(payment, hours(4))
    simulation.run()
    expect(rail.violations()[0]).toContain('payment 0 was presented, but is expired')
  })
})
