import {
  presets,
  type Scenario,
  type ScenarioInput,
  scenarioOf,
  vary,
} from '@counterpoise/scenario'

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
