import { estimateOf, type Trials } from './interval.ts'
import type { Kind, KindsOf, TrialShare } from './kinds.ts'
import type { Estimate, Estimated } from './results.ts'

/**
 * Turns equally shaped results into one in which each number is its mean over them with its 95 %
 * confidence interval.
 *
 * - Where a figure is null in some results, there was nothing to measure: the others count, and
 *   the estimate says of how many it is.
 * - Where a key is missing in some results, it is a number of occurrences that were none: they
 *   count as 0.
 * - Lists that are alike but for their numbers are taken entry by entry; others become null, as
 *   the entries of one are not those of another.
 *
 * @param kinds What sort of number each figure is; those of a rail are `railKinds`.
 */
export function estimated<value>(
  results: readonly value[],
  kinds: KindsOf<value>,
): Estimated<value> {
  return combine(results, { results, kinds, names: [] }) as Estimated<value>
}

type Place = {
  results: readonly unknown[]
  /** Kinds of all below. */
  kinds: unknown
  /** On the way here, those of records whose keys are names. */
  names: readonly string[]
}

function combine(values: readonly unknown[], place: Place): unknown {
  const first = values.find((value) => value !== undefined && value !== null)
  if (typeof first === 'number') return combineNumbers(values, place)
  if (typeof first !== 'object') return first ?? null
  if (Array.isArray(first)) return combineLists(values, first, place)
  const keys = new Set(values.flatMap((value) => Object.keys(value ?? {})))
  return Object.fromEntries(
    [...keys].map((key) => {
      // Below what was not there nothing was measured; a key of its own that is missing is none.
      const under = values.map((value) =>
        value === null || value === undefined ? null : (value as Record<string, unknown>)[key],
      )
      return [key, combine(under, below(place, key))]
    }),
  )
}

function below({ results, kinds, names }: Place, key: string): Place {
  if (typeof kinds === 'function') return { results, kinds: kinds(key), names: [...names, key] }
  const own = Object.hasOwn(kinds ?? {}, key) ? (kinds as Record<string, unknown>)[key] : undefined
  return { results, kinds: own, names }
}

function combineNumbers(values: readonly unknown[], { results, kinds, names }: Place): Estimate {
  const measured = values.flatMap((value, k) =>
    value === null ? [] : [{ value: (value ?? 0) as number, result: results[k] }],
  )
  const numbers = measured.map(({ value }) => value)
  const kind = (kinds ?? 'difference') as Kind
  const found = measured.map(({ result }) => result)
  const estimate =
    typeof kind === 'object'
      ? estimateOf(numbers, 'share', trialsOf(kind, found, names))
      : estimateOf(numbers, kind)
  return numbers.length < values.length ? { ...estimate, replications: numbers.length } : estimate
}

/** The trials of a share, where all results tell them. */
function trialsOf(
  { outOf, isApart }: TrialShare,
  results: readonly unknown[],
  names: readonly string[],
): Trials | undefined {
  const numbers = results.map((result) => outOf(result, ...names) ?? Number.NaN)
  return numbers.every(Number.isFinite) ? { numbers, areApart: results.every(isApart) } : undefined
}

function combineLists(
  lists: readonly unknown[],
  first: readonly unknown[],
  place: Place,
): unknown[] | null {
  const shape = withoutNumbers(first)
  if (lists.some((list) => list !== null && withoutNumbers(list) !== shape)) return null
  const entries = (k: number): unknown[] =>
    lists.map((list) => list && (list as readonly unknown[])[k])
  return first.map((_, k) => combine(entries(k), place))
}

/** The text of a value in which all numbers are the same. */
const withoutNumbers = (value: unknown): string | undefined =>
  JSON.stringify(value, (_key, each) => (typeof each === 'number' ? 0 : each))
