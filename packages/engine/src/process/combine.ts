import { formatDuration, type Time } from '../time.ts'
import { ProcessUsageError } from './errors.ts'
import { hold } from './process.ts'
import { createBranch, createWait, type Wait, type Waiter, type Withdraw } from './wait.ts'

type Waits = readonly Wait<unknown>[]
type ResultOf<wait> = wait extends Wait<infer result> ? result : never
type IndexOf<key> = key extends `${infer index extends number}` ? index : number

/** Which wait came first, and its result. */
export type First<waits extends Waits> = number extends waits['length']
  ? { index: number; value: ResultOf<waits[number]> }
  : {
      [key in Extract<keyof waits, `${number}`>]: {
        index: IndexOf<key>
        value: ResultOf<waits[key]>
      }
    }[Extract<keyof waits, `${number}`>]

/** The results of all waits, in their order. */
export type Results<waits extends Waits> = { -readonly [key in keyof waits]: ResultOf<waits[key]> }

/**
 * Waits for whichever comes first; the others are taken back, so that nothing is granted to a
 * process that no longer wants it. Of those that could be had at once the first in the list wins.
 *
 * @example
 * const first = yield* anyOf([counter.acquire(), hold(patience)])
 * if (first.index === 0) first.value.release()
 */
export function anyOf<const waits extends Waits>(waits: waits): Wait<First<waits>> {
  if (waits.length === 0) {
    throw new ProcessUsageError('anyOf of nothing would wait forever: give it at least one wait.')
  }
  const what = (): string => `any of (${waits.map((wait) => wait.what()).join(', ')})`
  return createWait<unknown>(what, (waiter) => {
    let winner = -1
    const requests: Withdraw[] = []
    const close = (index: number): void => {
      winner = index
      requests.forEach((withdraw, other) => other !== index && withdraw())
    }
    const branch = (index: number): Waiter<unknown> => {
      const settle = (value: unknown, atOnce?: boolean): void => {
        if (winner >= 0) return
        close(index)
        waiter.settle({ index, value }, atOnce)
      }
      const fail = (error: unknown): void => {
        if (winner >= 0) return
        close(index)
        waiter.fail(error)
      }
      return createBranch(waiter, settle, fail)
    }
    const closeAll = (): void => close(waits.length)
    beginEach(waits, branch, requests, () => winner < 0, closeAll)
    return () => (winner < 0 ? closeAll() : requests[winner]!())
  }) as Wait<First<waits>>
}

/**
 * Waits until all have come, and gives their results in the order of the list. An interrupt gives
 * back what has come so far: slots are released and items return to the front of their stores.
 */
export function allOf<const waits extends Waits>(waits: waits): Wait<Results<waits>> {
  const what = (): string => `all of (${waits.map((wait) => wait.what()).join(', ')})`
  return createWait<unknown>(what, (waiter) => {
    let missing = waits.length
    let over = false
    const results: unknown[] = waits.map(() => undefined)
    const requests: Withdraw[] = []
    const close = (): void => {
      over = true
      for (const withdraw of requests) withdraw()
    }
    const branch = (index: number): Waiter<unknown> => {
      const settle = (value: unknown, atOnce?: boolean): void => {
        if (over) return
        results[index] = value
        missing--
        if (missing === 0) waiter.settle(results, atOnce)
      }
      const fail = (error: unknown): void => {
        if (over) return
        close()
        waiter.fail(error)
      }
      return createBranch(waiter, settle, fail)
    }
    if (missing === 0) waiter.settle(results)
    beginEach(waits, branch, requests, () => !over, close)
    return close
  }) as Wait<Results<waits>>
}

/**
 * Waits for at most `delay`: the result, or `undefined` where the time was up first and the request
 * has been taken back. For a wait whose result may be `undefined`, use `anyOf` with `hold`.
 *
 * @example
 * const slot = yield* within(minutes(3), counter.acquire())
 * if (slot === undefined) return 'left'
 */
export function within<result>(delay: Time, wait: Wait<result>): Wait<result | undefined> {
  const first = anyOf([wait, hold(delay)])
  return createWait(
    () => `within ${formatDuration(delay)}: ${wait.what()}`,
    (waiter) =>
      first.begin(
        createBranch(
          waiter,
          ({ value }, atOnce) => waiter.settle(value as result | undefined, atOnce),
          waiter.fail,
        ),
      ),
  )
}

/** Begins one wait after another; where one cannot be asked for, those before it are taken back. */
function beginEach(
  waits: Waits,
  branch: (index: number) => Waiter<unknown>,
  requests: Withdraw[],
  goesOn: () => boolean,
  close: () => void,
): void {
  try {
    for (let index = 0; index < waits.length && goesOn(); index++) {
      requests[index] = waits[index]!.begin(branch(index))
    }
  } catch (error) {
    close()
    throw error
  }
}
