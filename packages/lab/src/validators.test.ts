import { seconds } from '@counterpoise/engine'
import { createWorld } from '@counterpoise/scenario'
import { expect, test } from 'vitest'
import { measureRail } from './measure.ts'
import type { RailResult } from './results.ts'
import { type Change, smallScenario } from './testing.ts'

const names = ['visa', 'stripe', 'zodia', 'moneygram']

/** Three validators are down from 10 s to 20 s, and four from 20 s to 50 s. */
const twoOutages: Change = (draft) => {
  draft.faults = [3, 4].map((count, k) => ({
    ...{ what: 'outage', at: k === 0 ? '10s' : '20s', for: k === 0 ? '10s' : '30s' },
    where: { name: names.slice(0, count), role: 'validator' },
  }))
}

function downIn(variant: string, end?: number): RailResult['down'] {
  const world = createWorld({ data: smallScenario(twoOutages).data, variant })
  world.simulation.run({ until: seconds(end ?? 60) })
  return measureRail(world).result.down
}

const worst = {
  ...{ validators: 10, down: 4, failing: 4, survivable: 3 },
  ...{ failing_share: 0.4, survivable_share: 0.3, beyond_s: 30 },
}

test('default: the worst moment, and for how long there were too many', () => {
  expect(downIn('tempo')).toEqual({ tempo: worst })
})

test('behavior: what comes after the end of the run is not told', () => {
  expect(downIn('tempo', 45)).toEqual({ tempo: { ...worst, beyond_s: 25 } })
  expect(downIn('tempo', 15)).toMatchObject({ tempo: { down: 3, failing: 3, beyond_s: 0 } })
  expect(downIn('tempo', 5)).toBeUndefined()
})

test('behavior: behind a router by rail, and of rails without validators nothing', () => {
  expect(downIn('hybrid')).toEqual({ tempo: worst })
  expect(downIn('visa')).toBeUndefined()
})
