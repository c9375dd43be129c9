import {
  createSimulation,
  days,
  exponential,
  type Simulation,
  type Time,
} from '@counterpoise/engine'
import {
  type Book,
  createBook,
  createPayments,
  type PaymentId,
  type PaymentOrder,
  type Payments,
  usd,
} from '@counterpoise/ledger'
import type { Site } from '../contract.ts'
import { type CardRail, createCardRail } from './cardRail.ts'
import { parseInstant } from './civil.ts'
import type { CardRailOptions } from './options.ts'
import { cardDefaults, type CardDelays, type CardParameters } from './parameters.ts'

/** A small card network with everything that a test or a benchmark asks of it. */
export type CardWorld = {
  simulation: Simulation
  payments: Payments
  book: Book
  rail: CardRail
  /** Adds a payment that is submitted when it is intended. */
  pay: (order?: Partial<PaymentOrder>) => PaymentId
  site: (name: string) => Site
  /** Takes a site down, or up again, at a time. */
  takeDownAt: (time: Time, name: string) => void
  bringUpAt: (time: Time, name: string) => void
}

export type CardWorldOptions = Partial<CardRailOptions> & {
  seed?: string | undefined
  /** What each account holds at the beginning, dollars. */
  openingUsd?: number | undefined
}

/** 60 ms each way, 30 ms in the network, 250 ms at the issuer. */
const constantDelays: CardDelays = {
  access: { kind: 'constant', value: 60 },
  network: { kind: 'constant', value: 30 },
  issuer: { kind: 'constant', value: 250 },
}

/** The defaults without chance: constant delays, no declines; and what differs from that. */
export const certain = (parameters: Partial<CardParameters> = {}): CardParameters => ({
  ...cardDefaults,
  delaysMs: constantDelays,
  declineRate: 0,
  ...parameters,
})

const attributes = (operator: string): { region: string; operator: string } => ({
  region: 'us-east-1',
  operator,
})

/**
 * Two data centres of 1,000 messages/s, two acquirers, two issuers, 40 accounts; it is Wednesday,
 * 2023-03-01, midnight UTC.
 */
export function createCardWorld(options: CardWorldOptions = {}): CardWorld {
  const { seed = 'card', openingUsd = 100_000, accounts = 40 } = options
  const simulation = createSimulation({ seed })
  const payments = createPayments()
  const book = options.book ?? createBook({ accounts, opening: usd(openingUsd) })
  const rail = createCardRail(simulation, {
    name: 'card',
    number: 0,
    payments,
    book,
    accounts,
    startsAt: parseInstant('2023-03-01')!,
    dataCentres: ['A', 'B'].map((name) => ({
      name,
      attributes: attributes('network'),
      capacity: 1_000,
    })),
    acquirers: ['acquirer 1', 'acquirer 2'].map((name) => ({ name, attributes: attributes(name) })),
    issuers: ['issuer 1', 'issuer 2'].map((name) => ({ name, attributes: attributes(name) })),
    watts: 1_000,
    parameters: certain(),
    ...options,
  })
  const site = (name: string): Site => rail.sites.find((each) => each.name === name)!
  const submit = simulation.define('test/submit', (payment) => rail.submit(payment))
  const takeDown = simulation.define('test/take down', (index) => rail.sites[index]!.takeDown())
  const bringUp = simulation.define('test/bring up', (index) => rail.sites[index]!.bringUp())
  return {
    simulation,
    payments,
    book,
    rail,
    pay: (order = {}) => {
      const intendedAt = order.intendedAt ?? simulation.now()
      const defaults = { from: 0, to: 1, amount: usd(50), patience: days(1) }
      const payment = payments.add({ ...defaults, ...order, intendedAt })
      simulation.at(intendedAt, submit, payment)
      return payment
    },
    site,
    takeDownAt: (time, name) => simulation.at(time, takeDown, rail.sites.indexOf(site(name))),
    bringUpAt: (time, name) => simulation.at(time, bringUp, rail.sites.indexOf(site(name))),
  }
}

/** Payments at random times, between random accounts, from 0 until enough have been submitted. */
export function offerPoisson(
  world: CardWorld,
  options: { count: number; perSecond: number; accounts?: number; amount?: PaymentOrder['amount'] },
): void {
  const { simulation, payments, rail } = world
  const { count, perSecond, accounts = 40, amount = usd(50) } = options
  const stream = simulation.stream('test/arrivals')
  const gap = (): Time => Math.round(exponential(stream, 1_000_000 / perSecond))
  const arrive = simulation.define('test/arrive', (left) => {
    const [from, to] = [stream.below(accounts), stream.below(accounts)]
    const intendedAt = simulation.now()
    rail.submit(payments.add({ intendedAt, from, to, amount, patience: days(1) }))
    if (left > 1) simulation.after(gap(), arrive, left - 1)
  })
  simulation.after(gap(), arrive, count)
}
