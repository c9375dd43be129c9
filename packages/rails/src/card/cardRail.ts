import type { Simulation } from '@counterpoise/engine'
import type { PaymentId } from '@counterpoise/ledger'
import type { Rail, RailObserver } from '../contract.ts'
import { defineAuthorisation } from './authorisation.ts'
import { type Clearing, createClearing } from './clearing.ts'
import { type CardActivity, type Desk, finish, openDesk, take } from './desk.ts'
import { cardFee } from './fees.ts'
import type { CardSettlement } from './netting.ts'
import { type CardRailOptions, checkOptions } from './options.ts'
import { cardDefaults, type CardParameters } from './parameters.ts'
import { createQuotes } from './quotes.ts'
import { createSettlementTimes } from './settlementTimes.ts'
import { stages } from './table.ts'

/** A card network as a rail, and what only a card network can tell. */
export type CardRail = Rail & {
  activity: Readonly<CardActivity>
  settlements: readonly CardSettlement[]
  /** The number of the issuer of an account. */
  issuerOf: (account: number) => number
  /** The number of the acquirer of an account. */
  acquirerOf: (account: number) => number
}

/**
 * Makes a card network of four parties with dual messages: an authorisation within a second, at any
 * hour, and clearing and settlement on banking days, which make the payment final.
 *
 * Left out: disputes and chargebacks (their rate is the quote's risk), frozen accounts, retries (a
 * matter of the payer), a data centre that fails in part, and issuers that fail to settle.
 */
export function createCardRail(simulation: Simulation, options: CardRailOptions): CardRail {
  checkOptions(options)
  const { name, payments, dataCentres } = options
  const parameters: CardParameters = { ...cardDefaults, ...options.parameters }
  const observers: RailObserver[] = []
  const counts = { waiting: 0, inFlight: 0 }
  let resting = false

  const desk = openDesk(simulation, options, parameters, {
    authorise: (payment) => {
      counts.waiting--
      desk.table.stage[payment] = stages.authorised
      const fee = cardFee(parameters.merchantDiscount, payments.amount(payment))
      payments.include(payment, simulation.now(), fee)
      clearing.capture(payment)
      for (const observer of observers) observer.included?.(payment)
    },
    end: (payment, reason) => {
      counts.waiting--
      counts.inFlight--
      finish(desk, payment, reason)
      for (const observer of observers) observer.ended?.(payment, reason)
    },
  })
  const clearing = openClearing(desk, options, parameters, (payment) => {
    counts.inFlight--
    desk.table.stage[payment] = stages.settled
    for (const observer of observers) observer.finalised?.(payment)
  })
  const request = defineAuthorisation(desk, name, () => resting)

  return {
    name,
    quote: createQuotes(desk, parameters, clearing.settlementAfter),
    submit: (payment) => {
      if (resting) return
      take(desk, payment, options.number, parameters.clientTimeOut)
      counts.waiting++
      counts.inFlight++
      request(payment)
    },
    observe: (observer) => {
      observers.push(observer)
    },
    inFlight: () => counts.inFlight,
    waiting: () => counts.waiting,
    parts: [],
    sites: [...desk.networkSwitch.sites, ...desk.acquirers.sites, ...desk.issuers.sites],
    powers: dataCentres.map(({ attributes, capacity }) => ({ attributes, power: capacity })),
    watts: options.watts,
    // Every request ends in an answer or a time-out, so there is nothing that could stand still.
    isStalled: () => false,
    blocks: () => undefined,
    conserved: () => desk.book.discrepancy() === 0,
    violations: () => clearing.violations,
    rest: () => {
      resting = true
      clearing.rest()
      desk.networkSwitch.rest()
    },
    activity: desk.activity,
    settlements: clearing.settlements,
    issuerOf: (account) => desk.issuerOf[account]!,
    acquirerOf: (account) => desk.acquirerOf[account]!,
  }
}

function openClearing(
  desk: Desk,
  options: CardRailOptions,
  parameters: CardParameters,
  onFinal: (payment: PaymentId) => void,
): Clearing {
  const { startsAt, name, payments, book, issuers, acquirers } = options
  const { cutOff, settlement, interchange } = parameters
  return createClearing(desk.simulation, {
    name,
    payments,
    book,
    times: createSettlementTimes({ startsAt, cutOff, settlement }),
    interchange,
    issuers: issuers.length,
    acquirers: acquirers.length,
    issuerOf: (account) => desk.issuerOf[account]!,
    acquirerOf: (account) => desk.acquirerOf[account]!,
    canPresent: desk.acquirers.isUp,
    onFinal,
  })
}
