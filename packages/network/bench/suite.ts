import { cpuSeconds, memoryInUse, openReport } from '@counterpoise/engine/bench'
import { gossipMesh } from '../src/index.ts'
import { type Broadcasts, createDirect, createFlood, createMeshed, linksOf } from './worlds.ts'

const report = openReport({ joins: true })
const { derive, flags } = report
/** CPU of a round, s. */
const seconds = flags.quick ? 0.1 : 1

/** All copies that arrived, words about contents and duplicates included. */
function arrivalsOf({ network }: Broadcasts): number {
  const { delivered, duplicates } = network.counters()
  return delivered + duplicates
}

/** Millions of arrivals per second of CPU. */
function rateOf(world: Broadcasts): number {
  const start = cpuSeconds()
  const before = arrivalsOf(world)
  let used = 0
  while (used < seconds) {
    world.run()
    used = cpuSeconds() - start
  }
  return (arrivalsOf(world) - before) / used / 1e6
}

function measure(worlds: Readonly<Record<string, Broadcasts>>): Record<string, number> {
  for (const world of Object.values(worlds)) world.run()
  const pulls = Object.entries(worlds).map(([name, world]) => [name, () => rateOf(world)] as const)
  return report.measure(Object.fromEntries(pulls))
}

/** Bytes in use, the buffers of typed arrays included. */
function bytesInUse(): number {
  const { heap, buffers } = memoryInUse()
  return heap + buffers
}

/** What a network takes per node after ten messages; its topology is counted apart. */
function measureBytes(nodes: number): void {
  const start = bytesInUse()
  const topology = linksOf(nodes)
  for (let node = 0; node < nodes; node++) topology.neighbours(node)
  const linked = bytesInUse()
  const world = createMeshed(nodes, gossipMesh(), { streams: 'shared', topology })
  world.run()
  const whole = bytesInUse()
  derive(`network/bytes per node/topology/nodes=${nodes}`, (linked - start) / nodes)
  derive(`network/bytes per node/gossipMesh/nodes=${nodes}`, (whole - linked) / nodes)
  if (arrivalsOf(world) < nodes) throw new Error('The mesh did not reach its nodes.')
}

const shared = { streams: 'shared' } as const
measure({
  'network/direct/receivers=1000': createDirect(1_000),
  'network/direct/link fault elsewhere/receivers=1000': createDirect(1_000, 'elsewhere'),
  'network/direct/link fault over/receivers=1000': createDirect(1_000, 'over'),
})
const growth: number[] = []
for (const nodes of [1_000, 10_000]) {
  const mesh = `network/gossipMesh/streams=shared/messages=10/nodes=${nodes}`
  const medians = measure({
    [`network/flood/streams=shared/nodes=${nodes}`]: createFlood(nodes, shared),
    [mesh]: createMeshed(nodes, gossipMesh(), shared),
  })
  growth.push(medians[mesh]!)
}
derive('network/gossipMesh/growth, 10⁴ : 10³', growth[1]! / growth[0]!)
measureBytes(10_000)

report.close()
