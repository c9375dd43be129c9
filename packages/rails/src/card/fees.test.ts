import { fuzzParameters } from '@counterpoise/dev'
import { usd } from '@counterpoise/ledger'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cardFee } from './fees.ts'

test('default: a share of the amount and a fixed part', () => {
  expect(cardFee({ basisPoints: 235, fixed: usd(0.1) }, usd(100))).toBe(usd(2.45))
  expect(cardFee({ basisPoints: 5, fixed: usd(0.22) }, usd(40))).toBe(usd(0.24))
})

test('behavior: rounded up to the millionth of a dollar', () => {
  expect(cardFee({ basisPoints: 1, fixed: 0 }, 1)).toBe(1)
  expect(cardFee({ basisPoints: 1, fixed: 0 }, 10_001)).toBe(2)
})

test('behavior: never more than the amount', () => {
  expect(cardFee({ basisPoints: 235, fixed: usd(0.1) }, usd(0.05))).toBe(usd(0.05))
})

test('behavior: exact for every amount', () => {
  const amounts = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
  fc.assert(
    fc.property(amounts, fc.integer({ min: 0, max: 100_000 }), (amount, hundredths) => {
      const exact = (BigInt(amount) * BigInt(hundredths) + 999_999n) / 1_000_000n
      expect(BigInt(cardFee({ basisPoints: hundredths / 100, fixed: 0 }, amount))).toBe(exact)
    }),
    fuzzParameters(500),
  )
})
