import { describe, expect, test } from 'vitest'
import { featherForkFee, featherForkSuccess } from './attackForms.ts'

/** The race block by block: how likely it is at `own` to `others`, with nobody through yet. */
function raced(q: number, k: number, own = 0, others = 0): number {
  if (own === others + 2) return 1
  if (others === k) return 0
  return q * raced(q, k, own + 1, others) + (1 - q) * raced(q, k, own, others + 1)
}

describe('featherForkSuccess', () => {
  test('default: two blocks in a row where it gives in at once', () => {
    expect(featherForkSuccess(0.3, 1)).toBeCloseTo(0.09, 15)
    expect(featherForkFee(0.3, 1)).toBeCloseTo(0.09 / 0.91, 15)
  })

  test.each([0.05, 0.3, 0.5, 0.8])('default: the race block by block, q = %f', (q) => {
    for (const k of [1, 2, 3, 5, 8]) {
      expect(featherForkSuccess(q, k)).toBeCloseTo(raced(q, k), 14)
    }
  })

  test('behavior: never to give in is the ruin of a gambler', () => {
    expect(featherForkSuccess(0.3, Infinity)).toBeCloseTo((0.3 / 0.7) ** 2, 15)
    expect(featherForkSuccess(0.3, 1_000_000)).toBeCloseTo((0.3 / 0.7) ** 2, 12)
    expect(featherForkSuccess(0.6, 1_000_000)).toBeCloseTo(1, 12)
    expect([featherForkSuccess(0.5, Infinity), featherForkSuccess(0.6, Infinity)]).toEqual([1, 1])
    expect(featherForkSuccess(0, 3)).toBe(0)
  })
})
