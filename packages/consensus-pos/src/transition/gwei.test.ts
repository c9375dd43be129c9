import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { billionths, quotient, rootOfEther, stakeMaxEther } from './gwei.ts'

const large = fc.oneof(fc.maxSafeNat(), fc.maxSafeNat().map((n) => Number.MAX_SAFE_INTEGER - n))

test('quotients of all safe integers are exact', () => {
  const divisor = fc.oneof(large, fc.integer({ min: 1, max: 5_000 }))
  fc.assert(
    fc.property(large, divisor, (dividend, by) => {
      const b = Math.max(1, by)
      expect(BigInt(quotient(dividend, b))).toBe(BigInt(dividend) / BigInt(b))
      // Just below a multiple, where rounding could lift it.
      const near = Math.floor(Number.MAX_SAFE_INTEGER / b) * b - 1
      expect(BigInt(quotient(near, b))).toBe(BigInt(near) / BigInt(b))
    }),
    fuzzParameters(2_000),
  )
  for (let power = 0; power < 53; power++) {
    const b = 2 ** power
    const near = Number.MAX_SAFE_INTEGER
    expect(BigInt(quotient(near, b))).toBe(BigInt(near) / BigInt(b))
  }
})

test('a share of a billion is exact although its product is not', () => {
  const ether = fc.integer({ min: 1, max: stakeMaxEther })
  fc.assert(
    fc.property(ether, ether, (a, b) => {
      const [part, whole] = a < b ? [a, b] : [b, a]
      const expected = (BigInt(part) * 1_000_000_000n) / BigInt(whole)
      expect(BigInt(billionths(part, whole))).toBe(expected)
    }),
    fuzzParameters(2_000),
  )
})

test('integer square roots of ETH in Gwei are exact', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: stakeMaxEther }), (ether) => {
      const root = BigInt(rootOfEther(ether))
      const square = BigInt(ether) * 1_000_000_000n
      expect(root * root <= square && (root + 1n) ** 2n > square).toBe(true)
    }),
    fuzzParameters(2_000),
  )
  expect(rootOfEther(10_000_000)).toBe(100_000_000)
})
