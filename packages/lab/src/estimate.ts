import type { Estimated } from './results.ts'
import { estimateOf, shareEstimateOf } from './statistics.ts'

/**
 * Turns equally shaped results into one in which each number is its mean with the half width of
 * its 95 % confidence interval, and each share has the ends of the interval besides.
 *
 * - Where a figure is null in some results, there was nothing to measure: the others count, and
 *   the estimate says of how many it is.
 * - Where a key is missing in some results, it is a number of occurrences that were none: they
 *   count as 0.
 * - Lists that are alike but for their numbers are taken entry by entry; others become null, as
 *   the entries of one are not those of another.
 */
export function estimated<value>(results: readonly value[]): Estimated<value> {
  return combine(results, 'figures', results.length) as Estimated<value>
}

/** What the keys of a record name: figures, or those who have them; or all below are shares. */
type Below = 'figures' | 'names' | 'shares'

function combine(values: readonly unknown[], below: Below, all: number): unknown {
  const measured = values.filter((value) => value !== null)
  const first = measured.find((value) => value !== undefined)
  if (typeof first === 'number') {
    const numbers = measured.map((value) => (value ?? 0) as number)
    const estimate = below === 'shares' ? shareEstimateOf(numbers) : estimateOf(numbers)
    return numbers.length < all ? { ...estimate, replications: numbers.length } : estimate
  }
  if (typeof first !== 'object') return first ?? null
  if (Array.isArray(first)) return combineLists(values, below, all)
  const records = measured.filter((value) => value !== undefined) as Record<string, unknown>[]
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))]
  return Object.fromEntries(
    keys.map((key) => {
      const under = records.map((each) => each[key])
      return [key, combine(under, belowKey(key, below), all)]
    }),
  )
}

/** Shares by the names of their figures; all below one of them are shares too. */
const shareKey =
  /_share(_by_\w+)?$|^share_of_|^(participation|head_accuracy|(stale_)?by_(miner|builder|relay))$/

/** Below these, a key is a name that a scenario gives, and says nothing of the figure. */
const namesKey = /_by_|^(reorg_depths|attacks|motions|liars$)/

function belowKey(key: string, below: Below): Below {
  if (below === 'shares') return 'shares'
  if (below === 'names') return 'figures'
  if (shareKey.test(key)) return 'shares'
  return namesKey.test(key) ? 'names' : 'figures'
}

function combineLists(lists: readonly unknown[], below: Below, all: number): unknown[] | null {
  const [first] = lists
  const shape = withoutNumbers(first)
  if (lists.some((list) => withoutNumbers(list) !== shape)) return null
  const entries = (k: number): unknown[] => lists.map((list) => (list as unknown[])[k])
  return (first as unknown[]).map((_, k) => combine(entries(k), below, all))
}

/** The text of a value in which all numbers are the same. */
const withoutNumbers = (value: unknown): string | undefined =>
  JSON.stringify(value, (_key, each) => (typeof each === 'number' ? 0 : each))
