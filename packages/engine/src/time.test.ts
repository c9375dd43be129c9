import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as time from './time.ts'

const { formatDuration, parseDuration } = time

test('units are whole microseconds', () => {
  expect([time.microseconds(1.4), time.ms(5), time.seconds(12)]).toEqual([1, 5_000, 12_000_000])
  expect([time.minutes(0.5), time.hours(1), time.days(1)]).toEqual([
    ...[30_000_000, 3_600_000_000, 86_400_000_000],
  ])
  expect([time.ms(0.1), time.seconds(0.1 + 0.2), time.days(285 * 365)]).toEqual([
    ...[100, 300_000, 8_987_760_000_000_000],
  ])
  expect([time.toMs(2_500), time.toSeconds(2_500_000)]).toEqual([2.5, 2.5])
})

describe('parseDuration', () => {
  test.each([
    ['250ms', 250_000],
    ['12s', 12_000_000],
    ['10m', 600_000_000],
    ['10min', 600_000_000],
    ['1.5h', 5_400_000_000],
    ['2d', 172_800_000_000],
    ['1h30m', 5_400_000_000],
    ['1h 02m', 3_720_000_000],
    ['7us', 7],
    ['7µs', 7],
    ['0s', 0],
    ['0.0004ms', 0],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected)
  })

  test.each([
    ...['', ' ', '5', 's', '-5s', '5 s', '1h  2m', '1h ', ' 1h'],
    ...['1e3s', '5sec', '.5s', '5.s'],
  ])('not a duration: %j', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  test('longer than time goes', () => {
    expect(parseDuration('999999999d')).toBeUndefined()
  })
})

describe('formatDuration', () => {
  test.each([
    [0, '0ms'],
    [1, '0.001ms'],
    [250_000, '250ms'],
    [999_999, '999.999ms'],
    [1_000_000, '1s'],
    [12_500_000, '12.5s'],
    [59_994_999, '59.99s'],
    [59_999_999, '1m'],
    [60_000_000, '1m'],
    [90_000_000, '1m 30s'],
    [3_599_600_000, '1h'],
    [3_720_000_000, '1h 02m'],
    [3_725_000_000, '1h 02m 05s'],
    [86_400_000_000, '1d'],
    [90_060_000_000, '1d 01h 01m'],
    [-12_500_000, '-12.5s'],
  ])('%d', (span, expected) => {
    expect(formatDuration(span)).toBe(expected)
  })

  test('what is written can be read, to the precision of what is written', () => {
    const factor = fc.integer({ min: 1, max: 4_000_000 })
    const property = fc.property(fc.nat(2 ** 31 - 1), factor, (n, k) => {
      const span = n * k
      const precision = span < 1e6 ? 0 : span < 6e7 ? 5_000 : span < 8.64e10 ? 5e5 : 6e7
      expect(Math.abs(parseDuration(formatDuration(span))! - span)).toBeLessThanOrEqual(precision)
    })
    fc.assert(property, fuzzParameters(500))
  })
})
