import type { Council } from '@counterpoise/scenario'
import type { AssociationFigures } from './validatorResults.ts'

/** Who is left in a council, and how its motions went. */
export function associationOf({ members, decisions, votesNeeded }: Council): AssociationFigures {
  const motions: Record<string, number> = {}
  for (const { verdict } of decisions) motions[verdict] = (motions[verdict] ?? 0) + 1
  return { members: members.length, votes_needed: votesNeeded, motions, decisions }
}
