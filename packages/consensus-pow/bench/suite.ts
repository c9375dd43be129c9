import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { type Cluster, createCluster } from '@counterpoise/consensus'
import { createSimulation, createStream, type Simulation } from '@counterpoise/engine'
import {
  compareReports,
  compareWithGoals,
  cpuSeconds,
  interleave,
  machine,
  memoryInUse,
  readReport,
  type Report,
} from '@counterpoise/engine/bench'
import { type BlockStore, createBlockStore } from '@counterpoise/ledger'
import { bitcoinTopology, matrixLatency, sixRegions2019 } from '@counterpoise/network'
import { nakamoto, nakamotoParameters, runMinerLevel } from '../src/index.ts'

// The same flags as the engine's suite; the figures join those of the file.
const { values: flags } = parseArgs({
  options: {
    compare: { type: 'string' },
    out: { type: 'string', default: 'out/bench/engine.json' },
    quick: { type: 'boolean', default: false },
    huge: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
  },
})
const rounds = flags.quick ? 3 : 5
/** Node-blocks per round: a block that a node got counts once. */
const nodeBlocks = flags.quick ? 100_000 : 600_000
const old = flags.compare === undefined ? undefined : readReport(flags.compare)
const report: Report = { machine: machine(), figures: {}, derived: {}, skipped: [] }

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

function derive(name: string, value: number): void {
  report.derived[name] = Number(value.toPrecision(3))
  console.log(`${name.padEnd(60)} ${report.derived[name]}`)
}

function measure(pulls: Readonly<Record<string, () => number>>): number[] {
  for (const pull of Object.values(pulls)) pull()
  return Object.entries(interleave(pulls, rounds)).map(([name, figure]) => {
    report.figures[name] = figure
    const shown = [figure.median, figure.low, figure.high].map((rate) => rate.toFixed(3))
    console.log(`${name.padEnd(60)} ${shown[0]} M/s (${shown[1]} … ${shown[2]})`)
    return figure.median
  })
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

for (const { name, found, line } of compareWithGoals(report)) {
  report.derived[name] = found
  console.log(line)
}
const joined = existsSync(flags.out) ? readReport(flags.out) : report
Object.assign(joined.figures, report.figures)
Object.assign(joined.derived, report.derived)
mkdirSync(dirname(flags.out), { recursive: true })
writeFileSync(flags.out, `${JSON.stringify(joined, null, 2)}\n`)
console.log(`Written to ${flags.out}`)
if (old !== undefined) for (const line of compareReports(old, report)) console.log(line)
