import { createCluster } from '@counterpoise/consensus'
import { createSimulation, seconds } from '@counterpoise/engine'
import { distributedLatency } from '@counterpoise/network'
import { expect, test } from 'vitest'
import { simplex, simplexParameters } from './index.ts'

/** What forty members report, and when, with certificates that are known delivered or counted. */
function run(duplicates: 'counted' | 'delivered', parameters: object) {
  const simulation = createSimulation({ seed: 'certificates' })
  const reports: (number | string)[][] = []
  const cluster = createCluster(simulation, {
    name: 'simplex',
    model: simplex,
    parameters: simplexParameters.parse({ buildBudgetMs: 50, ...parameters }),
    members: Array.from({ length: 40 }, (_, node) => ({
      name: `member ${node}`,
      attributes: { region: 'here', operator: `operator ${node}` },
      weight: node < 38 ? 1 : 0,
    })),
    latency: distributedLatency({ kind: 'uniform', low: 5, high: 100 }),
    duplicates,
  })
  const note = (word: string) => (node: number, block: number) =>
    void reports.push([simulation.now(), word, node, block])
  cluster.observe({ notarised: note('notarised'), finalised: note('finalised') })
  cluster.network.takeDown(5)
  simulation.run({ until: seconds(1) })
  cluster.network.bringUp(5)
  simulation.run({ until: seconds(2) })
  return { reports, sent: cluster.network.counters().sent, events: simulation.events() }
}

test.each([{}, { epochBlocks: 8 }, { dissemination: 'deferred' }])(
  'counting the certificates that their receivers hold changes nothing, %o',
  (parameters) => {
    const delivered = run('delivered', parameters)
    const counted = run('counted', parameters)
    expect(delivered.reports.length).toBeGreaterThan(500)
    expect(counted.reports).toEqual(delivered.reports)
    expect(counted.sent).toBe(delivered.sent)
    expect(counted.events).toBeLessThan(delivered.events * 0.9)
  },
)
