import { measureRail, type RailResult } from '@counterpoise/lab'
import {
  createWorld,
  presets,
  type ScenarioInput,
  scenarioOf,
  vary,
  type World,
} from '@counterpoise/scenario'

// oxlint-disable-next-line no-explicit-any
export type Draft = any

/** A finished run of one rail of a preset. */
export type RailRun = { world: World; result: RailResult }

/** Runs a preset's only rail with changes; a seed of its own makes another replication. */
export function runRail(
  name: 'tempo' | 'libra',
  change: (rail: Draft, scenario: Draft) => void,
  replication = 0,
): RailRun {
  const input: ScenarioInput = vary<Draft>(presets[name], (draft) =>
    change(draft.rails[name], draft),
  )
  const world = createWorld({ data: scenarioOf(input).data, variant: name, replication })
  world.run()
  return { world, result: measureRail(world).result }
}

/** Payments at a steady rate for so many seconds. */
export function offer(scenario: Draft, ratePerSecond: number, seconds: number): void {
  scenario.workload.for = `${seconds}s`
  scenario.workload.arrivals = [{ kind: 'poisson', ratePerSecond }]
}
