import { fuzzParameters } from '@counterpoise/dev'
import { hours, minutes } from '@counterpoise/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { civilDate, dayNumber, dayOf, instantOn, parseInstant, weekday } from './civil.ts'

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

describe('civil dates', () => {
  test.each([
    [{ year: 1970, month: 1, day: 1 }, 0, 'Thu'],
    [{ year: 1969, month: 12, day: 31 }, -1, 'Wed'],
    [{ year: 2000, month: 2, day: 29 }, 11_016, 'Tue'],
    [{ year: 2000, month: 3, day: 1 }, 11_017, 'Wed'],
    [{ year: 2023, month: 3, day: 10 }, 19_426, 'Fri'],
    [{ year: 2100, month: 2, day: 28 }, 47_540, 'Sun'],
    [{ year: 2100, month: 3, day: 1 }, 47_541, 'Mon'],
  ] as const)('default: %o is day %i', (date, number, name) => {
    expect(dayNumber(date)).toBe(number)
    expect(civilDate(number)).toEqual(date)
    expect(weekdays[weekday(number)]).toBe(name)
  })

  test('behavior: agrees with the Gregorian calendar of the platform over 800 years', () => {
    fc.assert(
      fc.property(fc.integer({ min: -146_097, max: 146_097 }), (number) => {
        const platform = new Date(number * 86_400_000)
        const date = civilDate(number)
        expect(date.year).toBe(platform.getUTCFullYear())
        expect(date.month).toBe(platform.getUTCMonth() + 1)
        expect(date.day).toBe(platform.getUTCDate())
        expect(weekday(number)).toBe(platform.getUTCDay())
        expect(dayNumber(date)).toBe(number)
      }),
      fuzzParameters(2_000),
    )
  })

  test('behavior: an instant lies on its day, also before 1970', () => {
    expect(dayOf(instantOn(19_426, hours(23)))).toBe(19_426)
    expect(dayOf(instantOn(-3, 1))).toBe(-3)
    expect(dayOf(instantOn(-3) - 1)).toBe(-4)
  })
})

describe('parseInstant', () => {
  test('default: a day, minutes and seconds', () => {
    expect(parseInstant('2023-03-10')).toBe(instantOn(19_426))
    expect(parseInstant('2023-03-10T21:30Z')).toBe(instantOn(19_426, hours(21) + minutes(30)))
    expect(parseInstant('2023-03-10T21:30:15Z')).toBe(Date.UTC(2023, 2, 10, 21, 30, 15) * 1_000)
  })

  const wrong = ['', '2023-02-29', '2023-13-01', '2023-00-10', '2023-03-10T24:00Z']
  test.each([...wrong, '2023-03-10T21:30'])('behavior: %j is no instant', (text) =>
    expect(parseInstant(text)).toBeUndefined(),
  )
})
