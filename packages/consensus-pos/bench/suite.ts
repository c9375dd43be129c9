import { createSimulation, createStream, seconds, type Simulation } from '@counterpoise/engine'
import { cpuSeconds, openReport } from '@counterpoise/engine/bench'
import {
  createBeaconNetwork,
  createBeaconState,
  type EpochBehaviour,
  runEpochs,
} from '../src/index.ts'

const report = openReport({ joins: true })
const { derive, flags } = report
/** Slots per round: five epochs. */
const slots = flags.quick ? 64 : 160
const slotTime = seconds(12)

/** Mainnet's number of validators on so many equal nodes. */
function createWorld(count: number): Simulation {
  const simulation = createSimulation({ seed: 'bench' })
  createBeaconNetwork(simulation, {
    nodes: Array.from({ length: count }, (_, node) => ({
      entity: `entity ${node}`,
      validators: Math.round(900_000 / count),
    })),
  })
  return simulation
}

/** CPU for so many slots more, s. */
function timeOf(simulation: Simulation, count: number): number {
  const start = cpuSeconds()
  simulation.run({ until: simulation.now() + count * slotTime })
  return cpuSeconds() - start
}

const sizes = [250, 500, 1_000, 2_000]
const pulls = sizes.map((nodes) => {
  const world = createWorld(nodes)
  // The first slots are quick: nothing is behind them.
  timeOf(world, slots)
  const name = `consensus-pos/node-slots/nodes=${nodes}`
  return [name, () => (nodes * slots) / timeOf(world, slots) / 1e6] as const
})
const rates = Object.values(report.measure(Object.fromEntries(pulls)))
sizes.forEach((nodes, k) => {
  derive(`consensus-pos/slots per second/nodes=${nodes}`, (rates[k]! * 1e6) / nodes)
})
for (const [k, nodes] of sizes.entries()) {
  if (k > 0) derive(`consensus-pos/growth, ${nodes} : 250 nodes`, rates[k]! / rates[0]!)
}

/** Proposers, sync committees and missed slots of 100 groups. */
function runGroups(groupCount: number, epochs: number): number {
  const groups = Array.from({ length: groupCount }, (_, index) => ({
    entity: `entity ${index}`,
    count: Math.round(900_000 / groupCount),
    balanceEther: index % 4 === 0 ? 64 : 32,
    compounding: index % 4 === 0,
  }))
  const behaviours = groups.map((_, index): EpochBehaviour =>
    index % 10 === 0 ? { kind: 'share', target: 0.99 } : { kind: 'online' },
  )
  const state = createBeaconState({ groups, start: 'running' })
  const stream = createStream({ seed: 'bench', replication: 0, purpose: 'proposers' })
  const start = cpuSeconds()
  runEpochs({ state, behaviours, epochs, stream, missedSlotProbability: 0.003 })
  return cpuSeconds() - start
}

runGroups(100, 1_000)
derive('consensus-pos/epochs=10000,groups=100, s', runGroups(100, 10_000))

if (flags.quick) report.skipped.push('a day of 1,000 nodes: it is not a quick one')
else {
  derive('consensus-pos/day/nodes=1000,slots=7200, s', timeOf(createWorld(1_000), 7_200))
  // The most that this process has held, the smaller worlds included.
  derive('consensus-pos/day/memory, MB', process.resourceUsage().maxRSS / 1_024)
}

report.close()
