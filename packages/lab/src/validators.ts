import { type Time, toSeconds } from '@counterpoise/engine'
import type { Downtime, World } from '@counterpoise/scenario'
import type { RailResult } from './results.ts'
import type { DownFigures, LiarFigures, ValidatorChangeFigures } from './validatorResults.ts'

/** What is told of those who validate on the rails of a world, where there is anything to tell. */
export function validatorsOf(world: World, end: Time): Partial<RailResult> {
  const found: Partial<RailResult> = {}
  if (Object.keys(world.liars).length > 0) found.liars = liarsOf(world)
  if (Object.keys(world.plannedChanges).length > 0) found.validator_changes = changesOf(world)
  const down = downOf(world, Math.min(end, world.simulation.now()))
  if (Object.keys(down).length > 0) found.down = down
  return found
}

/** Who was down at the worst moment until the end of a run, on each rail. */
function downOf({ downtimes }: World, end: Time): Record<string, DownFigures> {
  const figures = Object.entries(downtimes).flatMap(([rail, all]): [string, DownFigures][] => {
    const seen = all.filter(({ from }) => from < end)
    const excess = ({ lost, survivable }: Downtime): number => lost - survivable
    const [worst] = seen.toSorted((one, other) => excess(other) - excess(one))
    if (worst === undefined) return []
    const beyond = seen
      .filter(({ isTooMany }) => isTooMany)
      .reduce((sum, { from, to }) => sum + Math.min(to, end) - from, 0)
    const { voters, down, lostVoters, limit, lost, survivable } = worst
    const counts = { validators: voters, down, failing: lostVoters, survivable: limit }
    const shares = { failing_share: lost, survivable_share: survivable }
    return [[rail, { ...counts, ...shares, beyond_s: toSeconds(beyond) }]]
  })
  return Object.fromEntries(figures)
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
