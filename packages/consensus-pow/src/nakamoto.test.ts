import type { Behaviour } from '@counterpoise/consensus'
import { seconds } from '@counterpoise/engine'
import { createBlockStore, genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { compactBlockBytes, relayBytes } from './messages.ts'
import { nakamoto } from './nakamoto.ts'
import { nakamotoParameters } from './parameters.ts'
import { createMiners, runBlocks } from './testing.ts'

test('what it promises', () => {
  expect(nakamoto.name).toBe('nakamoto')
  expect(nakamoto.finality).toBe('probabilistic')
  expect(nakamoto.dissemination).toBe('gossip')
  expect([1, 2, 3, 4, 5].map(nakamoto.faultLimit)).toEqual([0, 0, 1, 1, 2])
})

test('its defaults are those of Bitcoin', () => {
  expect(nakamotoParameters.parse({})).toMatchInlineSnapshot(`
    {
      "fetchBatchBlocks": 16,
      "hashRateSteps": [],
      "relay": "compact",
      "requestTimeoutMaxMs": 64000,
      "requestTimeoutMs": 2000,
      "retarget": "bitcoin",
      "retargetClampFactor": 4,
      "retargetInterval": 2016,
      "targetIntervalMs": 600000,
    }
  `)
  expect(nakamotoParameters.safeParse({ retargetIntervall: 10 }).success).toBe(false)
  for (const field of Object.values(nakamotoParameters.shape)) {
    expect(field.description).toMatch(/\.$/)
  }
})

test('a compact block of 3,000 transactions has about 18.4 kB', () => {
  expect(compactBlockBytes(3_000)).toBe(18_391)
  const blocks = createBlockStore()
  const block = blocks.append({
    parent: genesis,
    proposer: 0,
    time: 0,
    round: 1,
    bytes: 5_000,
    payments: [1, 2, 3],
  })
  expect(relayBytes('compact', blocks, block)).toBe(409)
  expect(relayBytes('full', blocks, block)).toBe(5_000)
})

test('what is sent has the size of the relay mode', () => {
  const bytesOf = (relay: 'full' | 'compact'): number => {
    const miners = createMiners({ weights: [1, 0], parameters: { relay } })
    runBlocks(miners, 10)
    return miners.cluster.network.counters().bytes
  }
  expect(bytesOf('compact')).toBe(10 * 391)
  expect(bytesOf('full')).toBe(10 * 383)
})

test.each([
  ['difficulty', { work: 100, data: { difficulty: 100 } }],
  ['work', { work: 100 }],
])('behavior: a block of made-up %s is refused, and so is what stands on it', (_what, claim) => {
  const boastful: Behaviour = (honest, context) =>
    honest({
      ...context,
      build: (parent, header) => context.build(parent, { ...header, ...claim }),
    })
  const miners = createMiners({ weights: [1, 1, 0], behaviours: new Map([[0, boastful]]) })
  const { simulation, cluster, blocks } = miners
  runBlocks(miners, 100)
  simulation.run({ until: simulation.now() + seconds(1) })
  for (const node of [1, 2]) {
    for (let block = cluster.head(node); block !== genesis; block = blocks.parent(block)) {
      expect(blocks.proposer(block)).toBe(1)
    }
    expect(blocks.height(cluster.head(node))).toBeGreaterThan(20)
  }
})

test('behavior: a miner whose clock runs slow still finds blocks', () => {
  const slow: Behaviour = (honest, context) =>
    honest({ ...context, now: () => Math.floor(context.now() * 0.9) })
  const miners = createMiners({ weights: [1, 1], behaviours: new Map([[0, slow]]) })
  runBlocks(miners, 200)
  const { blocks } = miners
  const found = Array.from({ length: 200 }, (_, index) => blocks.proposer(index + 1))
  expect(found.filter((miner) => miner === 0).length).toBeGreaterThan(60)
})
