import { expect, test } from 'vitest'
import { inProcess } from './executor.ts'
import type { ReplicatedResult } from './results.ts'
import { runScenario } from './runScenario.ts'
import { runVariant } from './runVariant.ts'
import { smallScenario } from './testing.ts'

const here = { executor: inProcess() }

test('default: a run is as long as the longest of its worlds, with the events of all', async () => {
  const scenario = smallScenario((draft) => {
    draft.workload.for = '10s'
    draft.faults = []
  })
  const { runs, result } = await runScenario(scenario, { ...here, replications: 2 })
  for (const { events, rails, replication, simulated_seconds } of runs) {
    const worlds = Object.keys(rails).map((variant) =>
      runVariant({ scenario, variant, replication }),
    )
    expect(worlds).toHaveLength(3)
    const ends = worlds.map((world) => world.simulated_seconds)
    expect(new Set(ends).size).toBeGreaterThan(1)
    expect(simulated_seconds).toBe(Math.max(...ends))
    expect(events).toBe(worlds.reduce((sum, world) => sum + world.events, 0))
    // The same replication in all of them: the same payments.
    expect(worlds.map((world) => world.result)).toEqual(Object.values(rails))
  }
  // Rounded to milliseconds, each.
  const wall = runs.reduce((sum, { wall_seconds }) => sum + wall_seconds, 0)
  expect(Math.abs(wall - result.wall_seconds)).toBeLessThan(0.002)
})

test('behavior: a limit that ends worlds is told with what they were busy with', async () => {
  const scenario = smallScenario((draft) => {
    draft.offer = 'each'
    draft.limits = { events: 2_000 }
  })
  const { limits, result } = await runScenario(scenario, { ...here, replications: 2 })
  expect((result as ReplicatedResult).partial).toBe(true)
  expect(limits).toHaveLength(4)
  const { busiest } = runVariant({ scenario, variant: 'visa', replication: 1 })
  const kinds = busiest.map(({ kind, share }) => `${(share * 100).toFixed(0)} % ${kind}`)
  expect(limits[3]).toBe(
    `visa (replication 1) reached the limit of 2000 events; lately ${kinds.join(', ')}`,
  )
  expect(busiest.reduce((sum, { share }) => sum + share, 0)).toBeGreaterThan(0.5)
})
