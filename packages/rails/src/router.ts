import { BaseError, type Simulation } from '@counterpoise/engine'
import type { FailureReason, PaymentId, Payments } from '@counterpoise/ledger'
import type { Quote, Rail, RailObserver } from './contract.ts'

export type RouterOptions = {
  name: string
  /** In the order in which equal quotes are preferred. */
  rails: readonly Rail[]
  payments: Payments
  /** What has to happen within the payer's patience: the payee sees it, or it is final. */
  deadlineFor: 'inclusion' | 'finality'
}

/**
 * A rail over rails: each payment goes to the cheapest one that promises to be in time, or to the
 * fastest where none does. When a rail refuses or loses a payment before it is included, the next
 * best one that has not tried it takes over, as long as the payer's patience lasts. Payments that
 * its rails got from somebody else do not concern it.
 */
export function createRouter(simulation: Simulation, options: RouterOptions): Rail {
  const { name, rails, payments, deadlineFor } = options
  if (rails.length > railsMax) {
    throw new BaseError(`The router '${name}' has ${rails.length} rails, more than ${railsMax}.`)
  }
  const observers: RailObserver[] = []
  /** Which rails have tried a payment: bit k stands for rail k; 0 while it is not in our hands. */
  let tried = new Int32Array(1024)

  const promised = (quote: Quote): number =>
    deadlineFor === 'inclusion' ? quote.timeToInclusion : quote.timeToFinality

  const best = (payment: PaymentId): { index: number; quote: Quote } | undefined => {
    const left = payments.intendedAt(payment) + payments.patience(payment) - simulation.now()
    let chosen: { index: number; quote: Quote } | undefined
    rails.forEach((rail, index) => {
      if ((tried[payment]! & (1 << index)) !== 0) return
      const quote = rail.quote(payment)
      if (!quote.available) return
      if (chosen === undefined || isBetter(quote, chosen.quote, left)) chosen = { index, quote }
    })
    return chosen
  }

  const isBetter = (one: Quote, other: Quote, left: number): boolean => {
    const [inTime, otherInTime] = [promised(one) <= left, promised(other) <= left]
    if (inTime !== otherInTime) return inTime
    return inTime ? one.fee < other.fee : promised(one) < promised(other)
  }

  const isOurs = (payment: PaymentId): boolean => (tried[payment] ?? 0) !== 0

  const end = (payment: PaymentId, reason: FailureReason): void => {
    tried[payment] = 0
    observers.forEach((observer) => observer.ended?.(payment, reason))
  }

  const route = (payment: PaymentId, lastReason: FailureReason): void => {
    const choice = best(payment)
    if (choice === undefined) {
      if (lastReason === 'no route') payments.fail(payment, simulation.now(), 'no route')
      return end(payment, lastReason)
    }
    tried[payment] = tried[payment]! | (1 << choice.index)
    rails[choice.index]!.submit(payment)
  }

  for (const rail of rails) {
    rail.observe({
      included: (payment) => {
        if (isOurs(payment)) observers.forEach((observer) => observer.included?.(payment))
      },
      finalised: (payment) => {
        if (!isOurs(payment)) return
        tried[payment] = 0
        observers.forEach((observer) => observer.finalised?.(payment))
      },
      ended: (payment, reason) => {
        if (!isOurs(payment)) return
        const deadline = payments.intendedAt(payment) + payments.patience(payment)
        if (simulation.now() >= deadline) end(payment, reason)
        else route(payment, reason)
      },
    })
  }

  const sum = (count: (rail: Rail) => number): number =>
    rails.reduce((total, rail) => total + count(rail), 0)

  return {
    name,
    parts: rails,
    quote: (payment) => best(payment)?.quote ?? unavailable,
    submit: (payment) => {
      while (payment >= tried.length) tried = doubled(tried)
      tried[payment] = 0
      route(payment, 'no route')
    },
    observe: (observer) => {
      observers.push(observer)
    },
    inFlight: () => sum((rail) => rail.inFlight()),
    waiting: () => sum((rail) => rail.waiting()),
    sites: rails.flatMap((rail) => rail.sites),
    powers: rails.flatMap((rail) => rail.powers),
    watts: sum((rail) => rail.watts),
    isStalled: (since) => rails.some((rail) => rail.isStalled(since)),
    blocks: () => undefined,
    conserved: () => rails.every((rail) => rail.conserved()),
    violations: () => rails.flatMap((rail) => rail.violations()),
    rest: () => rails.forEach((rail) => rail.rest()),
  }
}

/** As many bits as a small integer has to offer. */
const railsMax = 31

const unavailable: Quote = {
  available: false,
  fee: 0,
  timeToInclusion: 0,
  timeToFinality: 0,
  risk: 1,
}

function doubled(column: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(column.length * 2)
  wider.set(column)
  return wider
}
