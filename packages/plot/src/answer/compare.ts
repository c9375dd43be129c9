import type { Estimate } from '@counterpoise/lab'

/** A rail with the number by which it is compared. */
export type Candidate = {
  name: string
  value: Estimate
}

/** The smallest number, and all whose confidence intervals do not tell them from it. */
export type Best = {
  names: string[]
  /** Of the first. */
  value: Estimate
}

/** The rail with the smallest number, together with those that cannot be told from it. */
export const bestOf = (candidates: readonly Candidate[]): Best | undefined => {
  const sorted = candidates.toSorted((a, b) => a.value.mean - b.value.mean)
  const [first] = sorted
  if (first === undefined) return undefined
  const same = sorted.filter(({ value }) => !differs(first.value, value))
  return { names: same.map(({ name }) => name), value: first.value }
}

/** Whether two independent estimates differ by more than chance explains at 95 %. */
export const differs = (a: Estimate, b: Estimate): boolean =>
  Math.abs(a.mean - b.mean) > togetherOf(a.ci95 ?? 0, b.ci95 ?? 0)

/** How far the difference of two independent numbers may be off. */
const togetherOf = (a: number, b: number): number => Math.sqrt(a * a + b * b)

/** The names of the best, saying so where they cannot be told apart. */
export const among = ({ names }: Best): string => {
  const [first = '', ...others] = names
  if (others.length === 0) return first
  return `${first} (not to be told from ${list(others)})`
}

/** `a`, `a and b`, `a, b and c`. */
export const list = (items: readonly string[]): string =>
  items.length < 2
    ? (items[0] ?? '')
    : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`
