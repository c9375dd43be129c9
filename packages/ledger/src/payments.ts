import type { Time } from '@counterpoise/engine'
import type { MicroUsd } from './money.ts'

/** A payment's number within a run, from 0. */
export type PaymentId = number

/**
 * The life of a payment on a rail:
 * created → submitted → included → final, or → failed | expired, or final → reversed.
 */
export const paymentStates = [
  'created',
  'submitted',
  'included',
  'final',
  'failed',
  'expired',
  'reversed',
] as const
export type PaymentState = (typeof paymentStates)[number]

/** Why a payment failed. */
export const failureReasons = [
  'none',
  /** The payer could not reach the rail: its access node or acquirer was down. */
  'no access',
  'insufficient funds',
  'declined',
  /** The bid was below what the mempool accepts. */
  'fee too low',
  'mempool full',
  /** Crowded out of a full mempool by better bids, or too old for it. */
  'evicted',
  /** Another transaction of the payer took its place in the pool, and pays somebody else. */
  'replaced',
  /** A block holds another transaction that spends the same coins. */
  'conflicted',
  'timed out',
  /** It was to be included by a time of its own, which has passed. */
  'nonce expired',
  /** Nobody exchanges its token for one that producers take. */
  'no fee liquidity',
  /** A policy of the token forbids it; the fee is paid all the same. */
  'refused by policy',
  /** No rail of the router wanted it. */
  'no route',
] as const
export type FailureReason = (typeof failureReasons)[number]

/** What is known of a payment before it is sent. */
export type PaymentOrder = {
  /** When the payer wants to pay; every delay counts from here. */
  intendedAt: Time
  /** Accounts, from 0. */
  from: number
  to: number
  amount: MicroUsd
  /** How long the payer is ready to wait for it, µs. */
  patience: Time
}

/** The payments of a run, in columns; times are −1 until they happen. */
export type Payments = {
  add: (order: PaymentOrder) => PaymentId
  count: () => number
  from: (payment: PaymentId) => number
  to: (payment: PaymentId) => number
  amount: (payment: PaymentId) => MicroUsd
  patience: (payment: PaymentId) => Time
  intendedAt: (payment: PaymentId) => Time
  submittedAt: (payment: PaymentId) => Time
  includedAt: (payment: PaymentId) => Time
  finalAt: (payment: PaymentId) => Time
  /** When it failed or expired. */
  endedAt: (payment: PaymentId) => Time
  fee: (payment: PaymentId) => MicroUsd
  state: (payment: PaymentId) => PaymentState
  reason: (payment: PaymentId) => FailureReason
  /** The number of the rail that holds it, −1 before the first. */
  rail: (payment: PaymentId) => number
  /** How many rails have tried it. */
  attempts: (payment: PaymentId) => number
  submit: (payment: PaymentId, rail: number, now: Time) => void
  include: (payment: PaymentId, now: Time, fee: MicroUsd) => void
  /** A reorganisation took it out of the chain again. */
  uninclude: (payment: PaymentId) => void
  finalise: (payment: PaymentId, now: Time) => void
  fail: (payment: PaymentId, now: Time, reason: FailureReason) => void
  expire: (payment: PaymentId, now: Time) => void
}

const stateCode = Object.fromEntries(
  paymentStates.map((state, code) => [state, code]),
) as Record<PaymentState, number>
const reasonCode = Object.fromEntries(
  failureReasons.map((reason, code) => [reason, code]),
) as Record<FailureReason, number>

/** Makes an empty table of payments. */
export function createPayments(): Payments {
  const times = {
    intendedAt: new Float64Array(1024),
    submittedAt: new Float64Array(1024),
    includedAt: new Float64Array(1024),
    finalAt: new Float64Array(1024),
    endedAt: new Float64Array(1024),
    patience: new Float64Array(1024),
    amount: new Float64Array(1024),
    fee: new Float64Array(1024),
  }
  const numbers = { from: new Int32Array(1024), to: new Int32Array(1024) }
  const codes = {
    state: new Int8Array(1024),
    reason: new Int8Array(1024),
    rail: new Int8Array(1024),
    attempts: new Int8Array(1024),
  }
  let count = 0

  const grow = (): void => {
    const capacity = times.amount.length * 2
    for (const key of keysOf(times)) times[key] = widened(times[key], new Float64Array(capacity))
    for (const key of keysOf(numbers)) {
      numbers[key] = widened(numbers[key], new Int32Array(capacity))
    }
    for (const key of keysOf(codes)) codes[key] = widened(codes[key], new Int8Array(capacity))
  }

  return {
    add: (order) => {
      if (count === times.amount.length) grow()
      const payment = count++
      times.intendedAt[payment] = order.intendedAt
      times.amount[payment] = order.amount
      times.patience[payment] = order.patience
      times.submittedAt[payment] = -1
      times.includedAt[payment] = -1
      times.finalAt[payment] = -1
      times.endedAt[payment] = -1
      numbers.from[payment] = order.from
      numbers.to[payment] = order.to
      codes.rail[payment] = -1
      return payment
    },
    count: () => count,
    from: (payment) => numbers.from[payment]!,
    to: (payment) => numbers.to[payment]!,
    amount: (payment) => times.amount[payment]!,
    patience: (payment) => times.patience[payment]!,
    intendedAt: (payment) => times.intendedAt[payment]!,
    submittedAt: (payment) => times.submittedAt[payment]!,
    includedAt: (payment) => times.includedAt[payment]!,
    finalAt: (payment) => times.finalAt[payment]!,
    endedAt: (payment) => times.endedAt[payment]!,
    fee: (payment) => times.fee[payment]!,
    state: (payment) => paymentStates[codes.state[payment]!]!,
    reason: (payment) => failureReasons[codes.reason[payment]!]!,
    rail: (payment) => codes.rail[payment]!,
    attempts: (payment) => codes.attempts[payment]!,
    submit: (payment, rail, now) => {
      codes.state[payment] = stateCode.submitted
      codes.reason[payment] = reasonCode.none
      codes.rail[payment] = rail
      codes.attempts[payment] = codes.attempts[payment]! + 1
      times.submittedAt[payment] = now
      times.includedAt[payment] = -1
      times.endedAt[payment] = -1
      times.fee[payment] = 0
    },
    include: (payment, now, fee) => {
      codes.state[payment] = stateCode.included
      times.includedAt[payment] = now
      times.fee[payment] = fee
    },
    uninclude: (payment) => {
      codes.state[payment] = stateCode.submitted
      times.includedAt[payment] = -1
      times.fee[payment] = 0
    },
    finalise: (payment, now) => {
      codes.state[payment] = stateCode.final
      times.finalAt[payment] = now
    },
    fail: (payment, now, reason) => {
      codes.state[payment] = stateCode.failed
      codes.reason[payment] = reasonCode[reason]
      times.endedAt[payment] = now
    },
    expire: (payment, now) => {
      codes.state[payment] = stateCode.expired
      codes.reason[payment] = reasonCode['timed out']
      times.endedAt[payment] = now
    },
  }
}

function keysOf<record extends object>(record: record): (keyof record)[] {
  return Object.keys(record) as (keyof record)[]
}

function widened<column extends Int32Array | Float64Array | Int8Array>(
  from: column,
  to: column,
): column {
  to.set(from)
  return to
}
