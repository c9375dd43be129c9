import type { Behaviour } from '@counterpoise/consensus'
import { seconds } from '@counterpoise/engine'
import { genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
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
      "attacks": [],
      "blockBytes": 0,
      "fetchBatchBlocks": 16,
      "fidelity": "message",
      "futureLimitMs": 7200000,
      "hashRateSteps": [],
      "relay": {
        "askAfterMs": 0,
        "compact": {
          "bytesFixed": 391,
          "bytesPerTransaction": 6,
          "highBandwidthPeers": 3,
          "missingShare": [
            [
              0,
              0.0005,
            ],
            [
              0.69,
              0.0005,
            ],
            [
              1,
              0.2,
            ],
          ],
          "reconstruction": 0.8164,
          "unreliableReconstruction": 0.73,
          "unreliableShare": 0,
          "usage": 1,
        },
        "headersBytes": 106,
        "invBytes": 61,
        "mode": "compact",
        "pushBy": "miner",
        "requestTimeoutMs": 600000,
        "sendMs": 0,
        "transactionBytes": 522.4,
        "transfer": "storeAndForward",
        "wordMs": 0,
      },
      "requestTimeoutMaxMs": 64000,
      "requestTimeoutMs": 2000,
      "retarget": "bitcoin",
      "retargetClampFactor": 4,
      "retargetInterval": 2016,
      "subsidy": {
        "fromHeight": 120000,
        "halvingBlocks": 210000,
        "initial": 312500000,
        "uncles": false,
      },
      "targetIntervalMs": 600000,
      "timestampMs": 1000,
      "unclesMax": 0,
    }
  `)
  expect(nakamotoParameters.safeParse({ retargetIntervall: 10 }).success).toBe(false)
  for (const field of Object.values(nakamotoParameters.shape)) {
    expect(field.description).toMatch(/\.$/)
  }
})

test('a relay network among miners, and nodes behind Tor, are as they were measured', () => {
  const { relay } = nakamotoParameters.parse({ relay: { overlay: {}, tor: {} } })
  // Gervais et al., 2016: a header of 81 bytes and 2 for each transaction.
  expect(relay.overlay).toEqual({
    ...{ latencyFactor: 1, extraMs: 0, bytesFixed: 81, bytesPerTransaction: 2 },
  })
  // 13,772 of 21,515 reachable nodes.
  expect(relay.tor!.share).toBeCloseTo(13_772 / 21_515, 3)
  expect(relay.tor!.extraMs).toBe(300)
})

test('without a topology, a block is sent with all its bytes', () => {
  const miners = createMiners({ weights: [1, 0], parameters: { blockBytes: 1_000 } })
  runBlocks(miners, 10)
  expect(miners.cluster.network.counters().bytes).toBe(10 * 1_383)
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
