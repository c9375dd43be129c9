import { createCommittee } from '@counterpoise/consensus'
import { describe, expect, test } from 'vitest'
import { wholeWeights } from './committeeWeights.ts'

const wholeOf = (...weights: number[]): number[] => [...wholeWeights(createCommittee(weights))]

describe('weights as integers', () => {
  test('whole numbers stay as they are', () => {
    expect(wholeOf(3, 0, 1, 1_000_000)).toEqual([3, 0, 1, 1_000_000])
  })

  test('shares are rounded to 2⁻³⁰ of their sum', () => {
    expect(wholeOf(0.25, 0.75)).toEqual([2 ** 28, 3 * 2 ** 28])
    expect(wholeOf(0.1, 0.2)).toEqual([357_913_941, 715_827_883])
  })

  test('whole numbers of more than 2⁴⁰ together are rounded as well', () => {
    expect(wholeOf(2 ** 39, 2 ** 39)).toEqual([2 ** 39, 2 ** 39])
    expect(wholeOf(2 ** 40, 2 ** 40)).toEqual([2 ** 29, 2 ** 29])
  })

  test('behavior: who has little still has something, and who has nothing has nothing', () => {
    expect(wholeOf(1e-12, 0, 1)).toEqual([1, 0, 2 ** 30])
  })
})
