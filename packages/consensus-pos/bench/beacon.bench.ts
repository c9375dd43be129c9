import { createSimulation, seconds } from '@counterpoise/engine'
import { bench, describe } from 'vitest'
import { createBeaconNetwork } from '../src/index.ts'

/** Slots per iteration; divide by its time for slots per second. */
const slots = 320

function run(count: number, of = slots): void {
  const simulation = createSimulation({ seed: 'bench' })
  createBeaconNetwork(simulation, {
    nodes: Array.from({ length: count }, (_, node) => ({
      entity: `entity ${node}`,
      validators: Math.round(900_000 / count),
    })),
  })
  simulation.run({ until: of * seconds(12) })
}

const options = { iterations: 3, time: 0, warmupIterations: 1, warmupTime: 0 }

describe('consensus-pos/beacon', () => {
  for (const nodes of [250, 500, 1_000, 2_000, 10_000]) {
    bench(`run/nodes=${nodes},slots=${slots}`, () => run(nodes), options)
  }
  const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 }
  bench('day/nodes=1000,slots=7200', () => run(1_000, 7_200), once)
})
