import { energyFigures, nodesWatts } from '@counterpoise/economy'
import { assumed, budgetUsd, clientDelayMs, rpcNodes, sourced } from './notes.ts'

const code = 'tempoxyz/tempo, commit d656ef5'

const validators = [
  ['stripe', 'Stripe', 'us-east-1'],
  ['visa', 'Visa', 'us-east-1'],
  ['zodia', 'Zodia Custody', 'eu-central-1'],
  ['moneygram', 'MoneyGram', 'us-west-2'],
  ['validator-5', 'operator 5', 'us-west-2'],
  ['validator-6', 'operator 6', 'eu-central-1'],
  ['validator-7', 'operator 7', 'ap-southeast-1'],
  ['validator-8', 'operator 8', 'ap-southeast-1'],
  ['validator-9', 'operator 9', 'ap-northeast-1'],
  ['validator-10', 'operator 10', 'ap-northeast-1'],
].map(([name, operator, region]) => ({ name, operator, region, weight: 1 }))

const benchmark = 'Tempo benchmark, May 2026'
const stablecoins = ['pathUSD', 'AlphaUSD', 'BetaUSD', 'ThetaUSD']

/** What only Tempo has: its lanes, its fees in stablecoins and its nonces. */
const tempoExecution = {
  kind: 'tempo',
  fork: sourced('T8', '', `${code}: the last fork before it that changes what is modelled`),
  generalGas: sourced(30_000_000, 'gas', `${code}: cap of the general lane since T1`),
  transactionGas: sourced(30_000_000, 'gas', `${code}: cap of a transaction since T1A`),
  gasLimit: sourced(300_000, 'gas', 'tempoxyz/txgen, commit 1cda02e: presets/tip20'),
  build: {
    budget: sourced('500ms', '', `${code}: target block time 550 ms less network 50 ms`),
    multiplier: sourced(1.35, 'times the execution', `${code}: where the builder begins`),
    gasPerSecond: sourced(1_250_000_000, 'gas/s', `${benchmark}: builder execution`),
    persistNsPerByte: assumed(2, 'ns/byte', '500 MB/s to a local disk; no source'),
  },
  tokens: sourced(
    stablecoins.map((name) => (name === 'pathUSD' ? { name } : { name, quote: 'pathUSD' })),
    'equal shares of the accounts',
    'four tokens as in the benchmark; named as on the test network',
  ),
  pools: assumed(
    stablecoins.slice(1).map((from) => ({ from, to: 'pathUSD', liquidityUsd: 10_000 })),
    'USD',
    'ample for the fees in flight of a block, some 0.4 USD; no source',
  ),
  validatorTokens: sourced({}, '', `${code}: pathUSD where a validator names no other`),
  rebalancing: {
    aboveUsd: assumed(10, 'USD', 'what a purchase earns pays for it; no source'),
    gas: assumed(150_000, 'gas', 'two transfers and the pool; no source'),
  },
  holdings: sourced('all', '', 'Tempo benchmark: to recipients that have a balance'),
  nonces: {
    protocol: sourced(30, '%', 'tempoxyz/txgen, commit 1cda02e: the mix for the main network'),
    key: sourced(70, '%', 'tempoxyz/txgen, commit 1cda02e: the mix for the main network'),
    expiring: sourced(0, '%', 'tempoxyz/txgen, commit 1cda02e: the mix for the main network'),
    keys: sourced(100, 'keys', 'tempoxyz/txgen, commit 1cda02e: parallel lanes'),
    validFor: sourced('10s', '', 'tempoxyz/txgen, commit 1cda02e: expiring nonces'),
  },
  shares: {
    virtualAddress: assumed(0, 'of payments', 'none; no source'),
    keychain: assumed(0, 'of payments', 'none; no source'),
    p256: assumed(0, 'of payments', 'none; no source'),
    general: assumed(0, 'of payments', 'all are plain transfers; no source'),
    sponsored: assumed(0, 'of payments', 'none; no source'),
  },
}

/** Tempo in summer 2026: ten permissioned validators, Simplex, stablecoin fees. */
export const tempoRail = {
  kind: 'chain',
  description: 'Permissioned BFT: ten admitted validators, Simplex; final within a second',
  consensus: {
    kind: 'simplex',
    parameters: {
      buildBudgetMs: sourced(500, 'ms', `${code}: target block time 550 ms less network 50 ms`),
      leaderTimeoutMs: sourced(1_200, 'ms', `${code}: wait-for-proposal`),
      certificationTimeoutMs: sourced(2_000, 'ms', `${code}: wait-for-notarizations`),
      nullifyRetryMs: sourced(10_000, 'ms', `${code}: wait-to-rebroadcast-nullify`),
      epochBlocks: sourced(21_600, 'blocks', `${code}: epochLength of both networks`),
      skipViews: sourced(32, 'views', `${code}: inactive-views-until-leader-skip`),
    },
  },
  validators: sourced(
    validators,
    'votes',
    'size and regions: the multi-region benchmark of tempoxyz/tempo; names as announced ' +
      '(Stripe, Visa, Zodia Custody, MoneyGram), the rest unnamed; who stands where is assumed',
  ),
  network: {
    latency: { kind: 'measured' },
    fifo: sourced(true, '', 'one TCP connection between two validators'),
    bandwidth: {
      upMbps: sourced(1_000, 'Mbit/s', 'docs.tempo.xyz, system requirements'),
      downMbps: sourced(1_000, 'Mbit/s', 'docs.tempo.xyz, system requirements'),
    },
  },
  service: {
    voteUs: sourced(
      230,
      'µs',
      'status-im/nim-blscurve, pull request 178: six BLS12-381 signatures of one message, a ' +
        'quorum of ten but for the own one, in a batch of 1.38 ms with blst',
    ),
    certificateUs: sourced(
      1_380,
      'µs',
      'status-im/nim-blscurve, pull request 178: a check of an aggregate with blst',
    ),
    paymentUs: assumed(0, 'µs', 'signers are recovered on other cores, on the way to the pool'),
    persistNsPerByte: assumed(0, 'ns/byte', 'execution.build.persistNsPerByte counts it'),
  },
  access: {
    nodes: rpcNodes,
    clientDelayMs,
    gossipDelayMs: assumed(
      { kind: 'lognormal', median: 80, sigma: 0.3 },
      'ms',
      'one or two hops to every validator; no source',
    ),
    typicalInterval: assumed('700ms', '', 'target of 550 ms and the hops of five regions'),
    typicalFinality: assumed('150ms', '', 'one more round of votes between five regions'),
  },
  block: {
    unitsLimit: sourced(500_000_000, 'gas', `${code}: block gas limit`),
    unitsPerPayment: sourced(50_000, 'gas', `${code}: TIP-20 transfer, the round figure`),
    bytesLimit: sourced(8_388_608, 'bytes', `${code}: largest block`),
    bytesPerPayment: sourced(251, 'bytes', 'Tempo benchmark: bytes per TIP-20 transfer'),
    unitsPerSecond: sourced(
      1_250_000_000,
      'gas/s',
      'Tempo benchmark, May 2026: builder execution 1.25 Ggas/s',
    ),
    otherTraffic: {
      unitsPerBlock: assumed(5_000_000, 'gas', "half of the base fee's target; no source"),
      laneLimit: sourced(30_000_000, 'gas', `${code}: cap of the general lane`),
      givesWay: sourced(false, '', 'TIP-1010: payments have what the general lane leaves'),
    },
  },
  mempool: {
    unitsLimit: sourced(50_000 * 50_000, 'gas', `${code}: 50,000 pending transactions`),
    minimumPrice: sourced(600_000_000, 'attodollar/gas', `${code}: floor of the base fee`),
  },
  execution: tempoExecution,
  baseFee: {
    kind: 'fork',
    start: sourced('floor', '', `${code}: the floor of 6e8, where an idle chain stands`),
  },
  usdPerNativeUnit: sourced(1e-18, 'USD per attodollar', 'by definition'),
  wallet: {
    strategy: 'base fee',
    headroom: assumed(20, 'times the base fee', 'from the floor to the cap; no source'),
    tip: sourced({ kind: 'constant', value: 0 }, 'attodollar/gas', 'docs.tempo.xyz: minimum 0'),
    budgetUsd,
  },
  watts: assumed(
    nodesWatts({ nodes: 10, wattsPerNode: energyFigures.bftNode.value, pue: 1.5 }),
    'W',
    'ten servers of 500 W and a PUE of 1.5; no source',
  ),
}
