import type { Time } from '@counterpoise/engine'
import { bankingDayFrom } from './bankCalendar.ts'
import { dayLength, dayOf, instantOn } from './civil.ts'

/** When batches are presented and settled, in virtual time. */
export type SettlementTimes = {
  /** The first cut-off at or after a time. */
  cutOffFrom: (time: Time) => Time
  /** The first settlement after a time: a given time of day on a banking day. */
  settlementAfter: (time: Time) => Time
}

export type SettlementTimesOptions = {
  /** The instant of virtual time 0, µs since 1970-01-01T00:00Z. */
  startsAt: Time
  /** Times of day, UTC. */
  cutOff: Time
  settlement: Time
}

/**
 * Makes the timetable of clearing and settlement.
 *
 * With a cut-off in the night and a settlement in the morning, a batch settles on the next banking
 * day: what is authorised on Friday evening settles on Monday, or on Tuesday after a holiday.
 */
export function createSettlementTimes(options: SettlementTimesOptions): SettlementTimes {
  const { startsAt, cutOff, settlement } = options
  return {
    cutOffFrom: (time) => {
      const instant = startsAt + time
      const today = instantOn(dayOf(instant), cutOff)
      return (today >= instant ? today : today + dayLength) - startsAt
    },
    settlementAfter: (time) => {
      const instant = startsAt + time
      const today = dayOf(instant)
      const first = instantOn(today, settlement) > instant ? today : today + 1
      return instantOn(bankingDayFrom(first), settlement) - startsAt
    },
  }
}
