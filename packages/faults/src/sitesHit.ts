import { FaultPlanError } from './errors.ts'
import type { PlannedFault } from './plan.ts'
import { matchSites, type SelectableSite, type Selector } from './selector.ts'

/**
 * The sites that one selector of a fault hits.
 *
 * @throws FaultPlanError where it hits nothing.
 */
export function selected(
  where: Selector,
  fault: number,
  sites: readonly SelectableSite[],
): readonly number[] {
  const match = matchSites(where, sites)
  if (!match.ok) throw new FaultPlanError(fault, `it hits nothing. ${match.message}`)
  return match.hits
}

/** The sites that a fault names, ascending, each once. */
export function sitesHit(
  entry: PlannedFault,
  fault: number,
  sites: readonly SelectableSite[],
): readonly number[] {
  const selectors: readonly Selector[] =
    entry.what === 'partition'
      ? entry.sides
      : entry.what === 'outage' || entry.to === undefined
        ? [entry.where]
        : [entry.where, entry.to]
  const hits = selectors.flatMap((where) => selected(where, fault, sites))
  return [...new Set(hits)].sort((one, other) => one - other)
}
