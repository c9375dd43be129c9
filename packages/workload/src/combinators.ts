import type { Time } from '@counterpoise/engine'
import type { Arrivals } from './arrivals.ts'
import { expectThat } from './errors.ts'

/**
 * The superposition of several arrival processes. Each part draws from a stream of its own
 * (`<purpose>/<place>`), so that changing, scaling or appending one leaves the others' arrivals as
 * they were. Of arrivals at the same microsecond the earlier part's comes first.
 */
export function sum(...parts: readonly Arrivals[]): Arrivals {
  return {
    start: (open, purpose) => {
      const cursors = parts.map((part, index) => part.start(open, `${purpose}/${index}`))
      const heads = cursors.map((cursor) => cursor.next())
      return {
        next: () => {
          let earliest = -1
          for (let index = 0; index < heads.length; index++) {
            const head = heads[index]
            if (head === undefined) continue
            if (earliest < 0 || head < heads[earliest]!) earliest = index
          }
          if (earliest < 0) return undefined
          const time = heads[earliest]
          heads[earliest] = cursors[earliest]!.next()
          return time
        },
      }
    },
    meanRate: (at) => parts.reduce((total, part) => total + part.meanRate(at), 0),
    expectedCount: (from, to) =>
      parts.reduce((total, part) => total + part.expectedCount(from, to), 0),
    scaled: (factor) => sum(...parts.map((part) => part.scaled(factor))),
  }
}

/** The same arrivals, each later by a span of at least 0 µs. */
export function shift(arrivals: Arrivals, by: Time): Arrivals {
  expectThat(Number.isSafeInteger(by) && by >= 0, 'shift', 'a span in whole µs, at least 0', by)
  return {
    start: (open, purpose) => {
      const cursor = arrivals.start(open, purpose)
      return {
        next: () => {
          const time = cursor.next()
          if (time === undefined) return undefined
          return time + by <= Number.MAX_SAFE_INTEGER ? time + by : undefined
        },
      }
    },
    meanRate: (at) => arrivals.meanRate(at - by),
    expectedCount: (from, to) => arrivals.expectedCount(from - by, to - by),
    scaled: (factor) => shift(arrivals.scaled(factor), by),
  }
}

/**
 * The arrivals in `from ≤ t < to`, µs, as they are without clipping: those before are drawn and
 * passed over.
 */
export function clip(arrivals: Arrivals, from: Time, to: Time): Arrivals {
  expectThat(from <= to, 'clip', `an end of at least ${from} µs`, to)
  return {
    start: (open, purpose) => {
      const cursor = arrivals.start(open, purpose)
      return {
        next: () => {
          let time = cursor.next()
          while (time !== undefined && time < from) time = cursor.next()
          return time === undefined || time >= to ? undefined : time
        },
      }
    },
    meanRate: (at) => (at >= from && at < to ? arrivals.meanRate(at) : 0),
    expectedCount: (start, end) => {
      const first = Math.max(start, from)
      const last = Math.min(end, to)
      return last > first ? arrivals.expectedCount(first, last) : 0
    },
    scaled: (factor) => clip(arrivals.scaled(factor), from, to),
  }
}

/** The same process with all its rates multiplied by a factor of at least 0. */
export const scale = (arrivals: Arrivals, factor: number): Arrivals => arrivals.scaled(factor)
