import { describe, expect, test } from 'vitest'
import { broken } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { createWorld, type World } from './world.ts'

type Ties = 'fifo' | 'shuffle'

/** The hybrid preset with few payments and no faults, run to its end. */
function run(variant: string, ties: Ties, seed: number): World {
  const scenario = scenarioOf(
    broken('hybrid', (draft) => {
      draft.workload.for = '10s'
      draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 4 }]
      draft.faults = []
      draft.seed = seed
      draft.ties = ties
    }),
  )
  const world = createWorld({ data: scenario.data, variant })
  world.run()
  return world
}

/** Median time to finality of the payments that became final, µs. */
function medianFinality({ payments }: World): number {
  const times = Array.from({ length: payments.count() }, (_, id) => id)
    .filter((id) => payments.state(id) === 'final')
    .map((id) => payments.finalAt(id) - payments.intendedAt(id))
    .sort((one, two) => one - two)
  expect(times.length).toBeGreaterThan(20)
  return times[Math.floor(times.length / 2)]!
}

describe('no conclusion hangs on the order of simultaneous events', () => {
  const variants = ['bitcoin', 'ethereum', 'tempo', 'visa', 'hybrid']
  const seeds = [1, 2, 3]
  const worlds = (ties: Ties): World[][] =>
    seeds.map((seed) => variants.map((variant) => run(variant, ties, seed)))
  const [fifo, shuffled] = [worlds('fifo'), worlds('shuffle')]

  test('agreement, conservation and liveness hold in every world', () => {
    for (const world of shuffled.flat()) {
      expect(world.violations()).toEqual({ conservation: [], agreement: [], liveness: [] })
    }
  })

  test('the worlds differ where chains have ties at all', () => {
    const digests = (rows: World[][]): string[] =>
      rows.map((row) => row[variants.indexOf('tempo')]!.simulation.digest())
    expect(new Set([...digests(fifo), ...digests(shuffled)]).size).toBe(2 * seeds.length)
  })

  test('the rails keep their order by median time to finality', () => {
    const ranking = (row: World[]): string[] => {
      const medians = row.map((world, k) => ({ variant: variants[k]!, is: medianFinality(world) }))
      // The router pays mostly over Tempo: which of the two is faster is chance.
      const rails = medians.filter(({ variant }) => variant !== 'hybrid')
      return rails.sort((one, two) => one.is - two.is).map(({ variant }) => variant)
    }
    expect(shuffled.map(ranking)).toEqual(fifo.map(ranking))
  })

  test('what becomes of the payments is the same up to a few', () => {
    fifo.flat().forEach((world, k) => {
      const other = shuffled.flat()[k]!
      const finals = ({ payments }: World): number =>
        Array.from({ length: payments.count() }, (_, id) => payments.state(id)).filter(
          (state) => state === 'final',
        ).length
      expect(other.payments.count()).toBe(world.payments.count())
      expect(Math.abs(finals(other) - finals(world))).toBeLessThanOrEqual(2)
    })
  })
})
