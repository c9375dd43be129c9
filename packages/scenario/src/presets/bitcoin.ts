import { energyFigures, wattsOfAnnualWattHours } from '@counterpoise/economy'
import { assumed, budgetUsd, clientDelayMs, sourced } from './notes.ts'

const core = 'Bitcoin Core'
const region = 'regions of the pools are assumed'

/** Bitcoin in 2025: proof of work, a market by feerate, six confirmations. */
export const bitcoinRail = {
  kind: 'chain',
  description: 'Proof of work: whoever finds a block adds it; final after six confirmations',
  consensus: {
    kind: 'nakamoto',
    parameters: {
      targetIntervalMs: sourced(600_000, 'ms', `${core}: nPowTargetSpacing`),
      relay: { mode: sourced('compact', '', 'BIP 152') },
    },
  },
  validators: sourced(
    [
      { name: 'antpool', weight: 0.3, region: 'ap-east-1', operator: 'AntPool and proxies' },
      { name: 'foundry', weight: 0.29, region: 'us-east-1', operator: 'Foundry' },
      { name: 'viabtc', weight: 0.12, region: 'ap-east-1', operator: 'ViaBTC' },
      { name: 'f2pool', weight: 0.11, region: 'ap-southeast-1', operator: 'F2Pool' },
      { name: 'spiderpool', weight: 0.08, region: 'ap-northeast-1', operator: 'SpiderPool' },
      { name: 'mara', weight: 0.05, region: 'us-east-2', operator: 'MARA' },
      { name: 'secpool', weight: 0.03, region: 'ap-southeast-1', operator: 'SECPOOL' },
      { name: 'small-1', weight: 0.01, region: 'eu-central-1', operator: 'small pool 1' },
      { name: 'small-2', weight: 0.01, region: 'us-west-2', operator: 'small pool 2' },
    ],
    'share of hash rate',
    `mainnet.observer, November 2025, proxies merged; ${region}`,
  ),
  relays: {
    nodes: assumed(40, 'nodes', 'a sample of some 21,500 reachable nodes; keeps a run short'),
    regions: sourced(
      [
        { region: 'us-east-1', weight: 0.166 },
        { region: 'us-west-2', weight: 0.166 },
        { region: 'eu-central-1', weight: 0.544 },
        { region: 'sa-east-1', weight: 0.017 },
        { region: 'ap-southeast-1', weight: 0.067 },
        { region: 'ap-northeast-1', weight: 0.015 },
        { region: 'ap-southeast-2', weight: 0.02 },
        { region: 'af-south-1', weight: 0.005 },
      ],
      'share of located nodes',
      'newhedge.io snapshot of about 2025, by continent; North America split in two',
    ),
  },
  network: {
    latency: { kind: 'measured' },
    topology: {
      kind: 'random',
      outgoing: sourced(8, 'connections', `${core}: full-relay outbound connections`),
    },
    relayDelayMs: assumed(2, 'ms', 'compact blocks go out before validation (BIP 152); no figure'),
  },
  access: {
    nodes: assumed(
      [
        { name: 'wallets-us', region: 'us-east-1', operator: 'wallet server 1', cloud: 'aws' },
        { name: 'wallets-us-west', region: 'us-west-2', operator: 'wallet server 2' },
        { name: 'wallets-eu', region: 'eu-central-1', operator: 'wallet server 3' },
        { name: 'wallets-eu-north', region: 'eu-north-1', operator: 'wallet server 4' },
        { name: 'wallets-asia', region: 'ap-southeast-1', operator: 'wallet server 5' },
      ],
      '',
      'many independent wallet servers; where they stand has no source',
    ),
    clientDelayMs,
    gossipDelayMs: sourced(
      { kind: 'lognormal', median: 800, sigma: 1.1 },
      'ms',
      'bitcoinstats.com, 2014-11-17: transactions p50 0.80 s, p90 3.27 s',
    ),
    confirmations: sourced(6, 'blocks', 'Nakamoto, 2008, section 11; the usual rule'),
    typicalInterval: sourced('10m', '', `${core}: nPowTargetSpacing`),
    typicalFinality: sourced('50m', '', 'five more blocks after the first confirmation'),
  },
  block: {
    unitsLimit: sourced(3_996_000, 'WU', `${core} policy.h: 4,000,000 WU less 4,000 WU`),
    unitsPerPayment: sourced(564, 'WU', 'P2WPKH with one input and two outputs: 141 vB'),
    bytesLimit: sourced(4_000_000, 'bytes', `${core} consensus.h: MAX_BLOCK_SERIALIZED_SIZE`),
    bytesPerPayment: sourced(222, 'bytes', 'P2WPKH with one input and two outputs'),
    unitsPerSecond: sourced(
      10_534_000,
      'WU/s',
      'Gervais et al., CCS 2016: 0.174 s for 458,263 bytes without witnesses',
    ),
  },
  mempool: {
    unitsLimit: assumed(320_000_000, 'WU', '300 MB of memory hold about 80 MvB'),
    expireAfter: sourced('336h', '', `${core}: DEFAULT_MEMPOOL_EXPIRY_HOURS`),
    minimumPrice: sourced(0.025, 'sat/WU', `${core} 30.0: minimum relay fee 0.1 sat/vB`),
    rules: sourced('clusters', '', `${core} 31.0 release notes: cluster mempool`),
  },
  baseFee: { kind: 'none' },
  usdPerNativeUnit: assumed(0.000_75, 'USD per satoshi', '75,000 dollars a bitcoin; no source'),
  wallet: {
    strategy: 'mempool depth',
    targetBlocks: assumed(3, 'blocks', 'wallets aim at half an hour; no source'),
    tip: assumed(
      { kind: 'lognormal', median: 1.1, sigma: 0.25 },
      'factor on the estimate',
      'wallets outbid the estimate by a tenth, each a little differently; no source',
    ),
    budgetUsd,
  },
  watts: sourced(
    Math.round(wattsOfAnnualWattHours(energyFigures.bitcoin.value)),
    'W',
    energyFigures.bitcoin.source,
  ),
}
