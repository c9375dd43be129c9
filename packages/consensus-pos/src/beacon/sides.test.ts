import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sidesOf } from './sides.ts'

test('default: two groups with a cut between them, and a node that is in neither', () => {
  const group = [0, 0, 1, 1, 2]
  const isOpen = (a: number, b: number): boolean =>
    group[a] === group[b] || group[a] === 2 || group[b] === 2
  expect([...sidesOf(4, isOpen)]).toEqual([0, 0, 1, 1])
  // The fifth talks to both, and so joins them.
  expect([...sidesOf(5, isOpen)]).toEqual([0, 0, 0, 0, 0])
})

test('behavior: equal numbers for those whom a chain of open links joins, and no others', () => {
  const links = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 14 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), links, (size, open) => {
      const sides = sidesOf(size, (a, b) => open.some(([x, y]) => x === a && y === b))
      // Reachability by repeated squaring of the relation.
      const joined = Array.from({ length: size }, (_, a) =>
        Array.from({ length: size }, (_, b) =>
          open.some(([x, y]) => (x === a && y === b) || (x === b && y === a)),
        ),
      )
      for (let k = 0; k < size; k++) {
        for (let a = 0; a < size; a++) {
          for (let b = 0; b < size; b++) joined[a]![b] ||= joined[a]![k]! && joined[k]![b]!
        }
      }
      for (let a = 0; a < size; a++) {
        for (let b = 0; b < a; b++) expect(sides[a] === sides[b]).toBe(joined[a]![b])
      }
    }),
    fuzzParameters(200),
  )
})
