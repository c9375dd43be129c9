import { expect, test } from 'vitest'
import { halvesOf } from './halves.ts'

const halves = (stakes: readonly number[]): number[] => [
  ...halvesOf(
    stakes.map((validators) => ({ entity: 'x', validators, adversary: validators === 7 })),
    new Float64Array(stakes.length).fill(32),
  ),
]

test('default: equal nodes by turns', () => {
  expect(halves([10, 10, 11, 10, 10])).toEqual([0, 1, 0, 1, 0])
})

test('behavior: of unequal ones as much stake in either half as can be, attackers left out', () => {
  const stakes = [40, 10, 30, 7, 10, 30]
  const found = halves(stakes)
  const honest = (half: number): number =>
    stakes.reduce((sum, stake, k) => sum + (found[k] === half && stake !== 7 ? stake : 0), 0)
  expect(honest(0)).toBe(60)
  expect(honest(1)).toBe(60)
})
