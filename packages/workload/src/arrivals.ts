import type { Stream, Time } from '@counterpoise/engine'

/** Opens the random stream of a purpose; a simulation's `stream` is one. */
export type OpenStream = (purpose: string) => Stream

/** One run through a sequence of arrivals. */
export type ArrivalCursor = {
  /** The next arrival, µs, never before the last one; undefined when there are no more. */
  next: () => Time | undefined
}

/**
 * When payers want to pay: a point process in virtual time. It is a description; `start` begins
 * one run through it.
 */
export type Arrivals = {
  /**
   * Begins at the first arrival. It draws from the stream of this purpose, and its parts from
   * streams whose purposes begin with it.
   */
  start: (open: OpenStream, purpose: string) => ArrivalCursor
  /** The arrival rate at a time, per second. */
  meanRate: (at: Time) => number
  /** The expected number of arrivals in `from ≤ t < to`. */
  expectedCount: (from: Time, to: Time) => number
  /** The same process with all its rates multiplied. */
  scaled: (factor: number) => Arrivals
}

/**
 * How arrivals spread around their rate: at random (a Poisson process), or evenly. Of `regular`
 * arrivals the k-th comes when k − ½ are expected, so that the count of any span from the beginning
 * is within one half of what is expected.
 */
export type ArrivalProcess = 'poisson' | 'regular'
