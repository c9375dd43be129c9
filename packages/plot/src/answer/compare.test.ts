import { expect, test } from 'vitest'
import { among, bestOf, differs, list } from './compare.ts'

const estimate = (mean: number, ci95: number) => ({ mean, ci95 })

test('two estimates differ by more than the root of the squares of their margins', () => {
  // √(0.6² + 0.8²) is 1.
  expect(differs(estimate(5, 0.6), estimate(6.001, 0.8))).toBe(true)
  expect(differs(estimate(6.001, 0.8), estimate(5, 0.6))).toBe(true)
  expect(differs(estimate(5, 0.6), estimate(5.999, 0.8))).toBe(false)
  expect(differs(estimate(5, 0), estimate(5, 0))).toBe(false)
})

test('the best is the smallest, with those that cannot be told from it', () => {
  const best = bestOf([
    { name: 'c', value: estimate(9, 0.1) },
    { name: 'a', value: estimate(5.5, 0.5) },
    { name: 'b', value: estimate(5, 0.5) },
  ])!
  expect(best).toEqual({ names: ['b', 'a'], value: estimate(5, 0.5) })
  expect(among(best)).toBe('b (not to be told from a)')
  expect(bestOf([])).toBeUndefined()
  expect([list([]), list(['a']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c'])
})
