import { energyFigures, nodesWatts } from '@counterpoise/economy'
import { assumed, budgetUsd, clientDelayMs, rpcNodes, sourced } from './notes.ts'

const code = 'diem/diem, commit 516b1d9'
const paper = 'Amsden and others, The Libra Blockchain, 2019'

/** Who signed the charter in Geneva; where their validators would have stood is assumed. */
const signatories = [
  ['anchorage', 'Anchorage', 'us-west-1'],
  ['andreessen-horowitz', 'Andreessen Horowitz', 'us-west-1'],
  ['bison-trails', 'Bison Trails', 'us-east-1'],
  ['breakthrough-initiatives', 'Breakthrough Initiatives', 'us-west-1'],
  ['calibra', 'Calibra', 'us-west-2'],
  ['coinbase', 'Coinbase', 'us-west-1'],
  ['creative-destruction-lab', 'Creative Destruction Lab', 'ca-central-1'],
  ['farfetch', 'Farfetch', 'eu-west-2'],
  ['iliad', 'Iliad', 'eu-west-3'],
  ['kiva', 'Kiva', 'us-west-1'],
  ['lyft', 'Lyft', 'us-west-2'],
  ['mercy-corps', 'Mercy Corps', 'us-west-2'],
  ['payu', 'PayU', 'eu-central-1'],
  ['ribbit-capital', 'Ribbit Capital', 'us-west-1'],
  ['spotify', 'Spotify', 'eu-north-1'],
  ['thrive-capital', 'Thrive Capital', 'us-east-1'],
  ['uber', 'Uber', 'us-west-1'],
  ['union-square-ventures', 'Union Square Ventures', 'us-east-1'],
  ['vodafone', 'Vodafone', 'eu-west-2'],
  ['womens-world-banking', "Women's World Banking", 'us-east-1'],
  ['xapo', 'Xapo', 'eu-west-2'],
].map(([name, operator, region]) => ({ name, operator, region, weight: 1 }))

/** Libra as it was planned in 2019: the association's 21 members, two-chain HotStuff. */
export const libraRail = {
  kind: 'chain',
  description: "Permissioned BFT of 2019's plan: 21 members of an association, DiemBFT v4",
  consensus: {
    kind: 'jolteon',
    parameters: {
      roundTimeoutMs: sourced(1_000, 'ms', `${code}: round_initial_timeout_ms`),
      timeoutGrowth: sourced(1.2, 'times', `${code}: each round since the last final block`),
      timeoutStepsMax: sourced(6, 'rounds', `${code}: after which the timeout stays`),
      leaders: sourced('reputation', '', `${code}: LeaderReputation, 99 to 1`),
      pacingMs: assumed(0, 'ms', 'a leader proposes as soon as it may, idle or not; no source'),
    },
  },
  validators: sourced(
    signatories,
    'votes',
    'diem.com, minutes of the inaugural meeting, 2019-10-14: names and one vote each; ' +
      'the regions are assumed',
  ),
  association: {
    investmentUsd: sourced(10_000_000, 'USD', 'Libra Association, 2019: Investment Tokens'),
    membersMax: sourced(100, 'members', 'Libra Association, 2019: the plan for the launch'),
    majority: {
      needs: sourced(2, 'thirds', 'diem.com, minutes of 2019-10-14: to admit or remove a member'),
      of: sourced(3, 'thirds', 'diem.com, minutes of 2019-10-14: to admit or remove a member'),
    },
  },
  network: {
    latency: { kind: 'measured' },
    fifo: sourced(true, '', 'one TCP connection between two validators'),
    bandwidth: {
      upMbps: assumed(
        1_000,
        'Mbit/s',
        'usual in data centres; members had to have 100 (TechCrunch, 2019-06-18), paper: 40',
      ),
    },
  },
  service: {
    voteUs: sourced(46, 'µs', 'ed25519-dalek 1.0, README: a signature verified at 3.3 GHz'),
    certificateUs: sourced(690, 'µs', 'ed25519-dalek 1.0, README: a quorum of 15 one by one'),
    paymentUs: sourced(46, 'µs', 'ed25519-dalek 1.0, README: a signature verified at 3.3 GHz'),
    persistNsPerByte: assumed(2, 'ns/byte', '500 MB/s to a local disk; no source'),
  },
  access: {
    nodes: rpcNodes,
    clientDelayMs,
    gossipDelayMs: assumed(
      { kind: 'lognormal', median: 130, sigma: 0.3 },
      'ms',
      'to the next leader, with batches of the pool every 50 ms; no source',
    ),
    typicalInterval: assumed('300ms', '', 'two hops between the regions, and some failed rounds'),
    typicalFinality: assumed('400ms', '', 'three more hops between the regions'),
  },
  block: {
    unitsLimit: sourced(1_000, 'transactions', `${code}: max_block_size`),
    unitsPerPayment: sourced(1, 'transaction', 'by definition'),
    bytesLimit: assumed(10_000_000, 'bytes', 'transactions end a block, not bytes; no source'),
    bytesPerPayment: assumed(500, 'bytes', 'a signed transfer; no source'),
    unitsPerSecond: assumed(
      4_000,
      'transactions/s',
      'four times the published load, which is no limit then; no source',
    ),
  },
  mempool: {
    unitsLimit: sourced(1_000_000, 'transactions', `${code}: capacity of the pool`),
  },
  baseFee: { kind: 'none' },
  usdPerNativeUnit: assumed(1e-6, 'USD', 'a Libra was to be about a dollar; fees in millionths'),
  wallet: {
    strategy: 'mempool depth',
    targetBlocks: assumed(3, 'blocks', 'nobody has to bid while there is room; no source'),
    tip: sourced({ kind: 'constant', value: 0 }, 'millionths', `${paper}: low in normal operation`),
    budgetUsd,
  },
  watts: assumed(
    nodesWatts({ nodes: 21, wattsPerNode: energyFigures.bftNode.value, pue: 1.5 }),
    'W',
    '21 servers of 500 W and a PUE of 1.5; no source',
  ),
}
