import { describe, expect, test } from 'vitest'
import { bankingDayFrom, holidayOn, isBankingDay } from './bankCalendar.ts'
import { civilDate, type DayNumber, dayNumber, weekday } from './civil.ts'

/** The day number of `YYYY-MM-DD`. */
const on = (text: string): DayNumber => {
  const [year, month, day] = text.split('-').map(Number)
  return dayNumber({ year: year!, month: month!, day: day! })
}

const written = (number: DayNumber): string => {
  const { month, day } = civilDate(number)
  return `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** The weekdays of a year on which banks are closed. */
const closings = (year: number): string[] => {
  const first = on(`${year}-01-01`)
  const count = on(`${year + 1}-01-01`) - first
  return Array.from({ length: count }, (_, index) => first + index)
    .filter((day) => weekday(day) !== 0 && weekday(day) !== 6 && !isBankingDay(day))
    .map(written)
}

describe('US banking days', () => {
  // The Federal Reserve Banks' published schedules, weekends left out.
  test.each([
    [2017, '01-02 01-16 02-20 05-29 07-04 09-04 10-09 11-23 12-25'],
    // The earliest and the latest days that a Monday or the fourth Thursday can be.
    [2018, '01-01 01-15 02-19 05-28 07-04 09-03 10-08 11-12 11-22 12-25'],
    [2019, '01-01 01-21 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25'],
    [2020, '01-01 01-20 02-17 05-25 09-07 10-12 11-11 11-26 12-25'],
    [2021, '01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25'],
    [2022, '01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26'],
    [2023, '01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-23 12-25'],
    [2024, '01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25'],
    [2025, '01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25'],
    [2026, '01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25'],
    [2027, '01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25'],
  ])('default: closings of %i', (year, expected) => {
    expect(closings(year)).toEqual(expected.split(' '))
  })

  test('behavior: a holiday on a Sunday closes the Monday after it', () => {
    expect(isBankingDay(on('2022-12-26'))).toBe(false)
    expect(isBankingDay(on('2023-01-02'))).toBe(false)
  })

  test('behavior: a holiday on a Saturday leaves the Friday before it open', () => {
    expect(weekday(on('2022-01-01'))).toBe(6)
    expect(isBankingDay(on('2021-12-31'))).toBe(true)
    expect(isBankingDay(on('2026-07-03'))).toBe(true)
  })

  test('behavior: a holiday counts from the year of its law', () => {
    expect(holidayOn(on('2020-06-19'))).toBeUndefined()
    expect(holidayOn(on('2021-06-19'))).toBe('Juneteenth')
    expect(holidayOn(on('1985-01-21'))).toBeUndefined()
    expect(holidayOn(on('1986-01-20'))).toBe('Birthday of Martin Luther King, Jr.')
  })

  test.each([
    ['2023-03-10', '2023-03-10'],
    ['2023-03-11', '2023-03-13'],
    // Washington's Birthday after a weekend.
    ['2023-02-18', '2023-02-21'],
    // The longest pause: a Sunday holiday's Monday.
    ['2022-12-24', '2022-12-27'],
    ['2022-12-31', '2023-01-03'],
  ])('behavior: from %s on, the first banking day is %s', (from, expected) => {
    expect(bankingDayFrom(on(from))).toBe(on(expected))
  })
})
