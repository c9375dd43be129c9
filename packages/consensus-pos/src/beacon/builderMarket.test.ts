import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createSimulation, createStream, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createBeaconNetwork } from './beaconNetwork.ts'
import type { BeaconNode } from './beaconOptions.ts'
import {
  type BlockMarket,
  drawSource,
  historicMarket,
  mainnetMarket,
  marketCensors,
} from './builderMarket.ts'
import { allMembersCensor } from './censorship.ts'
import { censoringMonths, censoringSharesIn } from './censoringShares.ts'
import { paymentDelays } from './outcomes.ts'

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!

/** All builders but a share censor; every block is relayed. */
const marketOf = (share: number): BlockMarket => ({
  ...mainnetMarket,
  relayedShare: 1,
  builders: [
    { name: 'censoring', share, censors: true },
    { name: 'open', share: 1 - share, censors: false },
  ],
})

function run(slots: number, market: BlockMarket, change: object = {}) {
  const { nodes, ...more } = { nodes: nodesOf(30), ...change }
  const simulation = createSimulation({ seed: 'market' })
  const network = createBeaconNetwork(simulation, { nodes, market, proposerReorg: false, ...more })
  simulation.run({ until: slots * seconds(12) })
  return { simulation, network }
}

const nodesOf = (count: number, censors = 0): BeaconNode[] =>
  Array.from({ length: count }, (_, node) => ({
    ...{ entity: `entity ${node}`, validators: 100, missedSlotProbability: 0 },
    // Hardly any block comes before the payments that are offered at its slot's beginning.
    ...{ proposalMedianMs: 1_400, proposalSigma: 0.2 },
    censors: node < censors,
  }))

test('each builder and relay wins with its share, 92.7 % of the blocks are relayed', () => {
  const stream = createStream({ seed: 'auction', replication: 0, purpose: 'bids' })
  const draws = 40_000
  const won = new Map<string, number>()
  let relayed = 0
  for (let slot = 0; slot < draws; slot++) {
    const { builder, relay } = drawSource(mainnetMarket, stream)
    if (builder !== '') relayed++
    for (const name of [`by ${builder}`, `over ${relay}`]) won.set(name, (won.get(name) ?? 0) + 1)
  }
  const within = (count: number, of: number, share: number): void => {
    expect(Math.abs(count / of - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / of))
  }
  within(relayed, draws, 0.927)
  for (const { name, share } of mainnetMarket.builders) {
    within(won.get(`by ${name}`) ?? 0, relayed, share)
  }
  for (const { name, share } of mainnetMarket.relays) {
    within(won.get(`over ${name}`) ?? 0, relayed, share)
  }
})

const folder = new URL('../../../../../shared/data/eth-relay-builder-censorship/', import.meta.url)
const daily = fileURLToPath(new URL('censoring_share_daily.csv', folder))

test.skipIf(!existsSync(daily))('monthly shares are the means of the daily ones', () => {
  const sums = new Map<string, number[]>()
  for (const line of readFileSync(daily, 'utf8').trim().split('\n').slice(1)) {
    const [date, ...shares] = line.split(',')
    const month = date!.slice(0, 7)
    const sum = sums.get(month) ?? [0, 0, 0, 0]
    sums.set(month, [sum[0]! + 1, ...shares.map((share, k) => sum[k + 1]! + Number(share))])
  }
  expect([...sums.keys()]).toEqual(censoringMonths)
  for (const [month, [days, ...totals]] of sums) {
    const { builders, relays, proposers } = censoringSharesIn(month)!
    totals.forEach((total, k) => {
      expect(Math.abs(total / days! / 100 - [builders, relays, proposers][k]!)).toBeLessThan(6e-4)
    })
  }
})

describe('inclusion under censorship', () => {
  test.each([0.27, 0.46, 0.79])('%d of the builders censor: 1 / (1 − c) slots', (share) => {
    const { simulation, network } = run(3_000, marketOf(share))
    const delays = paymentDelays(simulation, network, { every: seconds(12), sanctioned: true })
    // Payments wait for the same blocks: as many independent waits as open blocks.
    const error = Math.sqrt(share) / (1 - share) / Math.sqrt(3_000 * (1 - share))
    expect(Math.abs(meanOf(delays.inclusionSlots) - 1 / (1 - share))).toBeLessThan(4 * error)
    const free = paymentDelays(simulation, network, { every: seconds(12) })
    expect(Math.max(...free.inclusionSlots)).toBe(1)
    expect(meanOf(delays.inclusionSeconds)).toBeGreaterThan(meanOf(free.inclusionSeconds))
  })

  test('a month’s builders and relays together: 1 − (1 − b)(1 − r) of what is relayed', () => {
    const market = historicMarket('2023-11')
    // 72.6 % and 31.3 % of all blocks; the rest is built locally, 7.5 % of it censored.
    const relayed = 1 - (1 - 0.726 / 0.927) * (1 - 0.313 / 0.927)
    expect(marketCensors(market)).toBeCloseTo(0.927 * relayed + 0.073 * 0.075, 10)
    const { network } = run(3_000, market)
    const blocks = network.chain.blocks.slice(1)
    const censored = blocks.filter(({ source }) => source!.censors).length / blocks.length
    expect(Math.abs(censored - marketCensors(market))).toBeLessThan(0.03)
  })

  test('shares change where the market does', () => {
    const [strict, open] = [marketOf(1), marketOf(0)]
    const market = (slot: number) => (slot < 100 ? strict : open)
    const { network } = run(200, strict, { market })
    for (const { slot, source } of network.chain.blocks.slice(1)) {
      expect(source!.censors).toBe(slot - network.firstSlot < 100)
    }
  })

  test.each([0, 15, 27])('Heze: %d of 30 nodes censor, no builder is open', (censors) => {
    const nodes = nodesOf(30, censors)
    const { simulation, network } = run(1_200, marketOf(1), { nodes, fork: 'heze' })
    const { inclusionSlots } = paymentDelays(simulation, network, {
      ...{ every: seconds(12), sanctioned: true },
    })
    const quiet = censors === 0 ? 0 : allMembersCensor(censors / 30)
    // The first block leaves it out; from then on each slot's committee misses it with `quiet`.
    const error = Math.sqrt(quiet) / (1 - quiet) / Math.sqrt(1_200 * (1 - quiet))
    const found = meanOf(inclusionSlots)
    expect(Math.abs(found - (1 + 1 / (1 - quiet)))).toBeLessThan(4 * error + 1e-3)
  })

  test('behavior: without lists nothing goes in where all censor', () => {
    const { simulation, network } = run(60, marketOf(1))
    const delays = paymentDelays(simulation, network, { every: seconds(12), sanctioned: true })
    expect(delays.notIncluded).toBe(delays.offered)
  })
})

test('blocks from relays are published 169 ms later, and lack what came in the meantime', () => {
  const half = { ...marketOf(0), relayedShare: 0.5 }
  const { network } = run(3_000, half)
  const { blocks } = network.chain
  const offset = ({ time, slot }: (typeof blocks)[number]): number =>
    (time - (slot - network.firstSlot) * seconds(12)) / 1_000
  const byKind = [true, false].map((isLocal) =>
    medianOf(
      blocks.slice(1).flatMap((block) => {
        return (block.source!.builder === '') === isLocal ? [offset(block)] : []
      }),
    ),
  )
  // Medians of 1,500 draws each, sigma 0.2 about 1.4 s: an error of 13 ms for their difference.
  expect(Math.abs(byKind[1]! - byKind[0]! - 175)).toBeLessThan(52)
  for (const { source } of blocks.slice(1)) expect(source!.leg > 0).toBe(source!.builder !== '')
})

test('behavior: nodes that never, or always, ask relays; markets that cannot be', () => {
  const nodes = nodesOf(10).map((node, index) => ({ ...node, relays: index < 5 }))
  const { network } = run(100, { ...mainnetMarket, relayedShare: 0.5 }, { nodes })
  for (const { proposer, source } of network.chain.blocks.slice(1)) {
    expect(source!.relay !== '').toBe(proposer < 5)
  }
  expect(() => run(1, { ...mainnetMarket, builders: [] })).toThrow(/market.builders/)
  expect(() => run(1, { ...mainnetMarket, relayedShare: 2 })).toThrow(/market.relayedShare/)
  expect(() => run(1, { ...mainnetMarket, relayLegMs: -1 })).toThrow(/market.relayLegMs/)
  expect(() => historicMarket('2021-01')).toThrow(/from 2022-09 to 2024-12/)
})
