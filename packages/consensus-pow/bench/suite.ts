import { type Cluster, createCluster } from '@counterpoise/consensus'
import { createSimulation, createStream, ms, type Simulation } from '@counterpoise/engine'
import { cpuSeconds, memoryInUse, openReport } from '@counterpoise/engine/bench'
import { type BlockStore, createBlockStore } from '@counterpoise/ledger'
import {
  bitcoinTopology,
  constantLatency,
  matrixLatency,
  sixRegions2019,
} from '@counterpoise/network'
import { nakamoto, nakamotoParameters, runMinerLevel } from '../src/index.ts'

const report = openReport({ joins: true })
const { derive, flags } = report
/** Node-blocks per round: a block that a node got counts once. */
const nodeBlocks = flags.quick ? 100_000 : 600_000

type World = { simulation: Simulation; cluster: Cluster; blocks: BlockStore }

/** Compact blocks on the network of 2019: all mine, blocks of 535 kB every ten minutes. */
function createWorld(nodes: number): World {
  const simulation = createSimulation({ seed: 'bench' })
  const blocks = createBlockStore()
  const { regions } = sixRegions2019.latency
  const megabits = 125_000
  const members = Array.from({ length: nodes }, (_, node) => {
    const region = node % regions.length
    return {
      name: `node ${node}`,
      attributes: { region: regions[region]!, operator: `operator ${node}` },
      weight: 1,
      uplinkBytesPerSecond: sixRegions2019.uploadMbps[region]! * megabits,
      downlinkBytesPerSecond: sixRegions2019.downloadMbps[region]! * megabits,
    }
  })
  const stream = createStream({ seed: 'bench', replication: 0, purpose: 'links' })
  const cluster = createCluster(simulation, {
    name: 'chain',
    model: nakamoto,
    parameters: nakamotoParameters.parse({ retarget: 'none', blockBytes: 535_000 }),
    members,
    latency: matrixLatency({
      places: members,
      matrix: sixRegions2019.latency,
      jitter: 'pareto',
    }),
    topology: bitcoinTopology({ size: nodes, stream }),
    blocks,
  })
  return { simulation, cluster, blocks }
}

/** Millions of node-blocks per second of CPU. */
function rateOf({ simulation, blocks }: World, nodes: number): number {
  const start = cpuSeconds()
  const before = blocks.size()
  while ((blocks.size() - before) * nodes < nodeBlocks) simulation.step(nodes)
  return ((blocks.size() - before) * nodes) / (cpuSeconds() - start) / 1e6
}

/** After one round to warm up. */
function measure(pulls: Readonly<Record<string, () => number>>): number[] {
  for (const pull of Object.values(pulls)) pull()
  return Object.values(report.measure(pulls))
}

const sizes = [600, 2_400, 9_600]
const worlds = sizes.map((nodes) => {
  const start = memoryInUse()
  const world = createWorld(nodes)
  rateOf(world, nodes)
  const end = memoryInUse()
  const bytes = end.heap + end.buffers - start.heap - start.buffers
  derive(`consensus-pow/bytes per node/nodes=${nodes}`, bytes / nodes)
  return world
})
const rates = measure(
  Object.fromEntries(
    sizes.map((nodes, k) => [
      `consensus-pow/node-blocks/relay=compact/nodes=${nodes}`,
      () => rateOf(worlds[k]!, nodes),
    ]),
  ),
)
derive('consensus-pow/growth, 2400 : 600 nodes', rates[1]! / rates[0]!)
derive('consensus-pow/growth, 9600 : 600 nodes', rates[2]! / rates[0]!)

const blocksPerRun = flags.quick ? 200_000 : 1_000_000
measure({
  'consensus-pow/miner level/miners=16/delay=1800 ms': () => {
    const start = cpuSeconds()
    const shares = Array.from({ length: 16 }, () => 1)
    const delayMs = { kind: 'constant', value: 1_800 } as const
    runMinerLevel({ seed: 'bench', shares, blocks: blocksPerRun, delayMs })
    return blocksPerRun / (cpuSeconds() - start) / 1e6
  },
})

/** The same as members of a cluster, which payments, faults and observers could join. */
function createChain(): World {
  const simulation = createSimulation({ seed: 'bench' })
  const blocks = createBlockStore()
  const members = Array.from({ length: 16 }, (_, node) => ({
    name: `miner ${node}`,
    attributes: { region: 'somewhere', operator: `operator ${node}` },
    weight: 1,
  }))
  const parameters = { retarget: 'none', fidelity: 'miner', delayMs: 1_800 }
  const cluster = createCluster(simulation, {
    ...{ name: 'chain', model: nakamoto, members, blocks },
    parameters: nakamotoParameters.parse(parameters),
    latency: constantLatency(ms(1_800)),
  })
  return { simulation, cluster, blocks }
}

const chain = createChain()
measure({
  'consensus-pow/miner level in a cluster/members=16/delay=1800 ms': () =>
    rateOf(chain, 16) / 16,
})

report.close()
