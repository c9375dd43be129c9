import type { Estimated } from './results.ts'
import { estimateOf } from './statistics.ts'

/**
 * Turns equally shaped results into one in which each number is its mean with the half width of
 * its 95 % confidence interval. Where a figure is missing (null) in some results, the others count;
 * keys that only some of them have count as 0 where they are numbers of occurrences.
 */
export function estimated<value>(results: readonly value[]): Estimated<value> {
  return combine(results) as Estimated<value>
}

function combine(values: readonly unknown[]): unknown {
  const present = values.filter((value) => value !== null && value !== undefined)
  const [first] = present
  if (typeof first === 'number') {
    const isCount = present.length < values.length && values.every((value) => value !== null)
    const numbers = (isCount ? values.map((value) => value ?? 0) : present) as number[]
    return estimateOf(numbers)
  }
  if (typeof first !== 'object') return first ?? null
  const records = present as Record<string, unknown>[]
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))]
  return Object.fromEntries(keys.map((key) => [key, combine(records.map((each) => each[key]))]))
}
