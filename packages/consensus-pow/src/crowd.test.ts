import type { Behaviour } from '@counterpoise/consensus'
import { createCluster, emptyBlocks } from '@counterpoise/consensus'
import { fuzzParameters } from '@counterpoise/dev'
import { createSimulation, createStream, seconds } from '@counterpoise/engine'
import { createBlockStore } from '@counterpoise/ledger'
import { distributedLatency, randomTopology } from '@counterpoise/network'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WorkMessage } from './messages.ts'
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

/** Half of the second miner's hash rate is gone from the second minute on. */
const { hashRateSteps: steps } = nakamotoParameters.parse({
  hashRateSteps: [{ atMs: 60_000, factor: 0.5, miners: [1] }],
})

/** Delays, ms: at miner level so long that many blocks reach a node before their parents. */
const longest = { message: 500, miner: 9_000 }

type Run = {
  seed: string
  level: 'message' | 'miner'
  /** What checking a block takes, µs. */
  cost: number
  outages: readonly [number, number][]
  /** Every so many blocks one is refused by every so many nodes. */
  refused: number
  /** Whether a miner takes half of its hash rate away for a while. */
  stepped: boolean
}

/** Runs a chain whose members are one crowd, or replicas each, and tells all that they reported. */
function journalOf(run: Run, model: typeof nakamoto): string[] {
  const { seed, level, cost, outages, refused, stepped } = run
  const simulation = createSimulation({ seed })
  const blocks = createBlockStore()
  // Whoever is odd stays so, whatever he goes through.
  const odd: Behaviour = (make, context) => {
    const replica = make(context)
    return {
      ...replica,
      receive: (from, message) => {
        const word = message as WorkMessage
        if (word.type !== 'block' || word.block % 5 > 0) replica.receive(from, message)
      },
    }
  }
  const nodes = Array.from({ length: size }, (_, node) => node)
  const cluster = createCluster(simulation, {
    name: 'chain',
    model,
    parameters: { ...parametersAt[level], ...(stepped && { hashRateSteps: steps }) },
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
    executor: {
      ...emptyBlocks(blocks),
      validate: (block, node) =>
        block % refused === 1 && node % refused === 7 ? { invalid: 'as the test wants' } : cost,
    },
    behaviours: new Map([[11, odd]]),
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
  const { sent, delivered, bytes } = cluster.network.counters()
  journal.push(`${sent} sent, ${delivered} delivered, ${bytes} bytes`)
  return journal
}

test('property: a crowd does what as many replicas do, through outages too', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.constantFrom('message', 'miner'),
      fc.constantFrom(0, 40_000),
      fc.array(fc.tuple(fc.nat({ max: size - 1 }), fc.nat({ max: 200 })), { maxLength: 3 }),
      fc.constantFrom(1_000_000, 12),
      fc.boolean(),
      (seed, level, cost, outages, refused, stepped) => {
        const sorted = outages.toSorted((one, other) => one[1] - other[1])
        const run: Run = { seed: `${seed}`, level, cost, outages: sorted, refused, stepped }
        const crowd = journalOf(run, nakamoto)
        expect(crowd.length).toBeGreaterThan(size * 20)
        expect(crowd).toEqual(journalOf(run, { ...nakamoto, createCrowd: undefined }))
      },
    ),
    fuzzParameters(10),
  )
})

test('members leave the crowd for as long as they have to', () => {
  const replicas: number[] = []
  const model: typeof nakamoto = {
    ...nakamoto,
    createReplica: (parameters, context, inherited) => {
      replicas.push(context.self)
      return nakamoto.createReplica(parameters, context, inherited)
    },
  }
  const outages: Run['outages'] = [[3, 20], [4, 60], [3, 120]]
  const run = { level: 'message', cost: 0, refused: 1_000_000, stepped: false } as const
  journalOf({ ...run, seed: 'crowd', outages }, model)
  // One who has caught up after an outage needs a replica again after the next one.
  expect(replicas.filter((node) => node === 3).length).toBeGreaterThan(1)
  expect(replicas.length).toBeGreaterThan(size)
})
