import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BookError, createBook, toUsd, usd } from './index.ts'

const accounts = 4
const account = fc.nat(accounts - 1)
const amount = fc.nat(400)
const step = fc.record({
  what: fc.constantFrom('hold', 'release', 'settle'),
  account,
  amount,
  fee: fc.nat(20),
})

test('value is conserved by whatever is allowed, and untouched by what is not', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
      const book = createBook({ accounts, opening: 1_000 })
      const balances = Array<number>(accounts).fill(1_000)
      let [inFlight, fees] = [0, 0]
      for (const { what, account: who, amount: value, fee } of steps) {
        if (what === 'hold') {
          const held = book.hold(who, value)
          expect(held).toBe(balances[who]! >= value)
          if (held) {
            balances[who]! -= value
            inFlight += value
          }
        } else if (what === 'release') {
          if (value > inFlight) expect(() => book.release(who, value)).toThrow(BookError)
          else {
            book.release(who, value)
            balances[who]! += value
            inFlight -= value
          }
        } else if (value + fee > inFlight) {
          expect(() => book.settle(who, value, fee)).toThrow(BookError)
        } else {
          book.settle(who, value, fee)
          balances[who]! += value
          fees += fee
          inFlight -= value + fee
        }
        expect(balances.map((_, index) => book.balance(index))).toEqual(balances)
        expect([book.inFlight(), book.fees(), book.discrepancy()]).toEqual([inFlight, fees, 0])
      }
    }),
    fuzzParameters(200),
  )
})

test('an account can spend all that it has, and not a millionth more', () => {
  const book = createBook({ accounts, opening: 1_000 })
  expect([book.hold(0, 1_001), book.hold(0, 1_000), book.hold(0, 1)]).toEqual([false, true, false])
  book.settle(1, 990, 10)
  expect([book.balance(0), book.balance(1), book.inFlight(), book.fees()]).toEqual([
    0, 1_990, 0, 10,
  ])
})

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
  'behavior: %s µ$ is no amount',
  (value) => {
    const book = createBook({ accounts, opening: 1_000 })
    book.hold(0, 100)
    expect(() => book.hold(1, value)).toThrow(BookError)
    expect(() => book.release(1, value)).toThrow(BookError)
    expect(() => book.settle(1, value, 0)).toThrow(BookError)
    expect(() => book.settle(1, 10, value)).toThrow(BookError)
    expect(() => createBook({ accounts: 1, opening: value })).toThrow(BookError)
    expect([book.inFlight(), book.fees(), book.discrepancy()]).toEqual([100, 0, 0])
  },
)

test('behavior: an account that does not exist neither pays nor is paid', () => {
  const book = createBook({ accounts, opening: 1_000 })
  book.hold(0, 100)
  for (const missing of [-1, accounts, 0.5]) {
    expect(() => book.hold(missing, 10)).toThrow(BookError)
    expect(() => book.release(missing, 10)).toThrow(BookError)
    expect(() => book.settle(missing, 10, 0)).toThrow(BookError)
  }
  expect(book.discrepancy()).toBe(0)
})

test('behavior: more money than can be counted exactly is refused', () => {
  expect(() => createBook({ accounts: 10_000_000, opening: usd(1_000) })).toThrow(BookError)
  expect(createBook({ accounts: 9_000, opening: usd(1_000_000) }).discrepancy()).toBe(0)
})

test('money is a whole number of millionths of a dollar', () => {
  expect([usd(1), usd(0.1) + usd(0.2), usd(0.000_000_4)]).toEqual([1_000_000, 300_000, 0])
  expect(toUsd(usd(1_234.567_891))).toBe(1_234.567_891)
})
