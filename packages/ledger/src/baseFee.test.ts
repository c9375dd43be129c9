import { fuzzParameters } from '@counterpoise/dev'
import { BaseError } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BaseFeeRule, ethereumBaseFee, nextBaseFee, noBaseFee } from './index.ts'

/** TIP-1067: attodollars per gas; the floor is a twentieth of the cap. */
const tempo: BaseFeeRule = {
  initial: 12_000_000_000,
  gasTarget: 10_000_000,
  changeDenominator: 8,
  minimum: 600_000_000,
  maximum: 12_000_000_000,
}

const after = (rule: BaseFeeRule, baseFee: number, gasOfBlocks: readonly number[]): number =>
  gasOfBlocks.reduce((fee, gas) => nextBaseFee(rule, fee, gas), baseFee)

describe('EIP-1559', () => {
  const rule = ethereumBaseFee(1_000_000_000, 60_000_000)
  const target = 30_000_000n

  /** The pseudocode of the EIP. */
  const reference = (baseFee: bigint, used: bigint): bigint => {
    if (used === target) return baseFee
    if (used < target) return baseFee - (baseFee * (target - used)) / target / 8n
    const delta = (baseFee * (used - target)) / target / 8n
    return baseFee + (delta > 1n ? delta : 1n)
  }

  test('fees whose products exceed 2⁵³ are exact as well, and the target is rounded down', () => {
    const fees = fc.integer({ min: 1_000_000_000, max: 9_000_000_000_000_000 / 9 })
    fc.assert(
      fc.property(fees, fc.nat(60_000_000), (fee, used) => {
        expect(BigInt(nextBaseFee(rule, fee, used))).toBe(reference(BigInt(fee), BigInt(used)))
      }),
      fuzzParameters(2_000),
    )
    // ⌊31 / 2⌋ = 15 is the target: at 16 the fee rises.
    const odd = ethereumBaseFee(1_000, 31)
    expect([15, 16].map((used) => nextBaseFee(odd, 1_000, used))).toEqual([1_000, 1_008])
  })

  test('a product just above 2⁵³ is exact, though a double would round it up', () => {
    // (8 t + 1) · (8 t − 1) = 64 t² − 1 leaves 8 t − 1 of 8 t; its double is 64 t².
    const target = 15_000_000
    const fee = 8 * target + 1
    const rule = ethereumBaseFee(fee, 2 * target)
    expect(nextBaseFee(rule, fee, target + 8 * target - 1)).toBe(fee + 8 * target - 1)
  })

  test('10,000 blocks of random gas equal the reference in big integers', () => {
    const gas = fc.oneof(
      fc.integer({ min: 0, max: 60_000_000 }),
      fc.constantFrom(0, 29_999_999, 30_000_000, 30_000_001, 60_000_000),
    )
    const blocks = fc.array(gas, { minLength: 500, maxLength: 500 })
    const start = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.nat(10_000_000_000))
    fc.assert(
      fc.property(start, blocks, (initial, gasOfBlocks) => {
        let [fee, expected] = [initial, BigInt(initial)]
        for (const used of gasOfBlocks) {
          fee = nextBaseFee(rule, fee, used)
          expected = reference(expected, BigInt(used))
          expect(BigInt(fee)).toBe(expected)
        }
      }),
      fuzzParameters(20),
    )
  })

  test('moves by exactly 12.5 % at the most', () => {
    expect(nextBaseFee(rule, 1_000_000_000, 60_000_000)).toBe(1_125_000_000)
    expect(nextBaseFee(rule, 1_000_000_000, 0)).toBe(875_000_000)
    expect(nextBaseFee(rule, 1_000_000_000, 30_000_000)).toBe(1_000_000_000)
  })

  test('behavior: below 8 wei it cannot fall, but rises by at least 1', () => {
    for (let fee = 0; fee < 8; fee++) {
      expect(nextBaseFee(rule, fee, 0)).toBe(fee)
      expect(nextBaseFee(rule, fee, 30_000_001)).toBe(fee + 1)
    }
    expect(nextBaseFee(rule, 8, 0)).toBe(7)
    expect(after(rule, 1_000_000_000, Array(500).fill(0))).toBe(7)
  })

  test('behavior: beyond 2⁵³ on the way it stays exact, and ends at the largest integer', () => {
    const high = 4_000_000_000_000_001
    expect(nextBaseFee(rule, high, 45_000_001)).toBe(Number(reference(BigInt(high), 45_000_001n)))
    expect(nextBaseFee(rule, Number.MAX_SAFE_INTEGER, 60_000_000)).toBe(Number.MAX_SAFE_INTEGER)
  })
})

describe('Tempo (TIP-1067)', () => {
  const { minimum: floor, maximum: cap } = tempo

  test.each([
    ['a parent at the target', 1_000_000_000, 10_000_000, 1_000_000_000],
    ['an empty parent: × 7/8', 8_000_000_000, 0, 7_000_000_000],
    ['a parent of 30 M gas: × 1.25', 8_000_000_000, 30_000_000, 10_000_000_000],
    ['the floor and one gas above the target: + 7', floor, 10_000_001, floor + 7],
    ['the floor and an empty parent', floor, 0, floor],
    ['the cap and a full parent', cap, 500_000_000, cap],
  ])('%s', (_name, baseFee, gasUsed, expected) => {
    expect(nextBaseFee(tempo, baseFee, gasUsed)).toBe(expected)
  })

  test('64 empty blocks lead from the cap to the floor; 23 are enough', () => {
    expect(after(tempo, cap, Array(64).fill(0))).toBe(floor)
    expect(after(tempo, cap, Array(23).fill(0))).toBe(floor)
    expect(after(tempo, cap, Array(22).fill(0))).toBeGreaterThan(floor)
  })

  test('16 full blocks lead from the floor to the cap', () => {
    expect(after(tempo, floor, Array(16).fill(30_000_000))).toBe(cap)
  })
})

test('a chain without a base fee keeps it at 0, whatever its blocks hold', () => {
  expect([0, 1, 4_000_000].map((used) => nextBaseFee(noBaseFee, 0, used))).toEqual([0, 0, 0])
})

test('behavior: fractions and an impossible target are refused', () => {
  expect(() => nextBaseFee(tempo, 0.5, 1)).toThrow(BaseError)
  expect(() => nextBaseFee(tempo, 1, Number.NaN)).toThrow(BaseError)
  expect(() => nextBaseFee(tempo, 1, -1)).toThrow(BaseError)
  expect(() => nextBaseFee({ ...tempo, gasTarget: 0 }, 1, 1)).toThrow(BaseError)
})
