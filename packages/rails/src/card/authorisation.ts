import { type EventKind, priorities, type Time } from '@counterpoise/engine'
import type { FailureReason, PaymentId } from '@counterpoise/ledger'
import type { Desk } from './desk.ts'
import { stages } from './table.ts'

/** The events of an authorisation; the payment is always their target. */
type AuthorisationKinds = {
  /** The request reaches the network. */
  arrive: EventKind
  /** The network asks the issuer. (data centre, its epoch) */
  forward: EventKind
  /** The issuer has answered. (data centre, its epoch, the issuer's epoch) */
  answer: EventKind
  /** The network has waited for the issuer in vain. (data centre, its epoch, the issuer's epoch) */
  timeOut: EventKind
  /** The response reaches the point of sale. (outcome) */
  respond: EventKind
  /** There is no way into the network. */
  refuse: EventKind
  /** The point of sale, or the payer, has waited long enough. */
  giveUp: EventKind
}

/** What a response says: an index into this list; 'none' is an approval. */
const outcomes: readonly FailureReason[] = ['none', 'insufficient funds', 'declined']
const [approved, lacking, refused] = [0, 1, 2] as const

/**
 * Introduces the steps of an authorisation and returns what starts one.
 *
 * On its way a payment has one pending event at any time, four in all: arrive, forward, answer,
 * respond. Where the next step would come after the point of sale has given up, the giving up takes
 * its place.
 *
 * A message that is lost with a data centre or an acquirer is not repeated: the point of sale hears
 * nothing, gives up, and a hold that was made meanwhile is reversed. Reversals and advices take no
 * time and no capacity of the switch.
 */
export function defineAuthorisation(
  desk: Desk,
  name: string,
  isResting: () => boolean,
): (payment: PaymentId) => void {
  const step = (
    what: string,
    handler: (payment: PaymentId, a: number, b: number, c: number) => void,
    priority?: number,
  ): EventKind =>
    desk.simulation.define(
      `${name}/${what}`,
      (payment, a, b, c) => {
        if (!isResting()) handler(payment, a, b, c)
      },
      priority,
    )
  const kinds: AuthorisationKinds = {
    arrive: step('request', (payment) => arrive(desk, kinds, payment)),
    forward: step('forward', (payment, centre, epoch) =>
      forward(desk, kinds, payment, centre, epoch)),
    answer: step('answer', (payment, centre, epoch, asked) =>
      answer(desk, kinds, payment, centre, epoch, asked)),
    timeOut: step('issuer time-out', (payment, centre, epoch, asked) =>
      timeOut(desk, kinds, payment, centre, epoch, asked)),
    respond: step('response', (payment, outcome) => respond(desk, kinds, payment, outcome)),
    refuse: step('refuse', (payment) => desk.end(payment, 'no access')),
    giveUp: step('give up', (payment) => desk.end(payment, 'timed out'), priorities.timer),
  }
  return (payment) => request(desk, kinds, payment)
}

/** Leads to the next step, or to giving up where that comes first. */
function proceed(
  desk: Desk,
  kinds: AuthorisationKinds,
  payment: PaymentId,
  delay: Time,
  kind: EventKind,
  a = 0,
  b = 0,
  c = 0,
): void {
  const at = desk.simulation.now() + delay
  const giveUpAt = desk.table.giveUpAt[payment]!
  if (at <= giveUpAt) desk.simulation.at(at, kind, payment, a, b, c)
  else desk.simulation.at(giveUpAt, kinds.giveUp, payment)
}

/** The message is gone, and nobody tells the point of sale. */
function lose(desk: Desk, kinds: AuthorisationKinds, payment: PaymentId): void {
  desk.activity.lost++
  desk.simulation.at(desk.table.giveUpAt[payment]!, kinds.giveUp, payment)
}

/** From the point of sale through the acquirer. */
function request(desk: Desk, kinds: AuthorisationKinds, payment: PaymentId): void {
  const acquirer = desk.acquirerOf[desk.payments.to(payment)]!
  if (!desk.acquirers.isUp(acquirer) || desk.networkSwitch.route(desk.homes[acquirer]!) < 0) {
    desk.simulation.after(0, kinds.refuse, payment)
    return
  }
  desk.table.acquirerEpoch[payment] = desk.acquirers.epoch(acquirer)
  proceed(desk, kinds, payment, desk.draws.request(payment), kinds.arrive)
}

function isAcquirerLost(desk: Desk, payment: PaymentId): boolean {
  const acquirer = desk.acquirerOf[desk.payments.to(payment)]!
  return desk.acquirers.epoch(acquirer) !== desk.table.acquirerEpoch[payment]!
}

function arrive(desk: Desk, kinds: AuthorisationKinds, payment: PaymentId): void {
  if (isAcquirerLost(desk, payment)) return lose(desk, kinds, payment)
  const { networkSwitch } = desk
  const acquirer = desk.acquirerOf[desk.payments.to(payment)]!
  const centre = networkSwitch.route(desk.homes[acquirer]!)
  if (centre < 0) return desk.end(payment, 'no access')
  if (!networkSwitch.isUp(centre)) return lose(desk, kinds, payment)
  const delay = networkSwitch.admit(centre) + desk.draws.network(payment)
  proceed(desk, kinds, payment, delay, kinds.forward, centre, networkSwitch.epoch(centre))
}

function forward(
  desk: Desk,
  kinds: AuthorisationKinds,
  payment: PaymentId,
  centre: number,
  epoch: number,
): void {
  if (desk.networkSwitch.epoch(centre) !== epoch) return lose(desk, kinds, payment)
  const { issuers, standIn, simulation } = desk
  const issuer = desk.issuerOf[desk.payments.from(payment)]!
  if (issuers.standsIn(issuer)) return standInFor(desk, kinds, payment)
  const asked = issuers.epoch(issuer)
  if (issuers.isUp(issuer)) {
    const delay = desk.draws.issuer(payment)
    if (delay <= standIn.timeOut) {
      return proceed(desk, kinds, payment, delay, kinds.answer, centre, epoch, asked)
    }
  } else issuers.noteUnanswered(issuer, simulation.now())
  proceed(desk, kinds, payment, standIn.timeOut, kinds.timeOut, centre, epoch, asked)
}

function answer(
  desk: Desk,
  kinds: AuthorisationKinds,
  payment: PaymentId,
  centre: number,
  epoch: number,
  asked: number,
): void {
  if (desk.networkSwitch.epoch(centre) !== epoch) return lose(desk, kinds, payment)
  const { issuers, standIn, draws } = desk
  const issuer = desk.issuerOf[desk.payments.from(payment)]!
  if (issuers.epoch(issuer) !== asked) {
    // The issuer fell with the request in hand; the network goes on waiting for T_out.
    const waited = draws.issuer(payment)
    issuers.noteUnanswered(issuer, desk.simulation.now() - waited)
    const rest = standIn.timeOut - waited
    return proceed(desk, kinds, payment, rest, kinds.timeOut, centre, epoch, asked)
  }
  const outcome = draws.declineShare(payment) < desk.declineRate ? refused : hold(desk, payment)
  if (outcome !== approved) desk.activity.declined++
  proceed(desk, kinds, payment, draws.response(payment), kinds.respond, outcome)
}

function timeOut(
  desk: Desk,
  kinds: AuthorisationKinds,
  payment: PaymentId,
  centre: number,
  epoch: number,
  asked: number,
): void {
  if (desk.networkSwitch.epoch(centre) !== epoch) return lose(desk, kinds, payment)
  const issuer = desk.issuerOf[desk.payments.from(payment)]!
  // Asked while up, and up ever since: the answer is under way, and will be discarded.
  if ((asked & 1) === 0 && desk.issuers.epoch(issuer) === asked) desk.activity.late++
  standInFor(desk, kinds, payment)
}

/**
 * Stand-in processing: the network decides in the place of the issuer. It knows the balances, so
 * that it lends no money which is not there.
 */
function standInFor(desk: Desk, kinds: AuthorisationKinds, payment: PaymentId): void {
  const { floorLimit, approval } = desk.standIn
  const small = desk.payments.amount(payment) <= floorLimit
  const willing = small && desk.draws.standInShare(payment) < approval
  const outcome = willing ? hold(desk, payment) : refused
  if (outcome === approved) desk.activity.standInApproved++
  else desk.activity.standInDeclined++
  proceed(desk, kinds, payment, desk.draws.response(payment), kinds.respond, outcome)
}

/** The authorisation hold on the payer's account. */
function hold(desk: Desk, payment: PaymentId): number {
  const { payments, book, table } = desk
  if (!book.hold(payments.from(payment), payments.amount(payment))) return lacking
  table.stage[payment] = stages.held
  return approved
}

function respond(
  desk: Desk,
  kinds: AuthorisationKinds,
  payment: PaymentId,
  outcome: number,
): void {
  if (isAcquirerLost(desk, payment)) return lose(desk, kinds, payment)
  if (outcome !== approved) return desk.end(payment, outcomes[outcome]!)
  desk.activity.authorised++
  desk.authorise(payment)
}
