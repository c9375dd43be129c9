import { civilDate, type DayNumber, weekday } from './civil.ts'

/**
 * The days on which the Federal Reserve Banks, and with them the settlement of US payments, are
 * closed. A holiday on a Sunday closes the Monday after it; one on a Saturday closes no other day
 * (unlike that of federal offices, which then close on the Friday before it).
 *
 * Source: the Reserve Banks' holiday schedule, richmondfed.org/about_us/holiday_schedule; the days
 * are those of 5 U.S.C. § 6103. The rules hold since 1978, and are also applied to earlier years.
 */
const fixedHolidays = [
  { name: "New Year's Day", month: 1, day: 1, since: 0 },
  /** Public Law 117-17 of 17 June 2021. */
  { name: 'Juneteenth', month: 6, day: 19, since: 2021 },
  { name: 'Independence Day', month: 7, day: 4, since: 0 },
  { name: 'Veterans Day', month: 11, day: 11, since: 0 },
  { name: 'Christmas Day', month: 12, day: 25, since: 0 },
] as const

/** The one day of the given weekday in the seven days from `from` on. */
const movableHolidays = [
  /** Public Law 98-144: first observed in 1986. */
  { name: 'Birthday of Martin Luther King, Jr.', month: 1, weekday: 1, from: 15, since: 1986 },
  { name: "Washington's Birthday", month: 2, weekday: 1, from: 15, since: 0 },
  { name: 'Memorial Day', month: 5, weekday: 1, from: 25, since: 0 },
  { name: 'Labor Day', month: 9, weekday: 1, from: 1, since: 0 },
  { name: 'Columbus Day', month: 10, weekday: 1, from: 8, since: 0 },
  { name: 'Thanksgiving Day', month: 11, weekday: 4, from: 22, since: 0 },
] as const

const sunday = 0
const saturday = 6

/** The name of the holiday that falls on a day, whatever weekday it is. */
export function holidayOn(number: DayNumber): string | undefined {
  const { year, month, day } = civilDate(number)
  const fixed = fixedHolidays.find((each) => each.month === month && each.day === day)
  if (fixed !== undefined) return year >= fixed.since ? fixed.name : undefined
  const weekdayOfNumber = weekday(number)
  return movableHolidays.find(
    (each) =>
      each.month === month &&
      each.weekday === weekdayOfNumber &&
      day >= each.from &&
      day < each.from + 7 &&
      year >= each.since,
  )?.name
}

/** Whether the US banking system settles on a day. */
export function isBankingDay(number: DayNumber): boolean {
  const weekdayOfNumber = weekday(number)
  if (weekdayOfNumber === sunday || weekdayOfNumber === saturday) return false
  if (holidayOn(number) !== undefined) return false
  return !(weekdayOfNumber === 1 && holidayOn(number - 1) !== undefined)
}

/** The first banking day from a day on, the day itself included. */
export function bankingDayFrom(number: DayNumber): DayNumber {
  let day = number
  while (!isBankingDay(day)) day++
  return day
}
