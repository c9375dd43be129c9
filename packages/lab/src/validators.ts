import type { World } from '@counterpoise/scenario'
import type { RailResult } from './results.ts'
import type { LiarFigures, ValidatorChangeFigures } from './validatorResults.ts'

/** What is told of those who validate on the rails of a world, where there is anything to tell. */
export function validatorsOf(world: World): Partial<RailResult> {
  const found: Partial<RailResult> = {}
  if (Object.keys(world.liars).length > 0) found.liars = liarsOf(world)
  if (Object.keys(world.plannedChanges).length > 0) found.validator_changes = changesOf(world)
  return found
}

function liarsOf({ liars }: World): Record<string, LiarFigures> {
  const figures = Object.entries(liars).map(([rail, found]): [string, LiarFigures] => [
    rail,
    {
      ...{ validators: found.voters, liars: found.lostVoters, survivable: found.limit },
      ...{ liars_share: found.lost, survivable_share: found.survivable },
      too_many: found.isTooMany,
    },
  ])
  return Object.fromEntries(figures)
}

/** How many of the planned changes of validators a block of their chain has registered. */
function changesOf({ plannedChanges, rails }: World): Record<string, ValidatorChangeFigures> {
  const figures = Object.entries(plannedChanges).map(([name, planned]) => {
    const registered = rails.find((rail) => rail.name === name)?.execution?.()?.validatorChanges
    return [name, { planned, registered: registered ?? 0 }]
  })
  return Object.fromEntries(figures)
}
