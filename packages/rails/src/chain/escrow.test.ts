import { createBook, createPayments, usd } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { createEscrow } from './escrow.ts'

/** A payment of 3 $ from account 0 to account 1, who have 10 $ each. */
function createCase() {
  const payments = createPayments()
  const book = createBook({ accounts: 2, opening: usd(10) })
  const payment = payments.add({ intendedAt: 0, from: 0, to: 1, amount: usd(3), patience: 1 })
  const escrow = createEscrow(payments, book)
  const money = (): number[] => [book.balance(0), book.balance(1), book.inFlight(), book.fees()]
  escrow.open(payment)
  return { book, escrow, money, payment, payments }
}

test('default: amount and fee cap of the payer, of which the fee is paid', () => {
  const { escrow, money, payment, payments } = createCase()
  expect(escrow.hold(payment, 500)).toBe(true)
  expect([escrow.feeCap(payment), ...money()]).toEqual([500, usd(7) - 500, usd(10), 3_000_500, 0])
  payments.include(payment, 0, 200)
  escrow.settle(payment)
  expect(money()).toEqual([usd(7) - 200, usd(13), 0, 200])
})

test('behavior: a cap that rises and falls moves the difference alone', () => {
  const { escrow, money, payment } = createCase()
  escrow.hold(payment, 500)
  expect([escrow.raise(payment, 900), escrow.raise(payment, 800)]).toEqual([true, true])
  expect(money()).toEqual([usd(7) - 900, usd(10), usd(3) + 900, 0])
  escrow.lower(payment, 600)
  escrow.lower(payment, 700)
  expect(money()).toEqual([usd(7) - 600, usd(10), usd(3) + 600, 0])
  expect(escrow.raise(payment, usd(8))).toBe(false)
  escrow.release(payment)
  escrow.release(payment)
  expect(money()).toEqual([usd(10), usd(10), 0, 0])
})

test('behavior: a sponsor pays for one attempt, and not for the next', () => {
  const { escrow, money, payment } = createCase()
  expect(escrow.sponsor(payment, 500)).toBe(true)
  expect(money()).toEqual([usd(7), usd(10) - 500, usd(3) + 500, 0])
  escrow.raise(payment, 700)
  escrow.release(payment)
  expect(money()).toEqual([usd(10), usd(10), 0, 0])
  escrow.open(payment)
  escrow.hold(payment, 500)
  escrow.charge(payment, 100)
  expect(money()).toEqual([usd(10) - 100, usd(10), 0, 100])
})

test('behavior: where payee or payer lacks the money nothing moves', () => {
  const { book, escrow, money, payment } = createCase()
  expect(escrow.sponsor(payment, usd(11))).toBe(false)
  expect(escrow.hold(payment, usd(8))).toBe(false)
  escrow.release(payment)
  expect([...money(), book.discrepancy()]).toEqual([usd(10), usd(10), 0, 0, 0])
})
