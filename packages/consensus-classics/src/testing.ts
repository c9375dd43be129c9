import {
  type AgreementMonitor,
  type Cluster,
  type ConsensusModel,
  createCluster,
  monitorAgreement,
} from '@counterpoise/consensus'
import { createSimulation, ms, seconds, type Simulation } from '@counterpoise/engine'
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

/** Hops from a proposal until everybody has it certified and final, and between two proposals. */
export type Hops = { notarised: number; finalised: number; interval: number }

/** When all members reported each of the first ten blocks, and when they must without faults. */
export function hopsOf(trial: Trial, voters: number, hops: Hops) {
  const { simulation, timesOf } = trial
  simulation.run({ until: seconds(2) })
  const blocks = Array.from({ length: 10 }, (_, index) => index + 1)
  const found = blocks.map((block) => ({
    proposed: timesOf('proposed', block)[0]!,
    received: timesOf('received', block),
    notarised: timesOf('notarised', block),
    finalised: timesOf('finalised', block),
  }))
  const expected = blocks.map((block) => {
    const proposed = (block - 1) * hops.interval * hop
    const atAll = (count: number): number[] => Array<number>(voters).fill(proposed + count * hop)
    return {
      proposed,
      received: atAll(1).slice(1),
      notarised: atAll(hops.notarised),
      finalised: atAll(hops.finalised),
    }
  })
  return { found, expected }
}
