import { hours, type Time } from '@counterpoise/engine'

/** A day of the Gregorian calendar. */
export type CivilDate = {
  year: number
  /** 1 … 12. */
  month: number
  /** 1 … 31. */
  day: number
}

/** A day's number since 1970-01-01, which is 0. */
export type DayNumber = number

/** Microseconds of a day; leap seconds do not exist here, as in POSIX time. */
export const dayLength: Time = hours(24)

/**
 * The number of a day. Years are counted from March, so that the leap day is the last of its year
 * and the lengths of the months follow a straight line.
 */
export function dayNumber({ year, month, day }: CivilDate): DayNumber {
  const marchYear = month > 2 ? year : year - 1
  const century = Math.floor(marchYear / 100)
  const yearStart =
    marchYear * 365 + Math.floor(marchYear / 4) - century + Math.floor(century / 4)
  const monthStart = Math.floor((153 * ((month + 9) % 12) + 2) / 5)
  return yearStart + monthStart + day - 1 - daysToEpoch
}

/** From 0000-03-01, where the count above begins, to 1970-01-01. */
const daysToEpoch = 719_468

/** The date of a day number: the inverse of `dayNumber`. */
export function civilDate(number: DayNumber): CivilDate {
  const days = number + daysToEpoch
  const era = Math.floor(days / 146_097) // 400 years
  const dayOfEra = days - era * 146_097
  const leapDays =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const yearStart = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  const dayOfYear = dayOfEra - yearStart
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  return { year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day }
}

/** 0 = Sunday … 6 = Saturday. */
export const weekday = (number: DayNumber): number => (((number + 4) % 7) + 7) % 7

/** The day of an instant, UTC. */
export const dayOf = (instant: Time): DayNumber => Math.floor(instant / dayLength)

/** The instant, in µs since 1970-01-01T00:00Z, at which a time of day begins, UTC. */
export const instantOn = (number: DayNumber, timeOfDay: Time = 0): Time =>
  number * dayLength + timeOfDay

/**
 * Reads an instant of ISO 8601 in UTC: `2023-03-10`, `2023-03-10T21:30Z`, `2023-03-10T21:30:15Z`.
 *
 * @returns µs since 1970-01-01T00:00Z, or `undefined` where the text is no such instant.
 */
export function parseInstant(text: string): Time | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?Z)?$/.exec(text)
  if (parts === null) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0))
  const number = dayNumber({ year: year!, month: month!, day: day! })
  const date = civilDate(number)
  const exists = date.month === month && date.day === day
  if (!exists || hour! > 23 || minute! > 59 || second! > 59) return undefined
  return instantOn(number, ((hour! * 60 + minute!) * 60 + second!) * 1_000_000)
}
