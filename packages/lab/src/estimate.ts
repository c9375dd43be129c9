import type { Estimated } from './results.ts'
import { estimateOf } from './statistics.ts'

/**
 * Turns equally shaped results into one in which each number is its mean with the half width of
 * its 95 % confidence interval.
 *
 * - Where a figure is null in some results, there was nothing to measure: the others count.
 * - Where a key is missing in some results, it is a number of occurrences that were none: they
 *   count as 0.
 * - Lists that are alike but for their numbers are taken entry by entry; others become null, as
 *   the entries of one are not those of another.
 */
export function estimated<value>(results: readonly value[]): Estimated<value> {
  return combine(results) as Estimated<value>
}

function combine(values: readonly unknown[]): unknown {
  const measured = values.filter((value) => value !== null)
  const first = measured.find((value) => value !== undefined)
  if (typeof first === 'number') {
    return estimateOf(measured.map((value) => (value ?? 0) as number))
  }
  if (typeof first !== 'object') return first ?? null
  if (Array.isArray(first)) return combineLists(values)
  const records = measured.filter((value) => value !== undefined) as Record<string, unknown>[]
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))]
  return Object.fromEntries(keys.map((key) => [key, combine(records.map((each) => each[key]))]))
}

function combineLists(lists: readonly unknown[]): unknown[] | null {
  const [first] = lists
  const shape = withoutNumbers(first)
  if (lists.some((list) => withoutNumbers(list) !== shape)) return null
  return (first as unknown[]).map((_, k) => combine(lists.map((list) => (list as unknown[])[k])))
}

/** The text of a value in which all numbers are the same. */
const withoutNumbers = (value: unknown): string | undefined =>
  JSON.stringify(value, (_key, each) => (typeof each === 'number' ? 0 : each))
