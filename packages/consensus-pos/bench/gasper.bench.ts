import { createCluster } from '@counterpoise/consensus'
import { createSimulation, seconds } from '@counterpoise/engine'
import { distributedLatency, randomTopology } from '@counterpoise/network'
import { bench, describe } from 'vitest'
import { gasper, gasperParameters } from '../src/index.ts'

/** Slots per iteration; divide by its time for slots per second. */
const slots = 128

function run(nodes: number, attestationSpread: 'aggregated' | 'flooded'): void {
  const simulation = createSimulation({ seed: 'bench' })
  createCluster(simulation, {
    name: 'gasper',
    model: gasper,
    parameters: gasperParameters.parse({ attestationSpread }),
    members: Array.from({ length: nodes }, (_, node) => ({
      name: `node ${node}`,
      attributes: { region: 'bench', operator: `operator ${node}` },
      weight: 1,
    })),
    latency: distributedLatency({ kind: 'lognormal', median: 60, sigma: 0.5 }),
    topology: randomTopology({ size: nodes, outgoing: 4, stream: simulation.stream('topology') }),
  })
  simulation.run({ until: slots * seconds(12) })
}

const options = { iterations: 3, time: 0, warmupIterations: 1, warmupTime: 0 }

describe('consensus-pos/gasper', () => {
  for (const nodes of [32, 100, 300]) {
    bench(`run/nodes=${nodes},slots=${slots}`, () => run(nodes, 'aggregated'), options)
  }
  bench(`run/nodes=32,slots=${slots},flooded`, () => run(32, 'flooded'), options)
})
