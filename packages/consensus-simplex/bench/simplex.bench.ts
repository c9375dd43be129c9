import { createCluster } from '@counterpoise/consensus'
import { createSimulation, ms, seconds } from '@counterpoise/engine'
import { constantLatency, distributedLatency } from '@counterpoise/network'
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

describe('consensus-simplex/nothingFinal', () => {
  // Ten times the views take ten times as long: what lies behind is not gone through again.
  for (const views of [2_000, 20_000]) {
    bench(
      `run/validators=4,views=${views}`,
      () => {
        const simulation = createSimulation({ seed: 'bench' })
        createCluster(simulation, {
          name: 'simplex',
          model: simplex,
          parameters: simplexParameters.parse({ leaderTimeoutMs: 1 }),
          members: Array.from({ length: 4 }, (_, index) => ({
            name: `validator ${index}`,
            attributes: { region: 'here', operator: `operator ${index}` },
            weight: 1,
          })),
          latency: constantLatency(ms(1)),
        })
        simulation.run({ until: ms(2 * views) })
      },
      { iterations: 3, warmupIterations: 1 },
    )
  }
})
