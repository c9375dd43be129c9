import { createCluster } from '@counterpoise/consensus'
import { createSimulation, seconds } from '@counterpoise/engine'
import { awsLatency, matrixLatency } from '@counterpoise/network'
import type { ComparedProtocol } from '../src/protocols.ts'

/** Ten regions on five continents, by turns. */
const regions = [
  ...['us-east-1', 'us-west-2', 'eu-central-1', 'ap-southeast-1', 'ap-northeast-1'],
  ...['eu-west-1', 'sa-east-1', 'ap-south-1', 'ca-central-1', 'ap-southeast-2'],
]

/** A protocol under way. */
export type RunningProtocol = {
  /** Goes on by some virtual seconds. */
  run: (virtualSeconds: number) => void
  /** Messages that have arrived. */
  delivered: () => number
  /** Blocks that the first member holds for final. */
  finals: () => number
}

/** A protocol among members in ten regions at measured latencies, with its own default pacing. */
export function runProtocol({ model }: ComparedProtocol, members: number): RunningProtocol {
  const simulation = createSimulation({ seed: 'bench' })
  const places = Array.from({ length: members }, (_, node) => ({
    name: `member ${node}`,
    attributes: { region: regions[node % regions.length]!, operator: `operator ${node}` },
    weight: 1,
  }))
  const cluster = createCluster(simulation, {
    name: model.name,
    model,
    parameters: model.parameters.parse({}),
    members: places,
    latency: matrixLatency({ places, matrix: awsLatency }),
    // Copies of certificates that their receivers hold are counted as they leave.
    duplicates: 'counted',
  })
  let finals = 0
  cluster.observe({
    finalised: (node) => {
      if (node === 0) finals++
    },
  })
  return {
    run: (virtualSeconds) => {
      simulation.run({ until: simulation.now() + seconds(virtualSeconds) })
    },
    delivered: () => cluster.network.counters().delivered,
    finals: () => finals,
  }
}
