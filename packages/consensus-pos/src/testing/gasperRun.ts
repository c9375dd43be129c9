import {
  type AgreementMonitor,
  type Behaviour,
  type Cluster,
  createCluster,
  monitorAgreement,
} from '@counterpoise/consensus'
import { createSimulation, ms, priorities, type Simulation, type Time } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import { constantLatency, type Latency, type NodeId, type Topology } from '@counterpoise/network'
import type { Attestation, BlockBody } from '../attestation.ts'
import { gasper } from '../gasper.ts'
import { gasperParameters } from '../parameters.ts'

export type GasperRunOptions = {
  weights: readonly number[]
  /** Deviations from the parameters' defaults. */
  parameters?: Record<string, unknown> | undefined
  seed?: string | undefined
  latency?: Latency | undefined
  topology?: Topology | undefined
  behaviours?: ReadonlyMap<NodeId, Behaviour> | undefined
}

export type GasperRun = {
  simulation: Simulation
  cluster: Cluster
  monitor: AgreementMonitor
  slot: Time
  /** Does something when a slot begins, after the nodes’ own work of that instant. */
  atSlot: (slot: number, action: () => void) => void
  /** Runs until just after a slot began. */
  toSlot: (slot: number) => void
  /** The slots of the blocks from genesis to a block. */
  slotsOfChain: (end: BlockId) => number[]
  /** When the first node held a block for final, by block. */
  finalTimes: ReadonlyMap<BlockId, Time>
  /** Slot of the block that a node holds for final. */
  finalisedSlot: (node: NodeId) => number
}

/** A small Gasper network whose slots can be scripted. */
export function gasperRun(options: GasperRunOptions): GasperRun {
  const simulation = createSimulation({ seed: options.seed ?? 'gasper' })
  const parameters = gasperParameters.parse(options.parameters ?? {})
  const members = options.weights.map((weight, node) => ({
    name: `node ${node}`,
    attributes: { region: 'test', operator: `operator ${node}` },
    weight,
  }))
  const cluster = createCluster(simulation, {
    name: 'gasper',
    model: gasper,
    parameters,
    members,
    latency: options.latency ?? constantLatency(ms(80)),
    topology: options.topology,
    behaviours: options.behaviours,
  })
  const { blocks } = cluster
  const finalTimes = new Map<BlockId, Time>()
  cluster.observe({
    finalised: (_node, block) => {
      for (let at = block; at > 0 && !finalTimes.has(at); at = blocks.parent(at)) {
        finalTimes.set(at, simulation.now())
      }
    },
  })
  const slot = ms(parameters.slotMs)
  const actions: (() => void)[] = []
  const actKind = simulation.define('test/act', (index) => actions[index]!(), priorities.measure)

  return {
    simulation,
    cluster,
    monitor: monitorAgreement(cluster),
    slot,
    atSlot: (number, action) => {
      actions.push(action)
      simulation.at(number * slot, actKind, actions.length - 1)
    },
    toSlot: (number) => {
      simulation.run({ until: number * slot })
    },
    slotsOfChain: (end) => {
      const slots: number[] = []
      for (let at = end; at > 0; at = blocks.parent(at)) slots.push(blocks.round(at))
      return slots.reverse()
    },
    finalTimes,
    finalisedSlot: (node) => blocks.round(cluster.finalised(node)),
  }
}

/** `count` members of the same weight. */
export function equalWeights(count: number): number[] {
  return Array.from({ length: count }, () => 1)
}

/** The attestations that a block carries. */
export function attestationsOf({ blocks }: Cluster, block: BlockId): readonly Attestation[] {
  return (blocks.data(block) as BlockBody).attestations
}
