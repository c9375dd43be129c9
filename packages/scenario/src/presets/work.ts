import type { ScenarioInput } from '../input.ts'
import { bitcoinRail } from './bitcoin.ts'
import { assumed, sourced } from './notes.ts'

const gervais = 'Gervais et al., On the Security and Performance of Proof of Work Blockchains, 2016'
const simBlock = 'SimBlock at 5fc7f9f, SimulationConfiguration.java'

type Region =
  | 'north-america'
  | 'europe'
  | 'south-america'
  | 'asia-pacific'
  | 'japan'
  | 'australia'

/** Miners with their shares of the hash rate, and where they stand. */
const minersOf = (shares: readonly (readonly [string, number, Region])[]): object[] =>
  shares.map(([operator, weight, region], k) => ({
    ...{ name: `miner-${k + 1}`, weight, region, operator },
  }))

const ap = 'asia-pacific'
const na = 'north-america'

/** The sixteen miners of 2016. */
export const miners2016 = sourced(
  minersOf([
    ...([
      [0.289, ap], [0.196, ap], [0.159, ap], [0.133, na], [0.066, ap], [0.054, na], [0.029, 'europe'],
      [0.016, 'europe'], [0.012, na], [0.012, na], [0.012, na], [0.009, 'europe'], [0.005, na],
      [0.005, na], [0.002, na], [0.002, na],
    ] as const).map(([weight, region], k) => [`pool ${k + 1}`, weight, region] as const),
  ]),
  'share of hash rate',
  `${gervais}: distribution of the hash rate and regions of the miners`,
)

const miners2025 = sourced(
  minersOf([
    ['AntPool and proxies', 0.3, ap],
    ['Foundry', 0.29, na],
    ['ViaBTC', 0.12, ap],
    ['F2Pool', 0.11, ap],
    ['SpiderPool', 0.08, ap],
    ['MARA', 0.05, na],
    ['SECPOOL', 0.03, ap],
    ['small pool 1', 0.01, 'europe'],
    ['small pool 2', 0.01, na],
  ]),
  'share of hash rate',
  'mainnet.observer, November 2025, proxies merged; regions of the pools are assumed',
)

const wellConnected = {
  links: sourced([700, 800], 'connections', `${gervais}: connections of a miner`),
  upMbps: sourced(100, 'Mbit/s', `${gervais}: bandwidth of a miner`),
  downMbps: sourced(100, 'Mbit/s', `${gervais}: bandwidth of a miner`),
}

/** One chain of proof of work and nothing else: blocks without payments, filled by others. */
const chainAlone = (
  name: string,
  rail: string,
  description: string,
  blocks: number,
  config: Record<string, unknown>,
): ScenarioInput => ({
  name,
  description,
  startsAt: '2026-11-17T14:00:00Z',
  rails: {
    [rail]: {
      ...bitcoinRail,
      description: 'Proof of work on a network at message level; its blocks carry no payments',
      access: {
        ...bitcoinRail.access,
        nodes: assumed(
          [{ name: 'observer', region: 'europe', operator: 'observer' }],
          '',
          'a node to look at the chain from',
        ),
      },
      ...config,
    },
  },
  workload: {
    for: '1h',
    arrivals: [],
    amount: { kind: 'constant', usd: assumed(1, 'USD', 'nobody pays') },
    accounts: {
      count: assumed(2, 'accounts', 'nobody pays'),
      openingUsd: assumed(1, 'USD', 'nobody pays'),
    },
    patience: assumed([{ for: '1h' }], '', 'nobody pays'),
  },
  faults: [],
  blocks,
})

const nodesOf = (nodes: object): object => ({ nodes })
const six = (year: string): object => ({ kind: 'sixRegions', year })

const measuredTails = {
  upMbps: { kind: 'measured2016' },
  downMbps: { kind: 'measured2016' },
}
const yearly = (year: string): object => ({
  upMbps: { kind: 'regions', year },
  downMbps: { kind: 'regions', year },
})

const target = sourced(600_000, 'ms', 'Bitcoin Core: nPowTargetSpacing')
const check2015 = sourced(380, 'ms per 10⁶ bytes', `${gervais}: 0.174 s for 458,263 bytes`)

const simBlockConsensus = {
  kind: 'nakamoto',
  parameters: {
    targetIntervalMs: sourced(600_000, 'ms', `${simBlock}: INTERVAL`),
    retarget: 'none',
    blockBytes: sourced(535_000, 'bytes', `${simBlock}: BLOCK_SIZE`),
    relay: {
      mode: 'compact',
      transfer: 'cutThrough',
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

/** Chains of proof of work on the networks of their years. */
export const workPresets = {
  'bitcoin-2012': chainAlone('bitcoin-2012', 'bitcoin', 'Bitcoin in 2012: small blocks, slow checks', 500, {
    consensus: {
      kind: 'nakamoto',
      parameters: {
        targetIntervalMs: target,
        retarget: 'none',
        blockBytes: assumed(
          { kind: 'exponential', mean: 90_000 },
          'bytes',
          'blocks of mid-2012 had some 90 kB; no source',
        ),
        relay: {
          mode: 'inv',
          checkMsPerMegabyte: assumed(4_000, 'ms per 10⁶ bytes', 'before 0.8: ten times 2015'),
        },
      },
    },
    validators: miners2016,
    relays: nodesOf(assumed(3_500, 'nodes', 'reachable in 2012; recalled from Decker 2013')),
    network: {
      latency: six('2015'),
      topology: { kind: 'random', outgoing: sourced(8, 'connections', 'Bitcoin Core') },
      bandwidth: measuredTails,
    },
  }),
  'bitcoin-2015': chainAlone(
    'bitcoin-2015',
    'bitcoin',
    'Bitcoin in 2015: 6,000 nodes, 16 miners, announced blocks (Gervais et al.)',
    500,
    {
      consensus: {
        kind: 'nakamoto',
        parameters: {
          targetIntervalMs: target,
          retarget: 'none',
          blockBytes: sourced(535_000, 'bytes', `${simBlock}: mean block of the time`),
          relay: { mode: 'inv', checkMsPerMegabyte: check2015 },
        },
      },
      validators: miners2016,
      relays: nodesOf(sourced(5_983, 'nodes', `${gervais}: 6,000 nodes with miners, observer`)),
      network: {
        latency: six('2015'),
        topology: { kind: 'degrees', histogram: 'gervais2016' },
        bandwidth: measuredTails,
        producers: wellConnected,
      },
    },
  ),
  'bitcoin-2019': chainAlone('bitcoin-2019', 'bitcoin', 'Bitcoin in 2019: compact blocks', 500, {
    consensus: {
      kind: 'nakamoto',
      parameters: {
        targetIntervalMs: target,
        retarget: 'none',
        blockBytes: assumed(1_000_000, 'bytes', 'blocks of 2019 had about a megabyte'),
        relay: { mode: 'compact', checkMsPerMegabyte: check2015 },
      },
    },
    validators: miners2016,
    relays: nodesOf(sourced(7_966, 'nodes', 'JABS: 7,983 nodes with miners and observer')),
    network: {
      latency: six('2019'),
      topology: { kind: 'bitcoin' },
      bandwidth: yearly('2019'),
      producers: wellConnected,
    },
  }),
  'bitcoin-2025': chainAlone(
    'bitcoin-2025',
    'bitcoin',
    'Bitcoin in 2025: compact blocks pushed unchecked, pools of 2025, two thirds behind Tor',
    144,
    {
      consensus: {
        kind: 'nakamoto',
        parameters: {
          targetIntervalMs: target,
          retarget: 'none',
          blockBytes: assumed(1_600_000, 'bytes', 'blocks of 2025 had some 1.6 MB'),
          relay: {
            mode: 'compact',
            checkMsPerMegabyte: assumed(
              100,
              'ms per 10⁶ bytes',
              'signatures are checked ahead of blocks and cached',
            ),
            tor: {},
          },
        },
      },
      validators: miners2025,
      relays: nodesOf(assumed(7_990, 'nodes', 'of some 21,500 reachable nodes')),
      network: {
        latency: six('2019'),
        topology: { kind: 'bitcoin' },
        bandwidth: yearly('2019'),
        producers: wellConnected,
      },
    },
  ),
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
            pushBy: 'everybody',
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
    },
  ),
} satisfies Record<string, ScenarioInput>
