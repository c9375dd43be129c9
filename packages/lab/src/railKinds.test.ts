import { createWorld, presets, type Scenario, scenarioOf, vary } from '@counterpoise/scenario'
import { expect, test } from 'vitest'
import type { Kind } from './kinds.ts'
import { measureRail } from './measure.ts'
import { railKinds } from './railKinds.ts'
import type { RailResult } from './results.ts'
import { smallScenario } from './testing.ts'

test.each(['tempo', 'visa', 'hybrid'])('default: every figure of %s has a kind', (variant) => {
  const figures = figuresOf(measured(smallScenario(), variant))
  expect(figures.length).toBeGreaterThan(40)
  expect(figures.filter(({ kind }) => kind === undefined)).toEqual([])
})

test.each([
  ['bitcoin', bitcoin, ['blocks.stale_share', 'blocks.attacks.selfish.revenue_share']],
  ['ethereum', ethereum, ['stake.missed_share', 'included_share']],
  ['hybrid', () => smallScenario(), ['routed_share.tempo', 'outage.failed_share']],
])('default: shares of trials on %s are counts out of their trials', (variant, make, some) => {
  const result = measured(make(), variant)
  const shares = figuresOf(result).flatMap(({ path, value, kind, names }) =>
    typeof kind === 'object' ? [{ path, value, all: kind.outOf(result, ...names) }] : [],
  )
  expect(shares.map(({ path }) => path)).toEqual(expect.arrayContaining(some))
  for (const { path, value, all } of shares) {
    expect(all, path).toBeGreaterThan(0)
    expect(value * all!, path).toBeCloseTo(Math.round(value * all!), 6)
  }
})

function measured(scenario: Scenario, variant: string): RailResult {
  const world = createWorld({ data: scenario.data, variant })
  world.run()
  return measureRail(world).result
}

type Figure = { path: string; value: number; kind: Kind | undefined; names: string[] }

/** All numbers with their kinds, as `estimated` finds them. */
function figuresOf(result: RailResult): Figure[] {
  const found: Figure[] = []
  const visit = (value: unknown, kinds: any, path: string, names: string[]): void => {
    if (typeof value === 'number') found.push({ path: path.slice(1), value, kind: kinds, names })
    else if (Array.isArray(value)) for (const each of value) visit(each, kinds, path, names)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) {
        const isName = typeof kinds === 'function'
        const below = isName ? kinds(key) : kinds?.[key]
        visit(each, below, `${path}.${key}`, isName ? [...names, key] : names)
      }
    }
  }
  visit(result, railKinds, '', [])
  return found
}

function bitcoin(): Scenario {
  return scenarioOf(
    vary(presets.bitcoin, (draft) => {
      draft.workload.for = '10h'
      draft.rails.bitcoin.consensus.parameters.attacks = [{ kind: 'selfish', miners: [0] }]
    }),
  )
}

function ethereum(): Scenario {
  return scenarioOf(
    vary(presets.ethereum, (draft) => {
      draft.workload.for = '10m'
    }),
  )
}
