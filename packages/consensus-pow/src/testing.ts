import {
  type Behaviour,
  type Cluster,
  createCluster,
  createCommittee,
  type Executor,
  type PlannedAttacks,
} from '@counterpoise/consensus'
import { createSimulation, seconds, type Simulation, type Time } from '@counterpoise/engine'
import { type BlockStore, createBlockStore } from '@counterpoise/ledger'
import { constantLatency, type NodeId, type Topology } from '@counterpoise/network'
import type { z } from 'zod'
import type { WorkData } from './difficulty.ts'
import { nakamoto } from './nakamoto.ts'
import { nakamotoParameters } from './parameters.ts'

export type MinersOptions = {
  seed?: string | undefined
  /** Hash-rate shares, in any unit. */
  weights: readonly number[]
  /** Of every link, µs; 0 by default. */
  delay?: Time | undefined
  parameters?: z.input<typeof nakamotoParameters> | undefined
  /** Without one, a block goes straight to everybody. */
  topology?: Topology | undefined
  executor?: ((blocks: BlockStore) => Executor) | undefined
  behaviours?: ReadonlyMap<NodeId, Behaviour> | undefined
}

export type Miners = {
  simulation: Simulation
  cluster: Cluster
  blocks: BlockStore
  /** Those that the parameters name; the last member is the only observer. */
  attacks: PlannedAttacks | undefined
}

/** As many members of the same hash rate. */
export const equalWeights = (count: number): number[] => Array.from({ length: count }, () => 1)

const noPayments = {
  ...{ offered: 0, included: 0 },
  ...{ time_to_inclusion_ms: 0, others_time_to_inclusion_ms: 0 },
}

/** Miners with links of one constant delay, for tests and benchmarks. */
export function createMiners(options: MinersOptions): Miners {
  const { seed = 'miners', weights, delay = 0, topology, behaviours } = options
  const simulation = createSimulation({ seed })
  const blocks = createBlockStore()
  const parameters = nakamotoParameters.parse(options.parameters ?? {})
  const attacks = nakamoto.attacks!(parameters, {
    committee: createCommittee(weights),
    blocks,
    observers: [weights.length - 1],
    random: (purpose) => simulation.stream(`attacks/${purpose}`),
    holdsPaymentOf: () => false,
    paymentsOf: () => ({ ...noPayments }),
  })
  const cluster = createCluster(simulation, {
    name: 'chain',
    model: nakamoto,
    parameters,
    members: weights.map((weight, node) => ({
      name: `node ${node}`,
      attributes: { region: 'somewhere', operator: `operator ${node}` },
      weight,
    })),
    latency: constantLatency(delay),
    topology,
    executor: options.executor?.(blocks),
    blocks,
    behaviours: behaviours ?? attacks?.behaviours,
  })
  if (attacks?.observer !== undefined) cluster.observe(attacks.observer)
  return { simulation, cluster, blocks, attacks }
}

/** Runs until so many blocks have been made, and to the end of that instant. */
export function runBlocks({ simulation, blocks }: Miners, count: number): void {
  while (blocks.size() - 1 < count) simulation.step(Math.max(1, count - blocks.size()))
  simulation.run({ until: simulation.now() })
}

export type WorkChain = {
  blocks: BlockStore
  /** Adds a block on a parent, s after the start; with uncles, of a miner, at a difficulty. */
  add: (parent: number, seconds: number, more?: AddOptions) => number
}

export type AddOptions = {
  uncles?: readonly number[] | undefined
  miner?: number | undefined
  difficulty?: number | undefined
}

/** A block tree made by hand. */
export function createWorkChain(): WorkChain {
  const blocks = createBlockStore()
  return {
    blocks,
    add: (parent, time, { uncles, miner = 0, difficulty = 1 } = {}) => {
      const timestamp = seconds(time)
      const data: WorkData = { difficulty, timestamp, ...(uncles && { uncles }) }
      const round = blocks.height(parent) + 1
      const shared = { parent, proposer: miner, time: timestamp, round }
      return blocks.append({ ...shared, work: difficulty, data })
    },
  }
}
