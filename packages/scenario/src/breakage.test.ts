import { expect, test } from 'vitest'
import { broken } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { createWorld } from './world.ts'

test('churn: each node comes and goes by itself, of the roles that are named', () => {
  const lasting = { kind: 'exponential', mean: '10m' }
  const downOf = (roles: readonly string[]): Map<string, number[]> => {
    const { data } = scenarioOf(
      broken('bitcoin', (draft) => {
        draft.until = '2h'
        draft.workload.arrivals = [{ kind: 'regular', ratePerSecond: 0.01 }]
        draft.rails.bitcoin.relays.nodes = 12
        draft.rails.bitcoin.network.churn = { of: roles, session: lasting, downtime: lasting }
      }),
    )
    const world = createWorld({ data, variant: 'bitcoin' })
    const down = new Map<string, number[]>()
    for (const site of world.rails[0]!.sites) {
      const { takeDown, role } = site
      Object.assign(site, {
        takeDown: () => {
          down.set(role, down.get(role) ?? [])
          down.get(role)!.push(world.simulation.now())
          takeDown()
        },
      })
    }
    world.run()
    return down
  }
  const relays = downOf(['relay'])
  expect([relays.has('validator'), relays.has('access')]).toEqual([false, false])
  const times = relays.get('relay')!.filter((time) => time > 0)
  // Twelve nodes, each down six times in two hours: at times of their own.
  expect(times.length).toBeGreaterThan(36)
  expect(new Set(times).size).toBe(times.length)
  const miners = downOf(['validator', 'access'])
  expect([miners.has('validator'), miners.has('access'), miners.has('relay')]).toEqual([
    ...[true, true, false],
  ])
})
