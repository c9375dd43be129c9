import { createCluster, monitorAgreement } from '@counterpoise/consensus'
import { createSimulation, minutes } from '@counterpoise/engine'
import { distributedLatency } from '@counterpoise/network'
import { roundRobin } from './roundRobin.ts'

const simulation = createSimulation({ seed: 'first look' })
const cluster = createCluster(simulation, {
  name: 'chain',
  model: roundRobin,
  parameters: roundRobin.parameters.parse({ intervalMs: 500 }),
  members: ['Ada', 'Barbara', 'Grace'].map((name) => ({
    name,
    weight: 1,
    attributes: { region: 'home', operator: name },
  })),
  latency: distributedLatency({ kind: 'lognormal', median: 40, sigma: 0.5 }),
})
const agreement = monitorAgreement(cluster)
simulation.run({ until: minutes(1) })
console.log(agreement.finalisedCount(), agreement.conflicts(), simulation.digest())
