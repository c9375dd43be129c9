import type { ConsensusModel } from '@counterpoise/consensus'
import { shown } from './errors.ts'
import { faultProblems } from './faultChecks.ts'
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
      railProblems(rail, ['rails', name], {
        ...{ models, seed: data.seed, accounts: data.workload.accounts.count },
      }),
    ),
    ...routerProblems(data),
    ...workloadProblems(data.workload, data.blocks !== undefined),
  ]
  // Faults are looked at last: a region that does not exist would be reported twice.
  return problems.length > 0 ? problems : faultProblems(data, models)
}

function routerProblems(data: ScenarioData): Problem[] {
  const { name } = data.router
  if (data.offer === 'each' || !Object.hasOwn(data.rails, name)) return []
  return [{ at: ['router', 'name'], expected: 'a name that no rail has', found: shown(name) }]
}
