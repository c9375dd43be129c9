import type { ScenarioInput } from '../input.ts'
import { ethereumOf2022 } from './ethereumOf2022.ts'
import { assumed, sourced } from './notes.ts'
import { ap, chainAlone, minersOf, na, nodesOf, simBlock, six, yearly } from './workParts.ts'

const simBlockConsensus = {
  kind: 'nakamoto',
  parameters: {
    targetIntervalMs: sourced(600_000, 'ms', `${simBlock}: INTERVAL`),
    retarget: 'none',
    blockBytes: sourced(535_000, 'bytes', `${simBlock}: BLOCK_SIZE`),
    relay: {
      mode: 'compact',
      transfer: sourced('stopAndWait', '', 'SimBlock, BlockMessageTask.java: run'),
      wordMs: sourced(10, 'ms', 'SimBlock, AbstractMessageTask.java: getInterval'),
      sendMs: sourced(2, 'ms', 'SimBlock, Node.java: processingTime'),
      checkMs: assumed(0, 'ms', 'SimBlock checks nothing'),
      compact: {
        highBandwidthPeers: assumed(0, 'peers', 'SimBlock announces before it sends'),
        usage: sourced(0.964, 'share of nodes', `${simBlock}: CBR_USAGE_RATE`),
        reconstruction: sourced(0.87, 'share of blocks', `${simBlock}: 0.13 fail`),
        unreliableShare: sourced(0.976, 'share of nodes', `${simBlock}: CHURN_NODE_RATE`),
        unreliableReconstruction: sourced(0.73, 'share of blocks', `${simBlock}: 0.27 fail`),
        bytes: sourced(18_000, 'bytes', `${simBlock}: COMPACT_BLOCK_SIZE`),
        missingShare: sourced(
          [
            [0, 0.01], [0.57, 0.01], [0.64, 0.02], [0.68, 0.03], [0.71, 0.04], [0.73, 0.05],
            [0.78, 0.075], [0.82, 0.1], [0.9, 0.22], [0.95, 0.5], [1, 0.96],
          ],
          '[level, part of the block]',
          `${simBlock}: size distribution of failures of churn nodes, read at eleven levels`,
        ),
      },
    },
  },
}

const simBlockChain = (nodes: number, blocks: number): ScenarioInput =>
  chainAlone(
    `simblock-${nodes}`,
    'bitcoin',
    `SimBlock's published configuration: ${nodes} nodes that all mine, ${blocks} blocks`,
    blocks,
    {
      consensus: simBlockConsensus,
      validators: sourced(nodes, 'nodes', 'SimBlock: NUM_OF_NODES; here of equal hash rate'),
      relays: undefined,
      network: {
        latency: six('2019'),
        bandwidth: yearly('2019'),
        topology: {
          kind: 'bitcoin',
          outgoing: 'simBlock2015',
          blockRelayOnly: assumed(0, 'connections', 'SimBlock has none'),
        },
      },
    },
  )

const smallPools = assumed(
  minersOf(
    Array.from({ length: 10 }, (_, k) => [`pool ${k + 1}`, 1, k % 2 === 0 ? ap : na] as const),
  ),
  'share of hash rate',
  'ten equal pools; no source',
)

/** SimBlock's configuration, and chains of proof of work besides Bitcoin. */
export const otherWorkPresets = {
  'simblock-600': simBlockChain(600, 1_000),
  'simblock-9000': simBlockChain(9_000, 100),
  litecoin: chainAlone('litecoin', 'litecoin', 'Litecoin: a block every 2.5 minutes', 1_000, {
    consensus: {
      kind: 'nakamoto',
      parameters: {
        targetIntervalMs: sourced(150_000, 'ms', 'Litecoin Core: nPowTargetSpacing'),
        retarget: 'bitcoin',
        retargetInterval: sourced(2_016, 'blocks', 'Litecoin Core: nPowTargetTimespan of 3.5 days'),
        subsidy: {
          initial: sourced(625_000_000, 'litoshi', 'Litecoin Core: 50 LTC halved three times'),
          halvingBlocks: sourced(840_000, 'blocks', 'Litecoin Core'),
        },
        blockBytes: assumed(30_000, 'bytes', 'blocks are nearly empty; no source'),
        relay: { mode: 'compact' },
      },
    },
    validators: smallPools,
    relays: nodesOf(assumed(790, 'nodes', 'what SimBlock counts as Litecoin’s')),
    network: {
      latency: six('2019'),
      topology: { kind: 'bitcoin' },
      bandwidth: yearly('2019'),
    },
  }),
  dogecoin: chainAlone('dogecoin', 'dogecoin', 'Dogecoin: a block a minute, DigiShield', 1_000, {
    consensus: {
      kind: 'nakamoto',
      parameters: {
        targetIntervalMs: sourced(60_000, 'ms', 'Dogecoin Core: nPowTargetSpacing'),
        retarget: 'digishield',
        subsidy: {
          initial: sourced(1_000_000_000_000, 'koinu', 'Dogecoin Core: 10,000 DOGE, for ever'),
          halvingBlocks: assumed(1_000_000_000, 'blocks', 'never'),
        },
        blockBytes: assumed(20_000, 'bytes', 'blocks are nearly empty; no source'),
        relay: { mode: 'inv' },
      },
    },
    validators: smallPools,
    relays: nodesOf(assumed(590, 'nodes', 'what SimBlock counts as Dogecoin’s')),
    network: {
      latency: six('2019'),
      topology: { kind: 'bitcoin' },
      bandwidth: yearly('2019'),
    },
  }),
  'ethereum-pow': chainAlone(
    'ethereum-pow',
    'ethereum-pow',
    'Ethereum before the Merge: a block every 13.3 s, uncles',
    2_000,
    {
      consensus: {
        kind: 'nakamoto',
        parameters: {
          targetIntervalMs: sourced(13_300, 'ms', 'mean of 2021, before the bomb'),
          retarget: 'byzantium',
          unclesMax: sourced(2, 'uncles', 'Ethereum, yellow paper'),
          futureLimitMs: sourced(15_000, 'ms', 'go-ethereum: allowedFutureBlockTime'),
          subsidy: {
            initial: sourced(2_000_000_000, 'gwei', 'EIP-1234: 2 ether'),
            halvingBlocks: assumed(1_000_000_000, 'blocks', 'never'),
            uncles: true,
          },
          blockBytes: assumed(60_000, 'bytes', 'blocks of 2021 had some 60 kB'),
          relay: {
            mode: 'push',
            pushBy: sourced('squareRoot', '', 'go-ethereum, eth: BroadcastBlock'),
            askAfterMs: sourced(500, 'ms', 'go-ethereum, eth/fetcher: arriveTimeout'),
            bodyAfterMs: sourced(100, 'ms', 'go-ethereum, eth/fetcher: gatherSlack'),
            checkMs: assumed(200, 'ms', 'execution of a full block; no source'),
          },
        },
      },
      validators: sourced(
        minersOf(
          [1051, 285, 144, 114, 69, 55, 34, 30, 28, 27, 25, 22, 22, 21, 20, 16].map(
            (rate, k) => [`pool ${k + 1}`, rate, k % 3 === 0 ? ap : k % 3 === 1 ? 'europe' : na],
          ),
        ),
        'TH/s',
        'JABS: Ethereum pools of 2022, the sixteen largest; regions are assumed',
      ),
      relays: nodesOf(assumed(583, 'nodes', 'a tenth of the 5,906 nodes that JABS counts')),
      network: {
        latency: six('2019'),
        topology: { kind: 'random', outgoing: assumed(12, 'connections', '25 peers a node') },
        bandwidth: yearly('2019'),
      },
      ...ethereumOf2022,
    },
  ),
} satisfies Record<string, ScenarioInput>
