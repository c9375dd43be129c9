import { expect, test } from 'vitest'
import { longestRow } from './longestRow.ts'

test.each([
  ['1111', Number.POSITIVE_INFINITY],
  ['', Number.POSITIVE_INFINITY],
  ['0000', 0],
  ['1110', 3],
  ['0111', 3],
  ['1011', 3],
  ['0110110', 2],
  ['1101011', 4],
])('of %s, %d in a row are up', (members, row) => {
  expect(longestRow([...members].map((member) => member === '1'))).toBe(row)
})
