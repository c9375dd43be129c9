import { hours } from '@counterpoise/engine'
import { bench, describe, expect } from 'vitest'
import { cardDefaults } from '../src/card/parameters.ts'
import { createCardWorld, offerPoisson } from '../src/card/testing.ts'

const count = 400_000

describe('rails/card', () => {
  // Payments per second = count × the printed runs per second; the arrivals are included.
  bench(
    `authoriseAndSettle/payments=${count}`,
    () => {
      const world = createCardWorld({ parameters: cardDefaults, openingUsd: 2_000_000 })
      offerPoisson(world, { count, perSecond: 700 })
      world.simulation.run({ until: hours(24) })
      expect(world.rail.inFlight()).toBe(0)
    },
    { iterations: 3, time: 0, warmupIterations: 1, warmupTime: 0 },
  )
})
