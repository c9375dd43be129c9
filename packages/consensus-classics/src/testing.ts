import {
  type AgreementMonitor,
  type Cluster,
  type ConsensusModel,
  createCluster,
  monitorAgreement,
} from '@counterpoise/consensus'
import { createSimulation, ms, type Simulation } from '@counterpoise/engine'
import { constantLatency } from '@counterpoise/network'

/** Delay of every link. */
export const hop = ms(40)

export type Report = { time: number; word: string; node: number; block: number }

/** A cluster at constant latency, and all that its members report. */
export type Trial = {
  simulation: Simulation
  cluster: Cluster
  reports: readonly Report[]
  /** When members reported a block with a word. */
  timesOf: (word: string, block: number) => number[]
  agreement: AgreementMonitor
}

/** Makes a cluster of members with one vote each. */
export function createTrial(model: ConsensusModel, voters: number, given: object): Trial {
  const simulation = createSimulation({ seed: model.name })
  const cluster = createCluster(simulation, {
    name: model.name,
    model,
    parameters: model.parameters.parse(given),
    members: Array.from({ length: voters }, (_, node) => ({
      name: `member-${node}`,
      attributes: { region: 'here', operator: `operator-${node}` },
      weight: 1,
    })),
    latency: constantLatency(hop),
  })
  const reports: Report[] = []
  for (const word of ['proposed', 'received', 'notarised', 'finalised'] as const) {
    cluster.observe({
      [word]: (node: number, block: number) =>
        reports.push({ time: simulation.now(), word, node, block }),
    })
  }
  const timesOf = (word: string, block: number): number[] =>
    reports.filter((each) => each.word === word && each.block === block).map(({ time }) => time)
  return { simulation, cluster, reports, timesOf, agreement: monitorAgreement(cluster) }
}
