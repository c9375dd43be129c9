import {
  createWorld,
  presets,
  type Scenario,
  type ScenarioInput,
  scenarioOf,
  setPath,
  vary,
} from '@counterpoise/scenario'
import { isRight } from 'fp-ts/lib/Either.js'
import type { ExecutionFigures } from './executionResults.ts'
import { measureRail } from './measure.ts'
import type { RailResult } from './results.ts'

/** What tests change in a scenario. */
export type Change = (draft: ScenarioInput) => unknown

/** Two rails and a router, a minute of payments and an outage: a quarter of a second to run. */
export function smallScenario(change: Change = () => undefined): Scenario {
  const small = vary(presets.hybrid, (draft) => {
    draft.name = 'small'
    draft.rails = { tempo: presets.hybrid.rails.tempo, visa: presets.hybrid.rails.visa }
    draft.workload.for = '1m'
    draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 5 }]
    draft.workload.patience = [{ for: '10s' }]
    draft.faults = [{ what: 'outage', at: '20s', for: '15s', where: { region: 'us-east-1' } }]
  })
  return scenarioOf(
    vary(small, (draft) => {
      change(draft)
    }),
  )
}

/** Ten seconds of Tempo with four validators, as the command line would set it. */
export const runTempo = (...assignments: string[]): TempoResult =>
  runTempoFor('10s', ...assignments)

export type TempoResult = RailResult & { execution: ExecutionFigures }

export function runTempoFor(duration: string, ...assignments: string[]): TempoResult {
  const all = [
    ...['validators=4', 'block.otherTraffic.unitsPerBlock=1000000', ...assignments].map(
      (assignment) => `rails.tempo.${assignment}`,
    ),
    ...[`workload.for=${duration}`, 'drain=30s'],
    'workload.arrivals=[{"kind":"poisson","ratePerSecond":40}]',
  ]
  const input = all.reduce<unknown>((data, assignment) => {
    const set = setPath(data, assignment)
    if (isRight(set)) return set.right
    throw new Error(JSON.stringify(set.left))
  }, presets.tempo)
  const world = createWorld({ data: scenarioOf(input).data, variant: 'tempo' })
  world.run()
  const violations = Object.values(world.violations()).flat()
  if (violations.length > 0) throw new Error(violations.join('\n'))
  return measureRail(world).result as TempoResult
}
