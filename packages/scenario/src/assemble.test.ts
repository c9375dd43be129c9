import { createSimulation } from '@counterpoise/engine'
import { createBook, createPayments } from '@counterpoise/ledger'
import { relaySchedules } from '@counterpoise/rails'
import { describe, expect, test } from 'vitest'
import { cardOptionsOf, chainOptionsOf } from './assemble.ts'
import type { CardConfig, ChainConfig } from './schema/rails.ts'
import { broken, type Draft } from './testing.ts'
import { scenarioOf } from './validate.ts'

type Name = 'bitcoin' | 'ethereum' | 'tempo' | 'libra' | 'visa'

/** The one rail of a preset with changes, and all that it is assembled from. */
function given(name: Name, recipe: (rail: Draft, draft: Draft) => void) {
  const { data } = scenarioOf(broken(name, (draft) => recipe(draft.rails[name], draft)))
  const options = {
    ...{ data, payments: createPayments(), simulation: createSimulation({ seed: 'assembly' }) },
  }
  const identity = { name, number: 3, book: createBook({ accounts: 2, opening: 1 }) }
  return { options, identity, config: data.rails[name]! }
}

function chainOf(name: Name, recipe: (rail: Draft, draft: Draft) => void = () => {}) {
  const { options, identity, config } = given(name, recipe)
  return chainOptionsOf(options, identity, config as ChainConfig)
}

const constant = (value: number) => ({ kind: 'constant', value })

test('a card network: each of its figures in its place, in the unit of its rail', () => {
  const place = { region: 'us-east-1', operator: 'one' }
  const { options, identity, config } = given('visa', (rail, draft) => {
    draft.startsAt = '2026-11-17T14:00:00Z'
    draft.workload.accounts.count = 77
    rail.dataCentres = [
      { name: 'a', ...place, messagesPerSecond: 11 },
      { name: 'b', ...place, messagesPerSecond: 12 },
    ]
    rail.acquirers = [{ name: 'c', ...place, share: 0.25, home: 1 }, { name: 'd', ...place }]
    rail.issuers = [{ name: 'e', ...place, share: 4 }]
    rail.delaysMs = { access: constant(1), network: constant(2), issuer: constant(3) }
    rail.standIn = { timeOut: '4s', switchOver: '5s', floorLimitUsd: 6.5, approval: 0.7 }
    Object.assign(rail, { clientTimeOut: '8s', heartbeat: '9s', declineRate: 0.1 })
    rail.merchantDiscount = { basisPoints: 110, fixedUsd: 0.12 }
    rail.interchange = { basisPoints: 130, fixedUsd: 0.14 }
    Object.assign(rail, { chargebackRate: 0.15, cutOff: '16h', settlement: '17h', watts: 18 })
  })
  const { payments, book, ...rest } = cardOptionsOf(options, identity, config as CardConfig)
  expect([payments, book]).toEqual([options.payments, identity.book])
  const at = { attributes: place }
  expect(rest).toEqual({
    ...{ name: 'visa', number: 3, accounts: 77, watts: 18 },
    startsAt: Date.UTC(2026, 10, 17, 14) * 1_000,
    dataCentres: [{ name: 'a', ...at, capacity: 11 }, { name: 'b', ...at, capacity: 12 }],
    acquirers: [{ name: 'c', ...at, share: 0.25, home: 1 }, { name: 'd', ...at }],
    issuers: [{ name: 'e', ...at, share: 4 }],
    parameters: {
      delaysMs: { access: constant(1), network: constant(2), issuer: constant(3) },
      // µs, and millionths of a dollar.
      standIn: { timeOut: 4e6, switchOver: 5e6, floorLimit: 6_500_000, approval: 0.7 },
      ...{ clientTimeOut: 8e6, heartbeat: 9e6, declineRate: 0.1, chargebackRate: 0.15 },
      merchantDiscount: { basisPoints: 110, fixed: 120_000 },
      interchange: { basisPoints: 130, fixed: 140_000 },
      ...{ cutOff: 16 * 3_600e6, settlement: 17 * 3_600e6 },
    },
  })
})

describe('a chain', () => {
  test('default: access, blocks, pool and prices, in the units of its rail', () => {
    const { access, rules, watts } = chainOf('ethereum', (rail) => {
      rail.access = {
        ...{ nodes: rail.access.nodes, clientDelayMs: constant(1), gossipDelayMs: constant(2) },
        ...{ confirmations: 7, typicalInterval: '40s', typicalFinality: '5s' },
      }
      Object.assign(rail.block, { unitsLimit: 60_000, unitsPerPayment: 700, bytesLimit: 8_000 })
      Object.assign(rail.block, { bytesPerPayment: 90, unitsPerSecond: 10_000 })
      rail.block.transferUnits = { ether: 11 }
      rail.block.otherTraffic = {
        ...{ unitsPerBlock: 12, laneLimit: 13, givesWay: false, priceLimit: 14 },
      }
      rail.mempool = { unitsLimit: 15_000, expireAfter: '16s', minimumPrice: 17 }
      rail.baseFee = { kind: 'eip1559', initial: 18, gasTarget: 19, minimum: 1, maximum: 99 }
      rail.baseFee.changeDenominator = 20
      Object.assign(rail, { usdPerNativeUnit: 2.1e-9, watts: 22 })
    })
    expect(watts).toBe(22)
    expect(access).toEqual({
      ...{ clientDelayMs: constant(1), gossipDelayMs: constant(2), confirmations: 7 },
      // What is typical is longer than a slot.
      ...{ typicalInterval: 40e6, typicalFinality: 5e6 },
    })
    expect(rules).toEqual({
      ...{ unitsLimit: 60_000, unitsPerPayment: 700, bytesLimit: 8_000, bytesPerPayment: 90 },
      ...{ unitsPerSecond: 10_000, transferUnits: { ether: 11 } },
      otherTraffic: { unitsPerBlock: 12, laneLimit: 13, givesWay: false, priceLimit: 14 },
      ...{ mempoolUnits: 15_000, mempoolExpiry: 16e6, minimumPrice: 17 },
      baseFee: { initial: 18, gasTarget: 19, changeDenominator: 20, minimum: 1, maximum: 99 },
      // Millionths of a dollar.
      microUsdPerUnit: expect.closeTo(2.1e-3, 12),
    })
  })

  test('default: blocks come no faster than the slots or the target of its consensus', () => {
    const typical = (rail: Draft): void => {
      rail.access.typicalInterval = '1s'
    }
    expect(chainOf('ethereum', typical).access.typicalInterval).toBe(12e6)
    expect(chainOf('bitcoin', typical).access.typicalInterval).toBe(600e6)
    expect(chainOf('tempo', typical).access.typicalInterval).toBe(1e6)
  })

  test('default: the work of a node, µs', () => {
    const { service } = chainOf('libra', (rail) => {
      rail.service = { voteUs: 1, certificateUs: 2, paymentUs: 3, persistNsPerByte: 4 }
    })
    expect(service).toEqual({ vote: 1, certificate: 2, payment: 3, persistedByte: 0.004 })
  })

  test("default: Bitcoin's rules, rates in satoshi per thousand virtual bytes", () => {
    const { bitcoin } = chainOf('bitcoin', (rail) => {
      rail.mempool = {
        ...{ rules: 'ancestors', fidelity: 'per-node', unitsLimit: 5_000_000, expireAfter: '6h' },
        // 0.1 sat and 0.4 sat per virtual byte, of four units.
        ...{ minimumPrice: 0.025, incrementalPrice: 0.1 },
      }
    }).rules
    expect(bitcoin).toMatchObject({
      relay: relaySchedules.v21,
      policy: {
        ...{ rules: 'ancestors', relayRate: 100, incrementalRate: 400, expiry: 6 * 3_600e6 },
        // So many units of weight are what the pool holds.
        ...{ capacityBytes: 5_000_000, bytesPerTransaction: 0, bytesPerWeightUnit: 1 },
      },
    })
    const plain = chainOf('bitcoin', ({ mempool }) => {
      mempool.minimumPrice = 0.25
      delete mempool.expireAfter
    }).rules.bitcoin!
    expect(plain.relay).toBeUndefined()
    // Two weeks, as by Bitcoin Core itself.
    const { relayRate, incrementalRate, expiry } = plain.policy
    expect([relayRate, incrementalRate, expiry]).toEqual([1_000, 1_000, 14 * 24 * 3_600e6])
    expect(chainOf('ethereum').rules.bitcoin).toBeUndefined()
  })

  test('default: validators, access nodes and relays, each as what they are', () => {
    const { validators, accessNodes, relays } = chainOf('bitcoin', (rail) => {
      rail.relays.nodes = 4
      // The middles of the fourths of 8 are 1, 3, 5 and 7.
      rail.relays.regions = [
        { region: 'us-east-1', weight: 1.5 },
        { region: 'eu-west-1', weight: 3 },
        { region: 'sa-east-1', weight: 3.5 },
      ]
    })
    const [first] = validators
    expect([validators.length, first!.name, first!.weight]).toEqual([9, 'antpool', 0.3])
    expect(accessNodes.map(({ name }) => name)).toEqual([
      ...['wallets-us', 'wallets-us-west', 'wallets-eu', 'wallets-eu-north', 'wallets-asia'],
    ])
    expect(relays!.map(({ attributes }) => attributes.region)).toEqual([
      ...['us-east-1', 'eu-west-1', 'sa-east-1', 'sa-east-1'],
    ])
  })

  test('default: so many equal miners stand where the table of six regions has nodes', () => {
    const { validators } = chainOf('bitcoin', (rail) => {
      rail.validators = 4
      rail.network.latency = { kind: 'sixRegions', year: '2019' }
    })
    // 33.16 % in North America, 49.98 % in Europe, 0.9 % in South America, 11.77 % in Asia.
    expect(validators.map(({ attributes }) => attributes.region)).toEqual([
      ...['north-america', 'europe', 'europe', 'asia-pacific'],
    ])
    expect(new Set(validators.map(({ weight }) => weight))).toEqual(new Set([1]))
  })

  test('behavior: at miner level nothing but the delay lies between nodes', () => {
    const { network, rules, relays } = chainOf('bitcoin', (rail) => {
      Object.assign(rail.consensus.parameters, { fidelity: 'miner', delayMs: 250 })
      rail.network.relayDelayMs = 500
      rail.network.bandwidth = { upMbps: 1, downMbps: 1 }
    })
    expect([relays, rules.unitsPerSecond]).toEqual([[], 0])
    const { bandwidth, broadcast, latency, relayDelay, topology } = network
    expect([bandwidth, broadcast, relayDelay, topology]).toEqual(Array(4).fill(undefined))
    expect(latency.typical(0, 1)).toBe(250_000)
  })
})
