import { type Cluster, createCluster, emptyBlocks } from '@counterpoise/consensus'
import { createSimulation, ms, seconds, type Time } from '@counterpoise/engine'
import { createBlockStore } from '@counterpoise/ledger'
import { constantLatency } from '@counterpoise/network'
import { comparedProtocols } from '@counterpoise/scenario'
import { counted, defineValidation, type Row, sampled } from '../validation.ts'

const hop = ms(40)

type Run = { cluster: Cluster; proposed: Time[]; finalAfter: Time[] }

type RunOptions = {
  seed?: string | undefined
  members: number
  down?: number | undefined
  parameters: Record<string, unknown>
  /** How long a block takes to execute, µs. */
  work?: Time | undefined
  until: Time
}

/** Members at 40 ms from each other; those with the lowest numbers are down. */
function run({ down = 0, members, parameters, seed = 'table', until, work = 0 }: RunOptions): Run {
  const simulation = createSimulation({ seed })
  const blocks = createBlockStore()
  const { model } = comparedProtocols['simplex']!
  const cluster = createCluster(simulation, {
    name: 'simplex',
    model,
    parameters: model.parameters.parse(parameters),
    members: Array.from({ length: members }, (_, node) => ({
      name: `member ${node}`,
      attributes: { region: 'somewhere', operator: `operator ${node}` },
      weight: 1,
    })),
    latency: constantLatency(hop),
    blocks,
    executor: { ...emptyBlocks(blocks), validate: () => work },
  })
  const proposedAt = new Map<number, Time>()
  const finalAfter: Time[] = []
  const proposed: Time[] = []
  cluster.observe({
    proposed: (_, block) => {
      proposedAt.set(block, simulation.now())
      proposed.push(simulation.now())
    },
    finalised: (_, block) => finalAfter.push(simulation.now() - proposedAt.get(block)!),
  })
  for (let node = 0; node < down; node++) cluster.network.takeDown(node)
  simulation.run({ until })
  return { cluster, proposed, finalAfter }
}

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!

const kinds = ['inline', 'deferred', 'coded'] as const

const executions = (): Row[] =>
  [20, 100].flatMap((work) =>
    kinds.map((dissemination) => {
      const { finalAfter } = run({
        members: 10,
        parameters: { dissemination },
        work: ms(work),
        until: seconds(60),
      })
      const deferred = Math.max(80, 40 + work) + 40
      return {
        quantity: `${dissemination}: proposal to finality, ${work} ms to execute a block`,
        unit: 'ms',
        expected: dissemination === 'deferred' ? deferred : 120 + work,
        source: dissemination === 'deferred' ? 'max(2δ, δ + V) + δ' : '3δ + V',
        simulated: median(finalAfter) / ms(1),
      }
    }),
  )

const payloads = (): Row[] =>
  [10, 50].flatMap((members) =>
    kinds.map((dissemination) => {
      const headerBytes = 1_048_576
      const parameters = { dissemination, headerBytes, buildBudgetMs: 500 }
      const { cluster, proposed } = run({ members, parameters, until: ms(2_600) })
      const links = members - 1
      const shards = Math.floor((members - 1) / 3) + 1
      const shard = 2 * Math.ceil(headerBytes / 2 / shards)
      const payload = dissemination === 'coded' ? shard + 25 + members * shard : headerBytes + 25
      return {
        quantity: `${dissemination}: bytes per view, 1 MiB among ${members}`,
        unit: 'bytes',
        expected: links * (payload + members * 2 * (163 + 162)),
        source: 'payload, two votes and two certificates of each member, with framing',
        simulated: cluster.network.counters().bytes / proposed.length,
      }
    }),
  )

const paces = (): Row[] =>
  [
    { termViews: 1, optimisticViews: 0, expected: 2 },
    { termViews: 1_000, optimisticViews: 0, expected: 1 },
    { termViews: 1_000, optimisticViews: 3, expected: 0.5 },
    { termViews: 1_000, optimisticViews: 7, expected: 0.25 },
  ].map(({ expected, optimisticViews, termViews }) => {
    const options = {
      members: 7,
      parameters: { optimisticViews, termViews, buildBudgetMs: 0 },
    }
    const { proposed } = run({ ...options, until: seconds(8) })
    // Whole windows of 2 hops.
    const window = 2 / expected
    const count = Math.floor((proposed.length - 1) / window / 2) * window
    const first = proposed.length - 1 - count
    return {
      quantity: `block interval, terms of ${termViews}, ${optimisticViews} ahead`,
      unit: 'hops',
      expected,
      source: optimisticViews > 0 ? '2 / (views ahead + 1)' : '2 in turn, 1 in a term',
      simulated: (proposed[first + count]! - proposed[first]!) / count / hop,
      // The first view of a term takes another hop.
      tolerance: 0.02,
    }
  })

const replications = 20

const crashes = (): Row[] =>
  [
    { members: 4, down: 1, skipViews: 100_000, lost: 1_240 },
    { members: 10, down: 3, skipViews: 100_000, lost: 1_240 },
    { members: 10, down: 3, skipViews: 32, lost: 40 },
    { members: 50, down: 16, skipViews: 32, lost: 40 },
  ].map(({ down, lost, members, skipViews }) => {
    const what = skipViews === 32 ? 'once they are skipped' : 'as long as they are waited for'
    const means = Array.from({ length: replications }, (_, k) => {
      const { proposed } = run({
        seed: `crash ${k}`,
        members,
        down,
        parameters: { skipViews },
        until: seconds(members === 50 ? 150 : 300),
      })
      const late = proposed.filter((time) => time > seconds(90))
      return (late.at(-1)! - late[0]!) / (late.length - 1) / ms(1)
    })
    return {
      quantity: `block interval, ${down} of ${members} down, ${what}`,
      unit: 'ms',
      expected: 580 + (down / (members - down)) * lost,
      source: 'budget + 2δ + m / (n − m) · (timeout + δ), or · δ',
      ...sampled(means),
      // Runs end with a block, and begin with one.
      tolerance: 0.01,
    }
  })

/** As in the paper: 3Δ to wait for a leader, and a third of the members faulty. */
const expectedLatency = (): Row[] => {
  const waits = Array.from({ length: replications }, (_, k) => {
    const { proposed } = run({
      seed: `random leaders ${k}`,
      members: 31,
      down: 10,
      parameters: {
        ...{ leaderTimeoutMs: 300, certificationTimeoutMs: 300.001, skipViews: 100_000 },
        buildBudgetMs: 0,
      },
      until: seconds(60),
    })
    // A view is entered 2 hops after the proposal before it; the next one is final after 3 more.
    const gaps = proposed.slice(1).map((time, index) => time - proposed[index]!)
    return gaps.reduce((sum, gap) => sum + gap + hop, 0) / gaps.length / ms(1)
  })
  return [
    {
      quantity: 'entry into a view to finality, 10 of 31 faulty, random leaders, Δ = 100 ms',
      unit: 'ms',
      expected: 3 * 40 + (10 / 21) * (300 + 40),
      source: '3δ + m / (n − m) · (3Δ + δ); 3.5δ + 1.5Δ for a third (Chan and Pass)',
      ...sampled(waits),
      tolerance: 0.01,
    },
  ]
}

const ceremonies = (): Row[] =>
  [
    { epochBlocks: 8, expected: 24 / 64, source: 'three leaders in three blocks: 4·3·2 / 4³' },
    // Surjections of four blocks onto at least three of four dealers: (4! + 4·36) / 4⁴.
    { epochBlocks: 10, expected: 168 / 256, source: 'three or four leaders in four: 168 / 4⁴' },
  ].map(({ epochBlocks, expected, source }) => {
    const { cluster } = run({
      members: 4,
      parameters: { epochBlocks, buildBudgetMs: 0 },
      until: seconds(800),
    })
    const { blocks } = cluster
    let ended = 0
    let succeeded = 0
    for (let block = cluster.finalised(0); block > 0; block = blocks.parent(block)) {
      const data = blocks.data(block) as { outcome?: { succeeded: boolean } } | undefined
      if (data?.outcome === undefined) continue
      ended++
      if (data.outcome.succeeded) succeeded++
    }
    return {
      quantity: `key ceremonies that succeed, 4 members, ${epochBlocks} blocks per epoch`,
      expected,
      source,
      ...counted(succeeded, ended),
    }
  })

export default defineValidation({
  name: 'simplex',
  title: 'Simplex and its options',
  sections: [
    { title: 'Execution before and after the vote', note: 'δ is 40 ms.', rows: executions },
    { title: 'Payloads, whole and in shards', rows: payloads },
    { title: 'Terms', note: 'Seven members, no time to build.', rows: paces },
    {
      title: 'Members that are down',
      note: 'Mean over 20 replications; δ is 40 ms, the leader timeout 1,200 ms.',
      rows: () => [...crashes(), ...expectedLatency()],
    },
    { title: 'Key ceremonies', rows: ceremonies },
  ],
})
