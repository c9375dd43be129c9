import { describe, expect, test } from 'vitest'
import { arrivalsOf } from '../offeredLoad.ts'
import { scenarioOf } from '../validate.ts'
import { presets } from './index.ts'

type Name = keyof typeof presets
/** The one rail of a preset as it is run: plain numbers, spans of time in µs. */
const railOf = (name: Name): Record<string, unknown> =>
  Object.values(scenarioOf(presets[name]).data.rails)[0] as unknown as Record<string, unknown>
const close = (value: number): number => expect.closeTo(value, 9) as unknown as number

const minutes = 60e6
const hours = 60 * minutes
const hour = 8_766

type Party = { weight: number; region: string; nodes: number }
const partiesOf = (name: Name): Party[] => railOf(name)['validators'] as Party[]

test('Bitcoin: constants of Bitcoin Core, sizes of P2WPKH, delays as measured', () => {
  expect(railOf('bitcoin')).toMatchObject({
    consensus: {
      kind: 'nakamoto',
      parameters: { targetIntervalMs: 600_000, relay: { mode: 'compact' } },
    },
    network: { topology: { kind: 'random', outgoing: 8 } },
    access: {
      // Transactions of 2014-11-17: half seen after 0.80 s.
      gossipDelayMs: { kind: 'lognormal', median: 800 },
      confirmations: 6,
      ...{ typicalInterval: 10 * minutes, typicalFinality: 5 * 10 * minutes },
    },
    block: {
      unitsLimit: 4_000_000 - 4_000,
      // 141 vB, and 222 bytes with the witness.
      ...{ unitsPerPayment: 4 * 141, bytesPerPayment: 222, bytesLimit: 4_000_000 },
      // Blocks without witnesses: four units a byte.
      unitsPerSecond: expect.closeTo((4 * 458_263) / 0.174, -4),
    },
    mempool: {
      // 0.1 sat/vB.
      ...{ minimumPrice: 0.1 / 4, expireAfter: 14 * 24 * hours, rules: 'clusters' },
    },
    baseFee: { kind: 'none' },
    // 138 TWh in a year.
    watts: expect.closeTo(138e12 / hour, -8),
  })
  // The 90 % quantile of these delays: 3.27 s, which is 1.2816 deviations from the median.
  const { gossipDelayMs } = railOf('bitcoin')['access'] as { gossipDelayMs: { sigma: number } }
  expect(gossipDelayMs.sigma).toBeCloseTo(Math.log(3.27 / 0.8) / 1.2816, 2)
})

test('Bitcoin: pools of November 2025, nodes by continent', () => {
  const pools = [0.3, 0.29, 0.12, 0.11, 0.08, 0.05, 0.03, 0.01, 0.01]
  for (const name of ['bitcoin', 'bitcoin-2025'] as const) {
    expect(partiesOf(name).map(({ weight }) => weight)).toEqual(pools)
  }
  const { nodes, regions } = railOf('bitcoin')['relays'] as { nodes: number; regions: Party[] }
  const in2 = (prefix: RegExp): number =>
    regions.filter(({ region }) => prefix.test(region)).reduce((sum, each) => sum + each.weight, 0)
  expect(nodes).toBe(40)
  const continents = [/^us/, /^eu/, /^sa/, /^ap-southeast-1/, /^ap-north/, /^ap-southeast-2/, /^af/]
  expect(continents.map(in2)).toEqual(
    [0.332, 0.544, 0.017, 0.067, 0.015, 0.02, 0.005].map(close),
  )
})

test('Ethereum: mainnet after Fusaka', () => {
  expect(railOf('ethereum')).toMatchObject({
    consensus: {
      parameters: {
        ...{ fork: 'fulu', validators: 899_000, slotMs: 12_000, proposerBoost: 0.4 },
        // 38.7 M ETH staked.
        balanceEther: expect.closeTo(38.7e6 / 899_000, 2),
      },
    },
    // 64 slots after the first slot of an epoch, 96 − s after slot s: 79.5 in the mean.
    access: { typicalInterval: 12e6, typicalFinality: expect.closeTo(79.5 * 12e6, -7) },
    block: {
      ...{ unitsLimit: 60_000_000, bytesLimit: 8 * 1_024 * 1_024, unitsPerPayment: 46_000 },
      transferUnits: { ether: 21_000, token: 46_109, token_to_new_holder: 63_209 },
      // 29.5 M gas in 78 ms.
      unitsPerSecond: expect.closeTo(29.5e6 / 0.078, -6.5),
      otherTraffic: { unitsPerBlock: 30_000_000, givesWay: true },
    },
    mempool: { unitsLimit: (5_120 + 1_024) * 46_000, expireAfter: 3 * hours, minimumPrice: 1 },
    baseFee: { kind: 'eip1559', gasTarget: 30_000_000, changeDenominator: 8, minimum: 0 },
    // 2,000 dollars for 10¹⁸ wei.
    usdPerNativeUnit: close(2_000 / 1e18),
    wallet: { strategy: 'base fee', headroom: 2 },
    watts: expect.closeTo(2_601e6 / hour, -3),
  })
  const shares = partiesOf('ethereum').map(({ weight }) => weight)
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4)
})

test('Tempo: what its code and its benchmark say besides its constants', () => {
  expect(railOf('tempo')).toMatchObject({
    consensus: { kind: 'simplex', parameters: { epochBlocks: 21_600 } },
    network: { fifo: true, bandwidth: { upMbps: 1_000, downMbps: 1_000 } },
    // Six signatures of a batch in 1.38 ms.
    service: { voteUs: 1_380 / 6, certificateUs: 1_380, paymentUs: 0, persistNsPerByte: 0 },
    block: {
      ...{ bytesLimit: 8 * 1_024 * 1_024, bytesPerPayment: 251, unitsPerSecond: 1.25e9 },
      otherTraffic: { laneLimit: 30_000_000, givesWay: false },
    },
    mempool: { unitsLimit: 50_000 * 50_000, minimumPrice: 6e8 },
    execution: {
      ...{ fork: 'T8', gasLimit: 300_000, holdings: 'all' },
      build: { budget: 500_000, multiplier: 1.35, gasPerSecond: 1.25e9 },
      nonces: { protocol: 30, key: 70, expiring: 0, keys: 100, validFor: 10e6 },
    },
    usdPerNativeUnit: 1e-18,
    // Ten servers of 500 W and what cools them.
    watts: 10 * 500 * 1.5,
  })
})

test('Visa: one of two sites, stand-in processing, what merchants and issuers get', () => {
  expect(railOf('visa')).toMatchObject({
    dataCentres: [{ messagesPerSecond: 65_000 }, { messagesPerSecond: 65_000 }],
    standIn: { timeOut: 10e6, switchOver: 0, approval: 1 },
    heartbeat: 1e6,
    declineRate: 0.03,
    // 2.35 %, and a cap of 1.25 %; 1.6 of 10,000.
    merchantDiscount: { basisPoints: 235, fixedUsd: 0 },
    interchange: { basisPoints: 125, fixedUsd: 0 },
    chargebackRate: 1.6e-4,
    // In UTC: ten in the evening and ten in the morning, five hours behind it.
    cutOff: ((22 + 5) % 24) * hours,
    settlement: (10 + 5) * hours,
    // 674,922 GJ in a year.
    watts: expect.closeTo(674_922e9 / (hour * 3_600), -5),
  })
  const delays = railOf('visa')['delaysMs'] as Record<string, { median: number; sigma: number }>
  const quantile = (name: string, deviations: number): number =>
    delays[name]!.median * Math.exp(deviations * delays[name]!.sigma)
  // Quantiles of 95 % and of 99 % in deviations.
  expect([delays['access']!.median, Math.round(quantile('access', 1.6449))]).toEqual([60, 200])
  expect([delays['network']!.median, Math.round(quantile('network', 2.3263))]).toEqual([30, 100])
  expect(delays['issuer']).toMatchObject({ median: 250, sigma: 0.7 })
})

test('Libra: the code of 2021 and the association of 2019', () => {
  expect(railOf('libra')).toMatchObject({
    consensus: {
      kind: 'jolteon',
      parameters: {
        ...{ roundTimeoutMs: 1_000, timeoutGrowth: 1.2, timeoutStepsMax: 6 },
        leaders: 'reputation',
      },
    },
    association: {
      investmentUsd: 10_000_000,
      ...{ membersMax: 100, majority: { needs: 2, of: 3 }, motions: [] },
    },
    // A quorum of 15 among 21, one signature after the other.
    service: { voteUs: 46, certificateUs: 15 * 46, paymentUs: 46 },
    block: { unitsLimit: 1_000, unitsPerPayment: 1 },
    mempool: { unitsLimit: 1_000_000 },
    watts: 21 * 500 * 1.5,
  })
  expect(partiesOf('libra')).toHaveLength(21)
})

describe('chains of proof of work', () => {
  const parametersOf = (name: Name): object =>
    (railOf(name)['consensus'] as { parameters: object }).parameters

  test('default: the miners of 2016 where they stood', () => {
    const [ap, na, eu] = ['asia-pacific', 'north-america', 'europe']
    const miners = [
      [0.289, ap], [0.196, ap], [0.159, ap], [0.133, na], [0.066, ap], [0.054, na],
      [0.029, eu], [0.016, eu], [0.012, na], [0.012, na], [0.012, na], [0.009, eu],
      ...[0.005, 0.005, 0.002, 0.002].map((share) => [share, na]),
    ]
    for (const name of ['bitcoin-2012', 'bitcoin-2015', 'bitcoin-2019'] as const) {
      expect(partiesOf(name).map(({ weight, region }) => [weight, region])).toEqual(miners)
    }
  })

  test.each<[Name, object]>([
    ['bitcoin-2015', { blockBytes: 535_000, relay: { mode: 'inv', transfer: 'pipelined' } }],
    ['simblock-600', { blockBytes: 535_000, relay: { mode: 'compact', transfer: 'stopAndWait' } }],
    ['litecoin', { targetIntervalMs: 150_000, retarget: 'bitcoin', retargetInterval: 2_016 }],
    ['litecoin', { subsidy: { initial: (50 / 8) * 1e8, halvingBlocks: 840_000 } }],
    ['dogecoin', { targetIntervalMs: 60_000, retarget: 'digishield' }],
    ['dogecoin', { subsidy: { initial: 10_000 * 1e8 }, relay: { mode: 'inv' } }],
    ['ethereum-pow', { targetIntervalMs: 13_300, unclesMax: 2, futureLimitMs: 15_000 }],
    ['ethereum-pow', { subsidy: { initial: 2e9, uncles: true }, retarget: 'byzantium' }],
    [
      'ethereum-pow',
      { relay: { mode: 'push', pushBy: 'squareRoot', askAfterMs: 500, bodyAfterMs: 100 } },
    ],
  ])('default: %s has %j', (name, parameters) => {
    expect(parametersOf(name)).toMatchObject(parameters)
  })

  test('default: a check takes 0.174 s for 458,263 bytes', () => {
    for (const name of ['bitcoin-2015', 'bitcoin-2019'] as const) {
      const { relay } = parametersOf(name) as { relay: { checkMsPerMegabyte: number } }
      expect(relay.checkMsPerMegabyte).toBeCloseTo(174 / 0.458_263, -0.5)
    }
  })

  test('default: as many nodes as their sources count, miners and the observer included', () => {
    const counts = (['bitcoin-2015', 'bitcoin-2019'] as const).map((name) => {
      const { nodes } = railOf(name)['relays'] as { nodes: number }
      return nodes + partiesOf(name).length + 1
    })
    expect(counts).toEqual([6_000, 7_983])
    expect(['simblock-600', 'simblock-9000'].map((name) => railOf(name as Name))).toMatchObject([
      ...[{ validators: 600 }, { validators: 9_000 }],
    ])
  })

  test('default: miners have 700 to 800 connections and 100 Mbit/s', () => {
    for (const name of ['bitcoin-2015', 'bitcoin-2019', 'bitcoin-2025'] as const) {
      const producers = { links: [700, 800], upMbps: 100, downMbps: 100 }
      expect(railOf(name)['network']).toMatchObject({ producers })
    }
  })

  test("default: SimBlock's compact blocks", () => {
    expect(parametersOf('simblock-9000')).toMatchObject({
      targetIntervalMs: 600_000,
      relay: {
        ...{ wordMs: 10, sendMs: 2, checkMs: 0 },
        compact: {
          ...{ usage: 0.964, unreliableShare: 0.976, bytes: 18_000 },
          ...{ reconstruction: close(1 - 0.13), unreliableReconstruction: close(1 - 0.27) },
        },
      },
    })
  })

  test('default: Ethereum in 2022', () => {
    expect(railOf('ethereum-pow')).toMatchObject({
      block: { unitsLimit: 30_000_000, unitsPerPayment: 46_000 },
      baseFee: { kind: 'eip1559', gasTarget: 15_000_000, changeDenominator: 8 },
      access: { confirmations: 20, typicalInterval: 13.3e6, typicalFinality: 266e6 },
      watts: expect.closeTo(23e12 / hour, -7),
    })
  })
})

test('the hybrid: payments of 63.7 dollars, the token sale at a quarter of its rate', () => {
  const { workload, faults, router } = scenarioOf(presets.hybrid).data
  expect(workload).toMatchObject({
    ...{ for: 4 * hours, amount: { kind: 'lognormal', meanUsd: 63.7, sigma: 1.2 } },
    accounts: { count: 10_000, payerExponent: 0.5, payeeExponent: 1.05 },
    patience: [{ for: 2 * hours }],
  })
  // 3,500 a second at the peak of the sale.
  const rates = workload.arrivals.map(arrivalsOf)
  const rateAt = (time: number): number =>
    rates.reduce((sum, arrivals) => sum + arrivals.meanRate(time), 0)
  expect([rateAt(minutes), rateAt(150 * minutes + 400e6)]).toEqual([5, 5 + 875])
  expect(faults).toMatchObject([
    { what: 'outage', at: 75 * minutes, for: 45 * minutes, where: { region: 'us-east-1' } },
  ])
  expect(router.deadlineFor).toBe('inclusion')
})
