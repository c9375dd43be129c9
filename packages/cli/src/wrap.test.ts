import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wrap } from './wrap.ts'

test('default: breaks between words, later lines under the first', () => {
  expect(wrap('one two three four', 10, '• ')).toEqual(['• one two', '  three', '  four'])
  expect(wrap('one two three', 9, '  ', '    ')).toEqual(['  one two', '    three'])
})

test('behavior: a number keeps its unit', () => {
  const text = 'it took 2.41 h or 60.3 % of it'
  expect(wrap(text, 12)).toEqual(['it took', '2.41 h or', '60.3 % of it'])
  expect(wrap('7 hours', 5)).toEqual(['7', 'hours'])
})

test('behavior: a word that is too wide stands alone', () => {
  expect(wrap('a incomprehensible b', 5)).toEqual(['a', 'incomprehensible', 'b'])
  expect(wrap('', 5, '- ')).toEqual(['- '])
})

test('behavior: loses no word and keeps to the width', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1 })
  const property = fc.property(words, fc.integer({ min: 10, max: 40 }), (list, width) => {
    const lines = wrap(list.join(' '), width, '* ')
    expect(lines.map((line) => line.slice(2)).join(' ')).toBe(list.join(' '))
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
  })
  fc.assert(property, fuzzParameters(200))
})
