import { BaseError } from './errors.ts'
import type { Time } from './time.ts'

/**
 * A progress callback that is called at most once per `everyMs` of wall time, with whatever it is
 * given. The engine reads no clock: the caller hands over one of milliseconds. It can only watch,
 * so results stay the same.
 *
 * @example
 * const throttled = throttleProgress({ everyMs: 200, wallClock, onProgress })
 * simulation.run({ onProgress: throttled })
 * @throws BaseError where `everyMs` is negative or no finite number.
 */
export function throttleProgress<
  seen extends readonly unknown[] = [now: Time, events: number],
>(options: {
  everyMs: number
  /** Milliseconds since any moment, never backwards. */
  wallClock: () => number
  onProgress: (...seen: seen) => void
}): (...seen: seen) => void {
  const { everyMs, wallClock, onProgress } = options
  if (!(everyMs >= 0 && everyMs < Number.POSITIVE_INFINITY)) {
    throw new BaseError('`everyMs` must be a number of milliseconds of at least 0.', {
      metaMessages: [`Found: ${everyMs}`],
    })
  }
  let last = wallClock()
  return (...seen) => {
    const at = wallClock()
    if (at - last < everyMs) return
    last = at
    onProgress(...seen)
  }
}
