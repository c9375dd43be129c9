import { energyFigures, wattsOfAnnualWattHours } from '@counterpoise/economy'
import { assumed, budgetUsd, clientDelayMs, rpcNodes, sourced } from './notes.ts'

/** Share of the blocks of thirty days by staking entity, and where its node is assumed to be. */
const entities: readonly (readonly [operator: string, share: number, region: string])[] = [
  ['binance', 0.108, 'us-east-1'],
  ['coinbase', 0.0934, 'eu-central-1'],
  ['ether.fi', 0.0819, 'us-west-2'],
  ['figment', 0.0619, 'eu-west-1'],
  ['kraken', 0.0594, 'ap-southeast-1'],
  ['everstake', 0.0527, 'eu-central-1'],
  ['blockdaemon', 0.0328, 'us-east-1'],
  ['lido', 0.0315, 'eu-north-1'],
  ['celsius', 0.0245, 'us-east-2'],
  ['p2p.org', 0.0219, 'ap-northeast-1'],
  ['stakefish', 0.0186, 'us-east-1'],
  ['okx', 0.0184, 'eu-central-1'],
  ['staked.us', 0.016, 'us-west-2'],
  ['kiln', 0.016, 'eu-west-1'],
  ['rocketpool', 0.0154, 'ap-southeast-1'],
  ['A41', 0.0144, 'eu-central-1'],
  ['Stakely', 0.0143, 'us-east-1'],
  ['Chorus One', 0.014, 'eu-north-1'],
  ['Gateway.fm AS', 0.0139, 'us-east-2'],
  ['liquid collective', 0.0138, 'ap-northeast-1'],
  ['ParaFi Technologies LLC', 0.0133, 'us-east-1'],
  ['bitcoin suisse', 0.0124, 'eu-central-1'],
  ['Nethermind', 0.0124, 'us-west-2'],
  ['ChainSafe', 0.0112, 'eu-west-1'],
]

/** Where the many small ones are assumed to be, in turn. */
const smallRegions = [
  'eu-central-1',
  'us-east-1',
  'us-west-2',
  'eu-west-2',
  'ap-southeast-1',
  'ca-central-1',
  'eu-north-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'sa-east-1',
]
const smallShare = 1 - entities.reduce((sum, [, share]) => sum + share, 0)

const validators = [
  ...entities.map(([operator, weight, region]) => ({
    name: operator.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    weight,
    region,
    operator,
  })),
  // 318 entities share the rest; one node stands for about thirty of them.
  ...smallRegions.map((region, k) => ({
    name: `small-${k + 1}`,
    weight: Number((smallShare / smallRegions.length).toFixed(6)),
    region,
    operator: `small stakers ${k + 1}`,
  })),
]

/** Ethereum after Fusaka: proof of stake, EIP-1559, payments as transfers of a stablecoin. */
export const ethereumRail = {
  kind: 'chain',
  description: 'Proof of stake: slots of 12 s; final when two thirds of the stake have voted twice',
  consensus: {
    kind: 'beacon',
    parameters: {
      fork: sourced('fulu', '', 'mainnet since 2025-12-03; blobs, as of BPO2, carry no payments'),
      // The run begins in mid-life: otherwise the first payments would wait an epoch longer.
      start: 'running',
      validators: sourced(899_000, 'validators', 'about 899 k in May 2026'),
      balanceEther: sourced(43.05, 'ETH each', '38.7 M ETH staked by 899 k validators, May 2026'),
      weights: 'shares',
      slotMs: sourced(12_000, 'ms', 'consensus-specs, mainnet configuration'),
      proposerBoost: sourced(0.4, "share of a slot's committee", 'consensus-specs, fork choice'),
    },
  },
  validators: sourced(
    validators,
    'share of stake',
    'censorship.pics (Apache-2.0), blocks of 30 days to 2025-11-08, equal names merged; ' +
      'regions are assumed',
  ),
  relays: {
    nodes: assumed(300, 'nodes', 'of some ten thousand: enough for the paths of a block'),
    regions: assumed(
      smallRegions.map((region) => ({ region, weight: 1 })),
      '',
      'as the small stakers',
    ),
  },
  access: {
    nodes: rpcNodes,
    clientDelayMs,
    gossipDelayMs: assumed(
      { kind: 'lognormal', median: 300, sigma: 0.5 },
      'ms',
      'about four hops of gossip; no source',
    ),
    typicalInterval: sourced('12s', '', 'consensus-specs, mainnet configuration'),
    typicalFinality: sourced('954s', '', 'mean of 64 slots after slot 0 and 96 − s after slot s'),
  },
  block: {
    unitsLimit: sourced(60_000_000, 'gas', 'EIP-7935: default gas limit at Fusaka'),
    unitsPerPayment: sourced(46_000, 'gas', 'ERC-20 transfer to an existing holder: 45–46 k'),
    transferUnits: sourced(
      { ether: 21_000, token: 46_109, token_to_new_holder: 63_209 },
      'gas',
      'ether: yellow paper; tokens: frequent values of the EIP-4488 sample, November 2021 (CC0)',
    ),
    bytesLimit: sourced(8_388_608, 'bytes', 'EIP-7934: RLP of an execution block'),
    bytesPerPayment: assumed(180, 'bytes', 'a signed ERC-20 transfer; no source'),
    unitsPerSecond: sourced(
      378_000_000,
      'gas/s',
      'Xatu, April 2026: newPayload of geth 78 ms on average, blocks of 29.5 M gas at the median',
    ),
    otherTraffic: {
      unitsPerBlock: sourced(
        30_000_000,
        'gas',
        'EIP-1559 holds blocks at their target; Xatu, April 2026: 29.5 M gas at the median',
      ),
      givesWay: assumed(true, '', 'others do not outbid payments when blocks get full'),
      priceLimit: assumed(100_000_000, 'wei/gas', 'others wait while a burst makes blocks dear'),
    },
  },
  mempool: {
    unitsLimit: sourced(
      6_144 * 46_000,
      'gas',
      'go-ethereum legacypool defaults: 5,120 executable and 1,024 queued transactions',
    ),
    expireAfter: sourced('3h', '', 'go-ethereum legacypool default lifetime'),
    minimumPrice: sourced(1, 'wei/gas', 'go-ethereum legacypool default price limit'),
  },
  baseFee: {
    kind: 'eip1559',
    initial: sourced(100_000_000, 'wei/gas', 'commonly 0.045 to 0.5 gwei in 2026'),
    gasTarget: sourced(30_000_000, 'gas', 'EIP-1559: half of the gas limit'),
  },
  usdPerNativeUnit: sourced(2e-15, 'USD per wei', 'about 2,000 dollars an ether in May 2026'),
  wallet: {
    strategy: 'base fee',
    headroom: sourced(2, 'times the base fee', 'EIP-1559 wallets: max fee = 2 × base fee + tip'),
    tip: assumed(
      { kind: 'lognormal', median: 20_000_000, sigma: 1 },
      'wei/gas',
      'about 0.02 gwei at a base fee of 0.1 gwei; no source',
    ),
    budgetUsd,
  },
  watts: sourced(
    Math.round(wattsOfAnnualWattHours(energyFigures.ethereumProofOfStake.value)),
    'W',
    energyFigures.ethereumProofOfStake.source,
  ),
}
