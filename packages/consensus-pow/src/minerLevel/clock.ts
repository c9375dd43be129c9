import { createDiscrete, exponential, ms, type Stream, type Time } from '@counterpoise/engine'
import type { CompleteOptions, Finds } from './options.ts'

/** The one clock of all miners: who finds the next block, and when. */
export type Clock = {
  now: Time
  finder: number
  /** Goes on to the next block at a difficulty. False where nobody mines any more. */
  advance: (difficulty: number) => boolean
}

/**
 * Hashing has no memory, so the exponential clocks of all miners are one of their total rate, and
 * who finds the block is drawn by share. A change of the hash rate in between is exact as well:
 * what is left of the work to be done is done at the new rate.
 */
export function createClock(options: CompleteOptions, intervals: Stream, finders: Stream): Clock {
  const total = options.shares.reduce((sum, share) => sum + share, 0)
  const rates = options.shares.map((share) => share / total)
  const changes = options.hashRateChanges.toSorted((one, other) => one.atMs - other.atMs)
  const interval = ms(options.targetIntervalMs)
  let draw = createDiscrete(rates)
  let rate = 1
  let done = 0
  let nextChange = done < changes.length ? ms(changes[done]!.atMs) : Number.POSITIVE_INFINITY

  const change = (): void => {
    const { factor, miner } = changes[done++]!
    for (let each = 0; each < rates.length; each++) {
      if (miner === undefined || miner === each) rates[each]! *= factor
    }
    rate = rates.reduce((sum, each) => sum + each, 0)
    if (rate > 0) draw = createDiscrete(rates)
    nextChange = done < changes.length ? ms(changes[done]!.atMs) : Number.POSITIVE_INFINITY
  }

  const clock: Clock = {
    now: 0,
    finder: 0,
    advance: (difficulty) => {
      let span = exponential(intervals, (difficulty * interval) / rate)
      while (clock.now + span >= nextChange) {
        const before = rate
        const left = span === Number.POSITIVE_INFINITY ? 0 : clock.now + span - nextChange
        clock.now = nextChange
        change()
        if (rate > 0) span = before > 0 ? (left * before) / rate : exponentialAt(difficulty)
        else if (nextChange === Number.POSITIVE_INFINITY) return false
        else span = Number.POSITIVE_INFINITY
      }
      clock.now += Math.round(span)
      clock.finder = draw(finders)
      return true
    },
  }
  const exponentialAt = (difficulty: number): number =>
    exponential(intervals, (difficulty * interval) / rate)
  return clock
}

/** Goes through a given list of finds; its times must not fall. */
export function replayClock({ finders, times }: Finds): Clock {
  let next = 0
  const clock: Clock = {
    now: 0,
    finder: 0,
    advance: () => {
      if (next >= times.length) return false
      clock.now = times[next]!
      clock.finder = finders[next++]!
      return true
    },
  }
  return clock
}
