import { expect, test } from 'vitest'
import { scenarioOf } from '../validate.ts'
import { presets } from './index.ts'

type Name = keyof typeof presets

/** What a preset assumes, by where it stands there; lists are compared elsewhere. */
const assumedBy = (name: Name): Map<string, unknown> =>
  new Map(
    scenarioOf(presets[name])
      .sources.filter(({ assumed, value }) => assumed && !/^\d+ entr/.test(String(value)))
      .map(({ path, value }) => [path.replace(/^rails\.[\w-]+\./, `${name}: `), value]),
  )

/** The same without what other presets assume as well. */
function own(name: Name, others: readonly Name[]): string[] {
  const known = others.map(assumedBy)
  return [...assumedBy(name)]
    .filter(([path, value]) => {
      const place = path.replace(`${name}: `, '')
      return known.every((map, k) => map.get(`${others[k]}: ${place}`) !== value)
    })
    .map(([path, value]) => `${path} = ${String(value)}`)
}

// No document says what these are, so that no other test would notice: change them here, too.
test('what the rails of the hybrid assume, and its payers', () => {
  const rails = scenarioOf(presets.hybrid).sources.filter(({ assumed }) => assumed)
  const lines = rails.map(({ path, value }) => `${path} = ${String(value)}`)
  expect(lines.filter((line) => !/\d+ entr(y|ies)$/.test(line))).toMatchInlineSnapshot(`
    [
      "rails.bitcoin.relays.nodes = 40",
      "rails.bitcoin.network.relayDelayMs = 2",
      "rails.bitcoin.access.clientDelayMs = uniform, low 10, high 40",
      "rails.bitcoin.mempool.unitsLimit = 320000000",
      "rails.bitcoin.usdPerNativeUnit = 0.00075",
      "rails.bitcoin.wallet.targetBlocks = 3",
      "rails.bitcoin.wallet.tip = lognormal, median 1.1, sigma 0.25",
      "rails.bitcoin.wallet.budgetUsd = median 2, sigma 1",
      "rails.ethereum.relays.nodes = 300",
      "rails.ethereum.access.clientDelayMs = uniform, low 10, high 40",
      "rails.ethereum.access.gossipDelayMs = lognormal, median 300, sigma 0.5",
      "rails.ethereum.block.bytesPerPayment = 180",
      "rails.ethereum.block.otherTraffic.givesWay = true",
      "rails.ethereum.block.otherTraffic.priceLimit = 100000000",
      "rails.ethereum.wallet.tip = lognormal, median 20000000, sigma 1",
      "rails.ethereum.wallet.budgetUsd = median 2, sigma 1",
      "rails.tempo.service.paymentUs = 0",
      "rails.tempo.service.persistNsPerByte = 0",
      "rails.tempo.access.clientDelayMs = uniform, low 10, high 40",
      "rails.tempo.access.gossipDelayMs = lognormal, median 80, sigma 0.3",
      "rails.tempo.access.typicalInterval = 700ms",
      "rails.tempo.access.typicalFinality = 150ms",
      "rails.tempo.block.otherTraffic.unitsPerBlock = 5000000",
      "rails.tempo.execution.build.persistNsPerByte = 2",
      "rails.tempo.execution.rebalancing.aboveUsd = 10",
      "rails.tempo.execution.rebalancing.gas = 150000",
      "rails.tempo.execution.shares.virtualAddress = 0",
      "rails.tempo.execution.shares.keychain = 0",
      "rails.tempo.execution.shares.p256 = 0",
      "rails.tempo.execution.shares.general = 0",
      "rails.tempo.execution.shares.sponsored = 0",
      "rails.tempo.wallet.headroom = 20",
      "rails.tempo.wallet.budgetUsd = median 2, sigma 1",
      "rails.tempo.watts = 7500",
      "rails.visa.delaysMs.access = lognormal, median 60, sigma 0.732",
      "rails.visa.delaysMs.network = lognormal, median 30, sigma 0.5175",
      "rails.visa.delaysMs.issuer = lognormal, median 250, sigma 0.7",
      "rails.visa.standIn.floorLimitUsd = 150",
      "rails.visa.standIn.approval = 1",
      "rails.visa.clientTimeOut = 30s",
      "rails.visa.heartbeat = 1s",
      "rails.visa.declineRate = 0.03",
      "rails.visa.merchantDiscount = basisPoints 235",
      "rails.visa.cutOff = 3h",
      "rails.visa.settlement = 15h",
      "workload.arrivals[0].ratePerSecond = 5",
      "workload.amount.sigma = 1.2",
      "workload.accounts.count = 10000",
      "workload.accounts.openingUsd = 800000",
      "workload.accounts.payerExponent = 0.5",
      "workload.accounts.payeeExponent = 1.05",
    ]
  `)
})

test('what Libra assumes', () => {
  expect(own('libra', ['bitcoin'])).toMatchInlineSnapshot(`
    [
      "libra: consensus.parameters.pacingMs = 0",
      "libra: network.bandwidth.upMbps = 1000",
      "libra: service.persistNsPerByte = 2",
      "libra: access.gossipDelayMs = lognormal, median 130, sigma 0.3",
      "libra: access.typicalInterval = 300ms",
      "libra: access.typicalFinality = 400ms",
      "libra: block.bytesLimit = 10000000",
      "libra: block.bytesPerPayment = 500",
      "libra: block.unitsPerSecond = 4000",
      "libra: usdPerNativeUnit = 0.000001",
      "libra: watts = 15750",
      "workload.amount.sigma = 1.2",
      "workload.accounts.count = 10000",
      "workload.accounts.openingUsd = 800000",
      "workload.accounts.payerExponent = 0.5",
      "workload.accounts.payeeExponent = 1.05",
    ]
  `)
})

test('what chains of proof of work assume besides Bitcoin of today', () => {
  const names = [
    ...(['bitcoin-2012', 'bitcoin-2015', 'bitcoin-2019', 'bitcoin-2025'] as const),
    ...(['simblock-600', 'litecoin', 'dogecoin', 'ethereum-pow'] as const),
  ]
  const found = names.flatMap((name) => own(name, ['bitcoin']))
  expect(found.filter((line) => !line.startsWith('workload'))).toMatchInlineSnapshot(`
    [
      "bitcoin-2012: consensus.parameters.blockBytes = exponential, mean 90000",
      "bitcoin-2012: consensus.parameters.relay.checkMsPerMegabyte = 4000",
      "bitcoin-2012: relays.nodes = 3500",
      "bitcoin-2012: network.observers.upMbps = 100",
      "bitcoin-2012: network.observers.downMbps = 100",
      "bitcoin-2015: network.observers.upMbps = 100",
      "bitcoin-2015: network.observers.downMbps = 100",
      "bitcoin-2019: consensus.parameters.blockBytes = 1000000",
      "bitcoin-2025: consensus.parameters.blockBytes = 1600000",
      "bitcoin-2025: consensus.parameters.relay.checkMsPerMegabyte = 100",
      "bitcoin-2025: relays.nodes = 7990",
      "simblock-600: consensus.parameters.relay.checkMs = 0",
      "simblock-600: consensus.parameters.relay.compact.highBandwidthPeers = 0",
      "simblock-600: network.topology.blockRelayOnly = 0",
      "litecoin: consensus.parameters.blockBytes = 30000",
      "litecoin: relays.nodes = 790",
      "dogecoin: consensus.parameters.subsidy.halvingBlocks = 1000000000",
      "dogecoin: consensus.parameters.blockBytes = 20000",
      "dogecoin: relays.nodes = 590",
      "ethereum-pow: consensus.parameters.subsidy.halvingBlocks = 1000000000",
      "ethereum-pow: consensus.parameters.blockBytes = 60000",
      "ethereum-pow: consensus.parameters.relay.checkMs = 200",
      "ethereum-pow: relays.nodes = 583",
      "ethereum-pow: network.topology.outgoing = 12",
      "ethereum-pow: access.gossipDelayMs = lognormal, median 300, sigma 0.5",
      "ethereum-pow: access.confirmations = 20",
      "ethereum-pow: access.typicalFinality = 266s",
      "ethereum-pow: block.bytesLimit = 1000000",
      "ethereum-pow: block.bytesPerPayment = 180",
      "ethereum-pow: block.otherTraffic.givesWay = true",
      "ethereum-pow: block.otherTraffic.priceLimit = 20000000000",
      "ethereum-pow: baseFee.initial = 15000000000",
      "ethereum-pow: usdPerNativeUnit = 1.5e-15",
      "ethereum-pow: wallet.tip = lognormal, median 1500000000, sigma 0.5",
      "ethereum-pow: wallet.budgetUsd = median 6, sigma 1",
    ]
  `)
})

test('liquidity of the Fee AMM, and how long payers wait', () => {
  const { rails, workload } = scenarioOf(presets.tempo).data
  const tempo = Object.values(rails)[0] as unknown as { execution: { pools: object[] } }
  expect(tempo.execution.pools).toEqual(
    ['AlphaUSD', 'BetaUSD', 'ThetaUSD'].map((from) => ({
      ...{ from, to: 'pathUSD', liquidityUsd: 10_000 },
    })),
  )
  expect(workload.patience).toMatchObject([{ for: 2 * 60 * 60e6 }])
})

/** By the numbers of their validators, the regions in which a preset has them. */
function regionsOf(name: Name): Record<string, number> {
  const [rail] = Object.values(scenarioOf(presets[name]).data.rails)
  const { validators } = rail as unknown as { validators: { region: string }[] }
  const counts: Record<string, number> = {}
  for (const { region } of validators) counts[region] = (counts[region] ?? 0) + 1
  return counts
}

test('where validators stand: two of Tempo in each of five regions', () => {
  const five = ['us-east-1', 'us-west-2', 'eu-central-1', 'ap-southeast-1', 'ap-northeast-1']
  expect(regionsOf('tempo')).toEqual(Object.fromEntries(five.map((region) => [region, 2])))
  expect(regionsOf('libra')).toEqual({
    ...{ 'us-west-1': 7, 'us-west-2': 3, 'us-east-1': 4, 'ca-central-1': 1 },
    ...{ 'eu-west-2': 3, 'eu-west-3': 1, 'eu-central-1': 1, 'eu-north-1': 1 },
  })
})

type Work = {
  validators: { weight: number }[]
  consensus: { parameters: { relay: { compact: { missingShare: number[][] } } } }
  network: { observers: { links: number[] } }
  baseFee: { initial: number }
}
const railOf = (name: Name): Work =>
  Object.values(scenarioOf(presets[name]).data.rails)[0] as unknown as Work

test('what is read off a source and not computed from it', () => {
  // TH/s of Ethereum's pools of 2022.
  expect(railOf('ethereum-pow').validators.map(({ weight }) => weight)).toEqual([
    ...[1_051, 285, 144, 114, 69, 55, 34, 30, 28, 27, 25, 22, 22, 21, 20, 16],
  ])
  // Which part of a block nodes lack that come and go, at eleven levels: it only grows.
  const { missingShare } = railOf('simblock-600').consensus.parameters.relay.compact
  expect(missingShare).toEqual([
    ...[[0, 0.01], [0.57, 0.01], [0.64, 0.02], [0.68, 0.03], [0.71, 0.04], [0.73, 0.05]],
    ...[[0.78, 0.075], [0.82, 0.1], [0.9, 0.22], [0.95, 0.5], [1, 0.96]],
  ])
  // DEFAULT_MAX_PEER_CONNECTIONS of Bitcoin Core.
  expect(railOf('bitcoin-2015').network.observers.links).toEqual([125, 125])
  // Commonly 0.045 to 0.5 gwei.
  expect(railOf('ethereum').baseFee.initial).toBe(0.1e9)
})
