import { SharesError } from './errors.ts'

/**
 * How much of a power each party holds, in any unit (hash rate, stake, dollars): a list, or the
 * `values()` of a map. Measures depend on the proportions only.
 */
export type Shares = Iterable<number>

/** One holder of a power, with what it has in common with others. */
export type Holding = {
  attributes: { readonly [attribute: string]: string | undefined }
  /** Any unit. */
  power: number
}

/**
 * Sums powers by what their holders share, e.g. by `operator`, `cloud` or `country`: the parties
 * that fail or decide together. A holder without the attribute shares it with nobody and counts
 * for itself, under a key that names its place in the list.
 *
 * @example
 * const byCloud = sharesBy(rail.powers, 'cloud')
 * nakamoto(byCloud.values(), 1 / 3)
 */
export function sharesBy(items: readonly Holding[], attribute: string): Map<string, number> {
  const totals = new Map<string, number>()
  for (const [index, { attributes, power }] of items.entries()) {
    checkShare(power)
    const own = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined
    const key = own ?? `no ${attribute} (#${index})`
    totals.set(key, (totals.get(key) ?? 0) + power)
  }
  return totals
}

/** The shares as a checked list with their total. */
export function readShares(shares: Shares): { values: Float64Array; total: number } {
  const values = Float64Array.from(shares)
  let total = 0
  for (const value of values) {
    checkShare(value)
    total += value
  }
  if (!(total > 0) || !Number.isFinite(total)) {
    throw new SharesError('at least one share above 0 and a finite total', total)
  }
  return { values, total }
}

/** Throws where a threshold is no fraction that a set of parties could exceed. */
export function checkThreshold(threshold: number): void {
  if (!(threshold >= 0 && threshold < 1)) {
    throw new SharesError('a threshold of at least 0 and below 1', threshold)
  }
}

/**
 * Whether a sum is strictly above a threshold of the total. A sum that rounding alone has lifted
 * above it (by less than 10⁻¹² of the total) is not.
 */
export const exceeds = (sum: number, threshold: number, total: number): boolean =>
  sum > (threshold + 1e-12) * total

function checkShare(value: number): void {
  if (!(value >= 0) || !Number.isFinite(value)) {
    throw new SharesError('finite shares of at least 0', value)
  }
}
