import type { ConsensusModel } from '@counterpoise/consensus'
import { matchSites, type SelectableSite } from '@counterpoise/faults'
import { shown, suggestion } from './errors.ts'
import { plannedSites } from './planned.ts'
import { railProblems } from './railChecks.ts'
import type { ScenarioData } from './schema/scenario.ts'
import type { Problem } from './sourced.ts'
import { workloadProblems } from './workloadChecks.ts'

/**
 * What a schema cannot say: that names refer to something, that parts fit together, that a world
 * can be made of it.
 */
export function crossChecks(data: ScenarioData, models: readonly ConsensusModel[]): Problem[] {
  const problems = [
    ...Object.entries(data.rails).flatMap(([name, rail]) =>
      railProblems(rail, ['rails', name], { models, seed: data.seed }),
    ),
    ...routerProblems(data),
    ...workloadProblems(data.workload),
  ]
  // Faults are looked at last: a region that does not exist would be reported twice.
  return problems.length > 0 ? problems : faultProblems(data)
}

function routerProblems(data: ScenarioData): Problem[] {
  const { name } = data.router
  if (data.offer === 'each' || !Object.hasOwn(data.rails, name)) return []
  return [{ at: ['router', 'name'], expected: 'a name that no rail has', found: shown(name) }]
}

function faultProblems(data: ScenarioData): Problem[] {
  const sites: SelectableSite[] = plannedSites(data)
  return data.faults.flatMap(({ where }, k): Problem[] => {
    const match = matchSites(where, sites)
    const at = ['faults', k, 'where']
    if (match.unknown.length === 0) {
      if (match.ok) return []
      const expected = 'attributes that some site has together'
      return [{ at, expected, found: shown(where) }]
    }
    return match.unknown.map(({ key, found, known }) => {
      const value = where[key]
      const place = typeof value === 'object' ? [key, value.indexOf(found)] : [key]
      return {
        at: [...at, ...place],
        expected:
          known.length === 0 ? `no ${key}: no site has one` : `one of ${listed(known)}`,
        found: shown(found),
        hint: suggestion(found, known),
      }
    })
  })
}

const listedMax = 30

/** The first names of a list, and how many more there are. */
export function listed(names: readonly string[]): string {
  const rest = names.length - listedMax
  return names.slice(0, listedMax).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
