import { expect, test } from 'vitest'
import { createPayments, type PaymentId, type Payments } from './index.ts'

const order = { intendedAt: 5, from: 1, to: 2, amount: 300, patience: 1_000 }

const lifeOf = (payments: Payments, payment: PaymentId) => ({
  state: payments.state(payment),
  reason: payments.reason(payment),
  rail: payments.rail(payment),
  attempts: payments.attempts(payment),
  submittedAt: payments.submittedAt(payment),
  includedAt: payments.includedAt(payment),
  finalAt: payments.finalAt(payment),
  endedAt: payments.endedAt(payment),
  fee: payments.fee(payment),
})

const created = {
  state: 'created',
  reason: 'none',
  rail: -1,
  attempts: 0,
  submittedAt: -1,
  includedAt: -1,
  finalAt: -1,
  endedAt: -1,
  fee: 0,
}

test('default: created, submitted, included, final', () => {
  const payments = createPayments()
  const payment = payments.add(order)
  expect(lifeOf(payments, payment)).toEqual(created)
  payments.submit(payment, 3, 10)
  const submitted = { ...created, state: 'submitted', rail: 3, attempts: 1, submittedAt: 10 }
  expect(lifeOf(payments, payment)).toEqual(submitted)
  payments.include(payment, 20, 7)
  const included = { ...submitted, state: 'included', includedAt: 20, fee: 7 }
  expect(lifeOf(payments, payment)).toEqual(included)
  payments.finalise(payment, 30)
  expect(lifeOf(payments, payment)).toEqual({ ...included, state: 'final', finalAt: 30 })
})

test('behavior: a reorganisation takes inclusion and fee back', () => {
  const payments = createPayments()
  const payment = payments.add(order)
  payments.submit(payment, 0, 10)
  const before = lifeOf(payments, payment)
  payments.include(payment, 20, 7)
  payments.uninclude(payment)
  expect(lifeOf(payments, payment)).toEqual(before)
})

test('behavior: a second rail begins anew and counts as an attempt', () => {
  const payments = createPayments()
  const payment = payments.add(order)
  payments.submit(payment, 0, 10)
  payments.fail(payment, 12, 'no access')
  expect(lifeOf(payments, payment)).toMatchObject({
    ...{ state: 'failed', reason: 'no access', endedAt: 12, rail: 0 },
  })
  payments.submit(payment, 1, 15)
  expect(lifeOf(payments, payment)).toEqual({
    ...created,
    ...{ state: 'submitted', rail: 1, attempts: 2, submittedAt: 15 },
  })
  payments.expire(payment, 99)
  expect(lifeOf(payments, payment)).toMatchObject({
    ...{ state: 'expired', reason: 'timed out', endedAt: 99 },
  })
})

test('behavior: 5,000 payments keep what they were ordered with', () => {
  const payments = createPayments()
  const orders = Array.from({ length: 5_000 }, (_, index) => ({
    ...{ intendedAt: index * 1e9, from: index, to: index + 1, amount: index * 7, patience: index },
  }))
  const ids = orders.map((each) => payments.add(each))
  ids.forEach((payment) => payments.submit(payment, payment % 100, payment))
  expect(ids).toEqual(orders.map((_, index) => index))
  expect(payments.count()).toBe(5_000)
  const read = ids.map((payment) => ({
    intendedAt: payments.intendedAt(payment),
    from: payments.from(payment),
    to: payments.to(payment),
    amount: payments.amount(payment),
    patience: payments.patience(payment),
  }))
  expect(read).toEqual(orders)
  expect(payments.rail(4_999)).toBe(99)
})
