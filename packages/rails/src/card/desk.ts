import { createDiscrete, type Simulation, type Time } from '@counterpoise/engine'
import type { Book, FailureReason, PaymentId, Payments } from '@counterpoise/ledger'
import { createDraws, type Draws } from './draws.ts'
import { CardRailError } from './errors.ts'
import { createIssuers, type Issuers } from './issuers.ts'
import { createNetworkSwitch, type NetworkSwitch } from './networkSwitch.ts'
import type { CardRailOptions } from './options.ts'
import type { CardParameters, StandInRules } from './parameters.ts'
import { createParties, type Parties } from './parties.ts'
import { type CardTable, createTable, reachPayment, stages } from './table.ts'

/** How often things went which way. */
export type CardActivity = {
  authorised: number
  /** Declined by the issuer, for whatever reason. */
  declined: number
  standInApproved: number
  standInDeclined: number
  /** Answers of issuers that came after T_out and were discarded. */
  late: number
  /** Messages lost with a data centre or an acquirer. */
  lost: number
}

/** What the steps of an authorisation share. */
export type Desk = {
  simulation: Simulation
  payments: Payments
  book: Book
  table: CardTable
  draws: Draws
  networkSwitch: NetworkSwitch
  issuers: Issuers
  acquirers: Parties
  issuerOf: Int32Array
  acquirerOf: Int32Array
  /** The data centre that each acquirer prefers. */
  homes: Int32Array
  standIn: StandInRules
  declineRate: number
  activity: CardActivity
  /** What follows an approval that has reached the point of sale. */
  authorise: (payment: PaymentId) => void
  /** What follows a decline, a loss or the end of waiting. */
  end: (payment: PaymentId, reason: FailureReason) => void
}

/** Builds the parties of a network and the columns of its payments. */
export function openDesk(
  simulation: Simulation,
  options: CardRailOptions,
  parameters: CardParameters,
  hooks: Pick<Desk, 'authorise' | 'end'>,
): Desk {
  const { name, payments, book, dataCentres, acquirers, issuers } = options
  const { delaysMs, heartbeat, standIn, declineRate } = parameters
  return {
    simulation,
    payments,
    book,
    table: createTable(),
    draws: createDraws(simulation, name, delaysMs),
    networkSwitch: createNetworkSwitch(simulation, { name, dataCentres, heartbeat }),
    issuers: createIssuers(simulation, issuers, standIn),
    acquirers: createParties('acquirer', acquirers),
    issuerOf: assign(simulation, options, 'issuer'),
    acquirerOf: assign(simulation, options, 'acquirer'),
    homes: Int32Array.from(acquirers, ({ home = 0 }) => home),
    standIn,
    declineRate,
    activity: {
      authorised: 0,
      declined: 0,
      standInApproved: 0,
      standInDeclined: 0,
      late: 0,
      lost: 0,
    },
    ...hooks,
  }
}

/** Gives each account its issuer or acquirer, by their shares. */
function assign(
  simulation: Simulation,
  options: CardRailOptions,
  role: 'issuer' | 'acquirer',
): Int32Array {
  const parties = role === 'issuer' ? options.issuers : options.acquirers
  const sampler = createDiscrete(parties.map(({ share = 1 }) => share))
  const stream = simulation.detachedStream(`card/${role} of account`, options.name)
  return Int32Array.from({ length: options.accounts }, () => sampler(stream))
}

/** Takes a payment in. Its patience counts from when the payer wanted to pay. */
export function take(desk: Desk, payment: PaymentId, rail: number, clientTimeOut: Time): void {
  const { table, draws, payments } = desk
  const now = desk.simulation.now()
  reachPayment(table, payment)
  draws.reach(payment)
  const stage = table.stage[payment]!
  if (stage === stages.ended) draws.renew(payment)
  else if (stage !== stages.never) {
    throw new CardRailError('A payment was submitted twice to one card network.', {
      metaMessages: [`Payment: ${payment}, which is ${payments.state(payment)}`],
    })
  }
  table.stage[payment] = stages.asking
  payments.submit(payment, rail, now)
  const patienceEnds = payments.intendedAt(payment) + payments.patience(payment)
  table.giveUpAt[payment] = Math.max(now, Math.min(now + clientTimeOut, patienceEnds))
}

/** Writes down a failure; a hold that was made is reversed. */
export function finish(desk: Desk, payment: PaymentId, reason: FailureReason): void {
  const { table, payments, book } = desk
  const now = desk.simulation.now()
  const wasHeld = table.stage[payment] === stages.held
  if (wasHeld) book.release(payments.from(payment), payments.amount(payment))
  table.stage[payment] = stages.ended
  const patienceEnds = payments.intendedAt(payment) + payments.patience(payment)
  if (reason === 'timed out' && now >= patienceEnds) payments.expire(payment, now)
  else payments.fail(payment, now, reason)
}
