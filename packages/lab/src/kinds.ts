/**
 * What sort of number a figure is, which says what its confidence interval can hold:
 *
 * - `count`, `time` and `amount` (a rate, a fee, an energy) are never below 0,
 * - a `share` is a part of a whole and lies within 0 and 1,
 * - a `difference` may be anything.
 */
export type PlainKind = 'count' | 'time' | 'amount' | 'share' | 'difference'

/**
 * A share that is a count out of a number of trials. Where few of them went one way, chance within
 * a run is larger than a few replications show.
 */
export type TrialShare<result = any> = {
  /** How many trials there were in a result; by the names on the way where records have names. */
  outOf: (result: result, ...names: string[]) => number | null | undefined
  /**
   * Whether each trial has a chance of its own, as who finds a block. Payments of one run share its
   * weather, so that one run alone tells nothing of the next.
   */
  isApart: (result: result) => boolean
}

export type Kind<result = any> = PlainKind | TrialShare<result>

/** A kind for each figure of a result: a key without one does not compile. */
export type KindsOf<value, result = value> = NonNullable<value> extends infer present
  ? [present] extends [number]
    ? Kind<result>
    : present extends readonly (infer entry)[]
      ? KindsOf<entry, result>
      : string extends keyof present
        ? (name: string) => KindsOf<present[keyof present], result>
        : {
            [key in keyof present as HasFigures<present[key]> extends never
              ? never
              : key]-?: KindsOf<present[key], result>
          }
  : never

type HasFigures<value> = value extends number
  ? true
  : value extends readonly (infer entry)[]
    ? HasFigures<entry>
    : value extends object
      ? true
      : never

/** What no figure of a kind is outside of. */
export function rangeOf(kind: Kind): { from: number; to: number } {
  if (typeof kind === 'object' || kind === 'share') return { from: 0, to: 1 }
  return { from: kind === 'difference' ? -Infinity : 0, to: Infinity }
}
