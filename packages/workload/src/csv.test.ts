import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8Bytes } from './csv.ts'

test('property: bytes as they are encoded, where the lengths of codes change too', () => {
  // The last and the first character of one, two, three and four bytes.
  const edges = ['\u007F', '\u0080', '\u07FF', '\u0800', '\uD7FF', '\uE000', '\uFFFF', '\u{10000}']
  const text = fc.string({ unit: fc.oneof(fc.constantFrom(...edges), fc.constant('a')) })
  const bytesOf = (value: string): number => new TextEncoder().encode(value).length
  expect(edges.map(utf8Bytes)).toEqual([1, 2, 2, 3, 3, 3, 3, 4])
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (value) => {
      expect(utf8Bytes(value)).toBe(bytesOf(value))
    }),
    fuzzParameters(100),
  )
})
