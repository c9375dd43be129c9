import type { Behaviour } from '@counterpoise/consensus'
import { createCluster, emptyBlocks } from '@counterpoise/consensus'
import { fuzzParameters } from '@counterpoise/dev'
import { createSimulation, createStream, seconds } from '@counterpoise/engine'
import { createBlockStore } from '@counterpoise/ledger'
import { distributedLatency, randomTopology } from '@counterpoise/network'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nakamoto } from './nakamoto.ts'
import { nakamotoParameters } from './parameters.ts'

const size = 30
const chain = {
  targetIntervalMs: 5_000,
  retargetInterval: 10,
  blockBytes: { kind: 'exponential', mean: 100_000 },
  unclesMax: 2,
  relay: { mode: 'compact', checkMs: 50, requestTimeoutMs: 3_000 },
}
const parametersAt = {
  message: nakamotoParameters.parse(chain),
  miner: nakamotoParameters.parse({ ...chain, fidelity: 'miner', delayMs: 0 }),
}

/** Delays, ms: at miner level so long that many blocks reach a node before their parents. */
const longest = { message: 500, miner: 9_000 }

type Run = {
  seed: string
  level: 'message' | 'miner'
  /** What checking a block takes, µs. */
  cost: number
  outages: readonly [number, number][]
}

/** Runs a chain whose members are one crowd, or replicas each, and tells all that they reported. */
function journalOf({ seed, level, cost, outages }: Run, isCrowd: boolean): string[] {
  const simulation = createSimulation({ seed })
  const blocks = createBlockStore()
  const honest: Behaviour = (make, context) => make(context)
  const nodes = Array.from({ length: size }, (_, node) => node)
  const cluster = createCluster(simulation, {
    name: 'chain',
    model: nakamoto,
    parameters: parametersAt[level],
    members: nodes.map((node) => ({
      name: `node ${node}`,
      attributes: { region: 'somewhere', operator: `operator ${node}` },
      weight: node < 5 ? node + 1 : 0,
    })),
    latency: distributedLatency({ kind: 'uniform', low: 50, high: longest[level] }),
    topology:
      level === 'miner'
        ? undefined
        : randomTopology({
            ...{ size, outgoing: 3 },
            stream: createStream({ seed, replication: 0, purpose: 'links' }),
          }),
    blocks,
    executor: { ...emptyBlocks(blocks), validate: () => cost },
    behaviours: isCrowd ? undefined : new Map(nodes.map((node) => [node, honest])),
  })
  const journal: string[] = []
  cluster.observe({
    proposed: (node, block) => {
      journal.push(`${simulation.now()} ${node} found ${block} of ${blocks.bytes(block)}`)
    },
    headChanged: (node, head) => {
      journal.push(`${simulation.now()} ${node} follows ${head}`)
    },
  })
  for (const [node, second] of outages) {
    simulation.run({ until: Math.max(simulation.now(), seconds(second)) })
    cluster.network.takeDown(node)
    simulation.run({ until: simulation.now() + seconds(7) })
    cluster.network.bringUp(node)
  }
  simulation.run({ until: seconds(300) })
  return journal
}

test('property: a crowd does what as many replicas do, through outages too', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.constantFrom('message', 'miner'),
      fc.constantFrom(0, 40_000),
      fc.array(fc.tuple(fc.nat({ max: size - 1 }), fc.nat({ max: 200 })), { maxLength: 3 }),
      (seed, level, cost, outages) => {
        const sorted = outages.toSorted((one, other) => one[1] - other[1])
        const run: Run = { seed: `${seed}`, level, cost, outages: sorted }
        const crowd = journalOf(run, true)
        expect(crowd.length).toBeGreaterThan(size * 20)
        expect(crowd).toEqual(journalOf(run, false))
      },
    ),
    fuzzParameters(10),
  )
})
