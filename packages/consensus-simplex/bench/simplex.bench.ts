import { createCluster } from '@counterpoise/consensus'
import { createSimulation, seconds } from '@counterpoise/engine'
import { distributedLatency } from '@counterpoise/network'
import { bench, describe } from 'vitest'
import { simplex, simplexParameters } from '../src/index.ts'

describe('consensus-simplex/views', () => {
  for (const [validators, virtualSeconds] of [
    [10, 120],
    [50, 30],
  ] as const) {
    bench(
      `run/validators=${validators},virtualSeconds=${virtualSeconds}`,
      () => {
        const simulation = createSimulation({ seed: 'bench' })
        createCluster(simulation, {
          name: 'simplex',
          model: simplex,
          parameters: simplexParameters.parse({}),
          members: Array.from({ length: validators }, (_, index) => ({
            name: `validator ${index}`,
            attributes: { region: 'here', operator: `operator ${index}` },
            weight: 1,
          })),
          latency: distributedLatency({ kind: 'uniform', low: 5, high: 100 }),
        })
        simulation.run({ until: seconds(virtualSeconds) })
      },
      { iterations: 3, warmupIterations: 1 },
    )
  }
})
